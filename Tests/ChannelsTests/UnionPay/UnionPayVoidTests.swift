import Channels
import RefundDomain
import SandboxBank
import TestSupport
import Testing

/// Voids over HTTP with the bank's side.
@Suite(.serialized) struct UnionPayVoidTests {
    @Test func aWholePaymentIsCalledOffOnce() async throws {
        try await SandboxFixture.run(.unionPay) { bank in
            let order = try bank.order(number: "RP000001", fen: 5_000, totalFen: 5_000, purpose: .void)
            try await bank.tellPayment(of: order)
            #expect(await bank.drive(order) == .succeeded)
            #expect(await bank.client.refund(order).verdict != .failed)
            #expect(await bank.counter.payouts().map(\.amount) == [5_000])
        }
    }

    @Test func aPartIsNeverSentAsAVoid() async throws {
        try await SandboxFixture.run(.unionPay) { bank in
            let order = try bank.order(number: "RP000001", fen: 4_999, totalFen: 5_000, purpose: .void)
            #expect(await bank.client.refund(order).verdict == .refusedOperator)
            #expect(await bank.counter.payouts().isEmpty)
        }
    }
}
