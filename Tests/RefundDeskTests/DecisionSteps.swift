import RefundDesk
import RefundDomain
import Storage
import TestSupport

/// Decisions in a few words, for the tests of who may make them.
extension DeskWorld {
    static let words = "A sentence that explains it."

    /// Somebody more of a role.
    func another(_ role: Role, _ name: String = "another") async throws -> StaffMember {
        try await DeskWorld.add(role, to: desk, email: "\(name).\(role.rawValue)@staff.example")
    }

    /// The same person in another role.
    func now(_ role: Role, _ staff: StaffMember) -> StaffMember {
        StaffMember(id: staff.id, role: role, merchantID: role.isOfMerchant ? merchantID : nil)
    }

    enum Yes { case approve }

    func say(_ yes: Yes, _ minor: Int64, _ filed: Filed, by staff: StaffMember) async throws -> RefundCase.State {
        try await desk.approve(
            filed.number, amount: .fen(minor), checks: Set(Check.allCases), note: "",
            version: try await version(filed.number), by: staff)
    }

    func say(second decision: SecondDecision, _ filed: Filed, by staff: StaffMember) async throws -> RefundCase.State {
        try await desk.second(
            filed.number, decision: decision, note: "Please look again.", version: try await version(filed.number),
            by: staff)
    }

    func decline(_ filed: Filed, by staff: StaffMember) async throws {
        try await desk.decline(
            filed.number, reason: .goodsUsed, explanation: DeskWorld.words, remedy: .appeal,
            version: try await version(filed.number), by: staff)
    }

    func offer(_ filed: Filed, _ minor: Int64, by staff: StaffMember) async throws {
        try await desk.offer(
            filed.number, amount: .fen(minor), reason: .goodsUsed, explanation: DeskWorld.words,
            version: try await version(filed.number), by: staff)
    }

    func ask(_ filed: Filed, by staff: StaffMember) async throws {
        try await desk.ask(
            filed.number, items: [.receipt], question: DeskWorld.words, dueOn: nil,
            version: try await version(filed.number), by: staff)
    }

    func take(_ filed: Filed, by staff: StaffMember) async throws {
        try await desk.take(filed.number, version: try await version(filed.number), by: staff)
    }

    func undo(_ filed: Filed, by staff: StaffMember) async throws {
        try await desk.undo(filed.number, version: try await version(filed.number), by: staff)
    }

    func appeal(_ filed: Filed, by claimant: Claimant? = nil) async throws {
        try await desk.appeal(
            filed.number, grounds: "The parcel came back to you.", proofs: [],
            version: try await version(filed.number), by: claimant ?? .visitor(filed.visitor))
    }

    /// A session of the person after days in which the first one ended.
    func again(_ filed: Filed) async throws -> String {
        let email = try await email(of: filed.number)
        let visitor = try await desk.requestTrackCode(for: filed.number, contact: email, visitor: nil, address: "again")
        return try await desk.proveTrackCode(try await code(of: filed.number), for: filed.number, visitor: visitor)
    }

    /// Does the case's jobs that are due, messages and money apart.
    func keepTime() async throws {
        while let job = try await desk.claimJob() {
            switch job.kind {
            case .lapseOffer, .expireDraft, .followQuestion, .escalate, .closeEnded, .followPayee:
                try await desk.keepTime(job)
            case .sendMessage: try await desk.messageSent(job)
            default: continue
            }
        }
        try await desk.freeLeases()
    }

    /// The rows of the table by which a case came to its state.
    func rows(_ filed: Filed) async throws -> [String] {
        try await store.read { sql in
            try sql.rows(
                """
                SELECT   event.transition
                FROM     event
                JOIN     refund_case
                ON       refund_case.id = event.object_id
                WHERE    refund_case.number = $1
                AND      event.transition IS NOT NULL
                ORDER BY event.number
                LIMIT    1000
                """, [.text(filed.number.text)]
            ).map { try $0.text("transition") }
        }
    }

    /// What the cardholder of a case was told, in order, and whether it may leave by now.
    func told(_ filed: Filed) async throws -> [String] {
        try await store.read { sql in
            try sql.rows(
                """
                SELECT   message.kind
                FROM     message
                JOIN     refund_case
                ON       refund_case.id = message.case_id
                WHERE    refund_case.number = $1
                ORDER BY message.created_ms, message.id
                LIMIT    1000
                """, [.text(filed.number.text)]
            ).map { try $0.text("kind") }
        }
    }

    /// Money of a case that the channel paid.
    func paid(_ filed: Filed, _ minor: Int64) async throws {
        let sending = try await sent(filed)
        try await desk.recordOutcome(
            answer(.succeeded, minor), of: sending.movementID, from: .call(attempt: sending.attempt))
    }
}
