import RefundDesk
import RefundDomain
import Storage
import TestSupport

@testable import Portal

/// Brings a case's money to where a test of the staff's pages needs it.
extension PortalUnderTest {
    /// Somebody of the staff as verbs know them.
    func member(_ colleague: Colleague) async throws -> StaffMember {
        try await desk.store.read { sql in
            guard
                let row = try sql.row(
                    "SELECT id, merchant_id FROM staff WHERE role = $1 ORDER BY id DESC LIMIT 1",
                    [.text(colleague.role.rawValue)])
            else { throw Refusal.notFound }
            return StaffMember(
                id: try row.text("id"), role: colleague.role, merchantID: try row.textOrNil("merchant_id"))
        }
    }

    /// A case whose money was sent, and what the channel said to it.
    func paid(
        _ verdicts: [ChannelVerdict], asking minor: Int64 = 6000, payment: SamplePayment = SamplePayment(),
        email: String = "zhang@example.com"
    ) async throws -> CaseNumber {
        let number = try await filed(payment, asking: minor, email: email)
        let reviewer = try await member(try await hire("\(number.text)@example.com".lowercased(), .reviewer))
        guard let amount = Money(minor: minor, currency: .cny) else { throw Refusal.notFound }
        let version = try await desk.version(of: number)
        _ = try await desk.approve(
            number, amount: amount, checks: Set(Check.allCases), note: "", version: version, by: reviewer)
        clock.advance(seconds: 120)
        var sending: Sending?
        while sending == nil, let job = try await desk.claimJob() {
            switch job.kind {
            case .sendMovement:
                sending = try await desk.beginSend(job, noticeAddress: { _, name in "https://example.com/\(name)" })
            case .sendMessage: try await desk.messageSent(job)
            default: continue
            }
        }
        guard let sending else { throw Refusal.notFound }
        for (step, verdict) in verdicts.enumerated() {
            let answer = ChannelAnswer(
                verdict: verdict, code: "CODE", channelRefundNumber: "5030", destinationText: nil, verified: true,
                amount: amount)
            let source: AnswerSource = step == 0 ? .call(attempt: sending.attempt) : .notice(id: "n\(step)")
            try await desk.recordOutcome(answer, of: sending.movementID, from: source)
            clock.advance(seconds: 60)
        }
        return number
    }

    /// The one movement of a case.
    func movement(of number: CaseNumber) async throws -> String {
        try await desk.store.read { sql in
            try sql.row(
                """
                SELECT   movement.id
                FROM     movement
                JOIN     refund_case
                ON       refund_case.id = movement.case_id
                WHERE    refund_case.number = $1
                ORDER BY movement.sequence DESC
                LIMIT    1
                """, [.text(number.text)])?.text("id") ?? ""
        }
    }

    func movementState(_ number: CaseNumber) async throws -> Movement.State? {
        let id = try await movement(of: number)
        return try await desk.store.read { sql in
            try sql.row("SELECT state FROM movement WHERE id = $1", [.text(id)])
                .flatMap { Movement.State(rawValue: try $0.text("state")) }
        }
    }

    /// One text that a statement names `value`.
    func text(_ sql: String, _ values: [SQLValue] = []) async throws -> String {
        try await desk.store.read { reading in try reading.row(sql, values)?.text("value") ?? "" }
    }
}
