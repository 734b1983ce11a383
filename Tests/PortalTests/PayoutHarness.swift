import HTTPTypes
import HummingbirdTesting
import RefundDesk
import RefundDomain
import TestSupport
import Testing

@testable import Portal

extension PortalUnderTest {
    /// A refund of an account that people pay, approved and waiting for a batch.
    func waitingForBatch(
        _ payment: SamplePayment = SamplePayment(), email: String = "zhang@example.com"
    ) async throws -> CaseNumber {
        _ = try await desk.addChannelAccount(
            merchantCode: Samples.merchant, channel: .manual, name: "瑞银信 <b>", merchantNumber: "RYX1",
            settings: Array(#"{"channel":"manual","format":"bank-transfer","bank":"瑞银信"}"#.utf8))
        var payment = payment
        payment.channel = .manual
        let number = try await filed(payment, asking: 6000, email: email)
        let approver = try await member(try await hire("approver@example.com", .approver))
        _ = try await desk.approve(
            number, amount: .fen(6000), checks: Set(Check.allCases), note: "",
            version: try await desk.version(of: number), by: approver)
        // By then nobody takes the decision back.
        clock.advance(seconds: 120)
        return number
    }

    /// The account that a page's button makes a batch of.
    func batchAccount(_ page: String) throws -> String {
        let start = try #require(page.ranges(of: "name=\"account\" value=\"").first?.upperBound)
        return String(page[start...].prefix { $0 != "\"" })
    }
}
