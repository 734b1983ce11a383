public import RefundDomain
import Storage

/// One version of a merchant's policy, as lists show it.
public struct PolicyVersion: Sendable, Hashable {
    /// Where a version stands.
    public enum State: String, Sendable, Hashable, CaseIterable {
        /// Waits for a second person.
        case proposed
        case confirmed
        case refused
    }

    public let id: String
    /// Counts up within the merchant.
    public let number: Int64
    /// The rules; their ``Policy/version`` names them for ever.
    public let policy: Policy
    /// The first day on the merchant's clock that new cases go by it.
    public let from: Day
    public let state: State
    public let proposedBy: String
    public let proposed: Moment
    public let decidedBy: String?
    public let decided: Moment?
}

/// SQL on policies. A version is written once; only its state changes, once.
enum PolicyTable {
    /// The most versions that lists show, newest first.
    static let versionsMax: Int64 = 100

    /// The newest confirmed version that had begun by a day: a newer one replaces all before it from its day on.
    static func inForce(of merchantID: String, on day: Day, _ sql: any SQLReading) throws -> Policy? {
        try sql.row(
            """
            SELECT   merchant.code, policy.number, policy.rules
            FROM     policy
            JOIN     merchant
            ON       merchant.id = policy.merchant_id
            WHERE    policy.merchant_id = $1
            AND      policy.state = 'confirmed'
            AND      policy.from_on <= $2
            ORDER BY policy.number DESC, policy.id
            LIMIT    1
            """, [.text(merchantID), .text(day.iso)]
        ).map(rules)
    }

    /// The rules of a version, whatever became of it since; nil when the version is not one of this merchant's.
    static func rules(version: String, of merchantID: String, _ sql: any SQLReading) throws -> Policy? {
        guard let dash = version.lastIndex(of: "-"), let number = Int64(version[version.index(after: dash)...])
        else { return nil }
        let found = try sql.row(
            """
            SELECT merchant.code, policy.number, policy.rules
            FROM   policy
            JOIN   merchant
            ON     merchant.id = policy.merchant_id
            WHERE  policy.merchant_id = $1
            AND    policy.number = $2
            """, [.text(merchantID), .int(number)]
        ).map(rules)
        return found?.version == version ? found : nil
    }

    static func find(_ id: String, _ sql: any SQLReading) throws -> (merchantID: String, version: PolicyVersion)? {
        try sql.row(
            """
            SELECT policy.id, policy.merchant_id, merchant.code, policy.number, policy.rules, policy.from_on,
                   policy.state, policy.proposed_by, policy.proposed_ms, policy.decided_by, policy.decided_ms
            FROM   policy
            JOIN   merchant
            ON     merchant.id = policy.merchant_id
            WHERE  policy.id = $1
            """, [.text(id)]
        ).map { row in (try row.text("merchant_id"), try version(row)) }
    }

    /// Newest first.
    static func list(_ merchantID: String, _ sql: any SQLReading) throws -> [PolicyVersion] {
        try sql.rows(
            """
            SELECT   policy.id, merchant.code, policy.number, policy.rules, policy.from_on, policy.state,
                     policy.proposed_by, policy.proposed_ms, policy.decided_by, policy.decided_ms
            FROM     policy
            JOIN     merchant
            ON       merchant.id = policy.merchant_id
            WHERE    policy.merchant_id = $1
            ORDER BY policy.number DESC, policy.id
            LIMIT    $2
            """, [.text(merchantID), .int(versionsMax)]
        ).map(version)
    }

    /// The number of the newest version, whatever became of it; 0 before the first.
    static func newest(_ merchantID: String, _ sql: any SQLReading) throws -> Int64 {
        try sql.row(
            """
            SELECT   number
            FROM     policy
            WHERE    merchant_id = $1
            ORDER BY number DESC, id
            LIMIT    1
            """, [.text(merchantID)])?.int("number") ?? 0
    }

    static func insert(
        _ id: String, _ merchantID: String, number: Int64, _ policy: Policy, from: Day, by staffID: String,
        at now: Moment, _ sql: any SQLTransaction
    ) throws {
        try sql.run(
            """
            INSERT INTO policy (id, merchant_id, number, rules, from_on, state, proposed_by, proposed_ms)
            VALUES ($1, $2, $3, $4, $5, 'proposed', $6, $7)
            """,
            [
                .text(id), .text(merchantID), .int(number), .text(policy.rules), .text(from.iso), .text(staffID),
                .int(now.milliseconds),
            ])
    }

    /// - Returns: false when somebody else decided meanwhile.
    static func decide(
        _ id: String, _ state: PolicyVersion.State, by staffID: String, at now: Moment, _ sql: any SQLTransaction
    ) throws -> Bool {
        try sql.run(
            """
            UPDATE policy
            SET    state = $1, decided_by = $2, decided_ms = $3
            WHERE  id = $4
            AND    state = 'proposed'
            """, [.text(state.rawValue), .text(staffID), .int(now.milliseconds), .text(id)]) == 1
    }

    private static func version(_ row: SQLRow) throws -> PolicyVersion {
        PolicyVersion(
            id: try row.text("id"), number: try row.int("number"), policy: try rules(row),
            from: try row.day("from_on"), state: try row.word("state"), proposedBy: try row.text("proposed_by"),
            proposed: try row.moment("proposed_ms"), decidedBy: try row.textOrNil("decided_by"),
            decided: try row.momentOrNil("decided_ms"))
    }

    private static func rules(_ row: SQLRow) throws -> Policy {
        let version = "\(try row.text("code"))-\(try row.int("number"))"
        guard let policy = try? PolicyText.parse(try row.text("rules"), version: version) else {
            throw StoreFault.wrongKind("rules")
        }
        return policy
    }
}
