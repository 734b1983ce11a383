import Channels
import RefundDomain
import SandboxBank
import TestSupport
import Testing

/// Lakala's other product and its unencrypted bodies, over real HTTP; `ContractTests` has the encrypted `refund_front`.
@Suite(.serialized) struct LakalaSandboxTests {
    private static let slips: [String: String?] = ["product": "trade_refund"]
    private static let contract = ChannelContract.all.first { $0.channel == .lakala }

    @Test(arguments: [["sm4_key": nil], slips, slips.merging(["sm4_key": nil]) { $1 }] as [[String: String?]])
    func everyTroubleEndsAsPromisedAndPaysOnce(changes: [String: String?]) async throws {
        let contract = try #require(Self.contract)
        for trouble in [nil] + Misbehaviour.allCases.map(Optional.some) {
            try await SandboxFixture.run(.lakala, changes: changes) { bank in
                let order = try bank.order(number: "RP000001", fen: trouble?.rawValue ?? 5_000)
                let ending = contract.ending(of: trouble)
                #expect(await bank.drive(order) == ending.verdict, "\(String(describing: trouble))")
                #expect(await bank.counter.payouts().count == ending.payouts, "\(String(describing: trouble))")
            }
        }
    }

    @Test func aCardsPaymentIsRefundedOnceHoweverOftenItIsAsked() async throws {
        try await SandboxFixture.run(.lakala, changes: Self.slips) { bank in
            let order = try bank.order(number: "RP000001", fen: 5_000)
            #expect(await bank.client.refund(order).code == "PROCESSING")
            for _ in 0..<3 { #expect(await bank.client.refund(order).verdict == .accepted) }
            #expect(await bank.drive(order) == .succeeded)
            let larger = try bank.order(number: "RP000001", fen: 5_001)
            #expect(await bank.client.refund(larger).code == "wrong amount")
            #expect(await bank.counter.payouts().map(\.amount) == [5_000])
        }
    }
}
