import RefundDomain
import Storage

/// What a worker does for a row of the outbox.
public enum JobKind: String, Sendable, Hashable, CaseIterable {
    case sendMovement = "send-movement"
    case queryMovement = "query-movement"
    case retryFunds = "retry-funds"
    case sendMessage = "send-message"
    case lapseOffer = "lapse-offer"
    case closeCase = "close-case"
}

/// A row of the outbox in a worker's hands, with the fencing number of its claim.
public struct Job: Sendable, Hashable {
    public let id: String
    public let kind: JobKind
    public let caseID: String?
    public let movementID: String?
    public let messageID: String?
    /// Raised at each claim; every write for the job names it, so that a worker that lost its lease writes nothing.
    public let lease: Int64
    /// Claims so far, with this one.
    public let attempts: Int64
}

/// What somebody must be told or done, written with the change that made it necessary.
enum OutboxTable {
    static func add(
        _ kind: JobKind, id: String, caseID: String?, movementID: String? = nil, messageID: String? = nil,
        notBefore: Moment, at now: Moment, _ sql: any SQLTransaction
    ) throws {
        try sql.run(
            """
            INSERT INTO outbox (id, kind, case_id, movement_id, message_id, not_before_ms, attempts, lease,
                                lease_until_ms, done_ms, created_ms)
            VALUES ($1, $2, $3, $4, $5, $6, 0, 0, 0, NULL, $7)
            """,
            [
                .text(id), .text(kind.rawValue), .text(caseID), .text(movementID), .text(messageID),
                .int(notBefore.milliseconds), .int(now.milliseconds),
            ])
    }

    /// The oldest row that is due and in nobody's hands, claimed until `until`.
    static func claim(at now: Moment, until: Moment, _ sql: any SQLTransaction) throws -> Job? {
        guard
            let row = try sql.row(
                """
                SELECT   id, kind, case_id, movement_id, message_id, lease, attempts
                FROM     outbox
                WHERE    done_ms IS NULL
                AND      not_before_ms <= $1
                AND      lease_until_ms <= $1
                ORDER BY not_before_ms, id
                LIMIT    1
                """, [.int(now.milliseconds)])
        else { return nil }
        let id = try row.text("id")
        let lease = try row.int("lease")
        let claimed = try sql.run(
            """
            UPDATE outbox
            SET    lease = lease + 1, lease_until_ms = $1, attempts = attempts + 1
            WHERE  id = $2
            AND    lease = $3
            AND    done_ms IS NULL
            """, [.int(until.milliseconds), .text(id), .int(lease)])
        guard claimed == 1, let kind = JobKind(rawValue: try row.text("kind")) else { return nil }
        return Job(
            id: id, kind: kind, caseID: try row.textOrNil("case_id"), movementID: try row.textOrNil("movement_id"),
            messageID: try row.textOrNil("message_id"), lease: lease + 1, attempts: try row.int("attempts") + 1)
    }

    /// Finishes a job; false when the claim is not ours any more.
    static func finish(_ job: Job, at now: Moment, _ sql: any SQLTransaction) throws -> Bool {
        try sql.run(
            """
            UPDATE outbox
            SET    done_ms = $1
            WHERE  id = $2
            AND    lease = $3
            AND    done_ms IS NULL
            """, [.int(now.milliseconds), .text(job.id), .int(job.lease)]) == 1
    }

    /// Puts a job off and lets it go; false when the claim is not ours any more.
    static func postpone(_ job: Job, until: Moment, _ sql: any SQLTransaction) throws -> Bool {
        try sql.run(
            """
            UPDATE outbox
            SET    not_before_ms = $1, lease_until_ms = 0
            WHERE  id = $2
            AND    lease = $3
            AND    done_ms IS NULL
            """, [.int(until.milliseconds), .text(job.id), .int(job.lease)]) == 1
    }

    /// Whether the claim still holds.
    static func holds(_ job: Job, _ sql: any SQLReading) throws -> Bool {
        try sql.row(
            """
            SELECT id
            FROM   outbox
            WHERE  id = $1
            AND    lease = $2
            AND    done_ms IS NULL
            """, [.text(job.id), .int(job.lease)]) != nil
    }

    /// Ends what is still to be done for a movement.
    static func cancel(
        _ kind: JobKind, ofMovement movementID: String, at now: Moment, _ sql: any SQLTransaction
    ) throws {
        try sql.run(
            """
            UPDATE outbox
            SET    done_ms = $1
            WHERE  movement_id = $2
            AND    kind = $3
            AND    done_ms IS NULL
            """, [.int(now.milliseconds), .text(movementID), .text(kind.rawValue)])
    }
}
