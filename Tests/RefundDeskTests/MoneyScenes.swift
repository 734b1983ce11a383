import RefundDesk
import RefundDomain
import Storage
import TestSupport
import Testing

/// Two people of the operator's finance desk.
struct FinancePair {
    let first: StaffMember
    let second: StaffMember

    init(_ world: DeskWorld, house: String = "finance") async throws {
        first = try await DeskWorld.add(.finance, to: world.desk, email: "first@\(house).example")
        second = try await DeskWorld.add(.finance, to: world.desk, email: "second@\(house).example")
    }
}

extension DeskWorld {
    static let evidence = "The bank's letter of today, reference 4711."

    /// The newest movement of a case.
    func movement(_ filed: Filed) async throws -> String {
        try await text(
            """
            SELECT   movement.id AS value
            FROM     movement
            JOIN     refund_case
            ON       refund_case.id = movement.case_id
            WHERE    refund_case.number = $1
            ORDER BY movement.sequence DESC, movement.id
            LIMIT    1
            """, [.text(filed.number.text)])
    }

    /// Sends the case's movement and lets the channel answer.
    @discardableResult
    func answered(_ filed: Filed, _ verdict: ChannelVerdict, _ minor: Int64? = nil) async throws -> Sending {
        let sending = try await sent(filed)
        try await desk.recordOutcome(
            answer(verdict, minor ?? sending.order.amount.minor), of: sending.movementID,
            from: .call(attempt: sending.attempt))
        return sending
    }

    /// A case whose money the channel has confirmed.
    func paidBack(_ minor: Int64, of paid: Paid? = nil) async throws -> Filed {
        let payment: Paid
        if let paid { payment = paid } else { payment = try await pay() }
        let filed = try await approved(payment, asking: minor)
        try await answered(filed, .succeeded)
        return filed
    }

    /// A case whose money nobody knows of for more than a day.
    func lost(_ minor: Int64) async throws -> Filed {
        let filed = try await approved(try await pay(), asking: minor)
        _ = try await sent(filed)
        clock.advance(seconds: 61)
        _ = try await desk.beginQuery(try await job(.queryMovement, of: filed.number))
        return filed
    }

    /// The next query about a case's money, when the channel would show it by now.
    func queryAgain(_ filed: Filed) async throws -> Job {
        clock.advance(seconds: 3_600)
        let job = try await job(.queryMovement, of: filed.number)
        _ = try await desk.beginQuery(job)
        return job
    }

    func propose(
        _ action: JointAction, _ filed: Filed, _ details: JointDetails = JointDetails(), by staff: StaffMember
    ) async throws -> String {
        try await desk.propose(
            action, on: filed.number, movement: try await movement(filed), details: details,
            evidence: DeskWorld.evidence, version: try await version(filed.number), by: staff)
    }

    /// What two people do.
    func jointly(
        _ action: JointAction, _ filed: Filed, _ details: JointDetails = JointDetails(), by pair: FinancePair
    ) async throws {
        let id = try await propose(action, filed, details, by: pair.first)
        try await desk.confirmProposal(id, by: pair.second)
    }

    /// A case whose money the bank sent back, by the channel's word.
    func sentBack(_ minor: Int64) async throws -> Filed {
        let filed = try await paidBack(minor)
        try await desk.recordOutcome(
            answer(.returned, minor), of: try await movement(filed), from: .notice(id: "back-\(filed.number.text)"))
        return filed
    }

    static let card = "6222021234567894"

    /// The account that the cardholder names for returned money.
    func destination(
        _ filed: Filed, account: String = DeskWorld.card, bank: String = "中国工商银行"
    ) async throws -> String {
        let proof = NewProof(
            kind: .photo, mediaType: "image/png", bytes: 12, sha256: [UInt8](repeating: 1, count: 32),
            storedName: "card-\(filed.number.text)-\(try desk.newID())", fileKey: [UInt8](repeating: 2, count: 32))
        try await desk.nameDestination(
            filed.number, account: account, bank: bank, holder: "Zhang Wei", proofs: [proof],
            version: try await version(filed.number), visitor: filed.visitor)
        return try await text(
            "SELECT id AS value FROM payee_destination ORDER BY created_ms DESC, id DESC LIMIT 1")
    }

    /// What an account of the merchant has, in minor units.
    func balance(_ account: Account, _ currency: Currency = .cny) async throws -> Int64 {
        try await int(
            "SELECT COALESCE(SUM(balance_minor), 0) AS value FROM balance WHERE account = $1 AND currency = $2",
            [.text(account.rawValue), .text(currency.code)])
    }
}
