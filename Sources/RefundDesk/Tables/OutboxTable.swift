public import RefundDomain
import Storage
import Vault

/// What a worker does for a row of the outbox.
public enum JobKind: String, Sendable, Hashable, CaseIterable {
    case sendMovement = "send-movement"
    case queryMovement = "query-movement"
    case retryFunds = "retry-funds"
    case sendMessage = "send-message"
    case lapseOffer = "lapse-offer"
    case closeCase = "close-case"
    /// Looks, after the last day on which money should have arrived, whether it has.
    case checkArrival = "check-arrival"
    case expireDraft = "expire-draft"
    case followQuestion = "follow-question"
    case escalate
    case closeEnded = "close-ended"
    /// Reminds the cardholder of what a bank needs, and ends the waiting.
    case followPayee = "follow-payee"
    /// Sends the link of an invitation, whose id is the job's.
    case sendInvitation = "send-invitation"
    /// Looks into an uploaded file: scans it, and draws what is shown of it. The job's id is the file's.
    case examineProof = "examine-proof"
}

/// Jobs that wait for each other; those of one lane never wait for those of another.
enum JobLane: Int64 {
    /// Money, messages, the clocks of cases.
    case cases = 0
    /// Uploaded files, whose examination anybody can make slow.
    case proofs = 1
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
    /// By the desk's clock, the last moment to begin something outside that cannot be taken back: whoever claims the
    /// job next will not come before it has ended.
    public let actBefore: Moment
}

/// What somebody must be told or done, written with the change that made it necessary.
enum OutboxTable {
    /// What is announced when there is something to do at once.
    static let topic = "outbox"
    /// The same for uploaded files.
    static let proofTopic = "proofs"

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
        if notBefore <= now { sql.announce(kind == .examineProof ? proofTopic : topic) }
    }

    /// Plans what a case's clock does, in place of what it was to do before: a case has one open job of each such kind.
    ///
    /// The job's id follows from the version of the case that plans it.
    static func plan(
        _ kind: JobKind, of row: CaseRow, notBefore: Moment, at now: Moment, _ sql: any SQLTransaction
    ) throws {
        try cancel(kind, ofCase: row.id, at: now, sql)
        let id = Hex.encode(Array(Digest.sha256("\(kind.rawValue) \(row.id) \(row.version)").prefix(16)))
        try add(kind, id: id, caseID: row.id, notBefore: notBefore, at: now, sql)
    }

    /// Claims the oldest row that is due and in nobody's hands, in one statement; two never get the same row.
    ///
    /// - Parameters:
    ///   - now: by the desk's clock, which says what is due.
    ///   - leaseNow: by the clock that says which claims have run out; nil for the database's own.
    ///   - lane: which jobs.
    static func claim(
        at now: Moment, leaseNow: Moment?, in lane: JobLane, _ sql: any SQLTransaction, _ dialect: SQLDialect
    ) throws -> Job? {
        let leaseMilliseconds = MovementLimits.leaseSeconds * 1_000
        let row =
            switch dialect {
            case .sqlite:
                try sql.row(
                    claimOnSQLite,
                    [
                        .int(now.milliseconds), .int((leaseNow ?? now).milliseconds), .int(leaseMilliseconds),
                        .int(lane.rawValue),
                    ])
            case .postgres:
                try sql.row(
                    claimOnPostgres,
                    [
                        .int(now.milliseconds), .int(leaseNow?.milliseconds), .int(leaseMilliseconds),
                        .int(lane.rawValue),
                    ])
            }
        guard let row, let kind = JobKind(rawValue: try row.text("kind")) else { return nil }
        return Job(
            id: try row.text("id"), kind: kind, caseID: try row.textOrNil("case_id"),
            movementID: try row.textOrNil("movement_id"), messageID: try row.textOrNil("message_id"),
            lease: try row.int("lease"), attempts: try row.int("attempts"),
            actBefore: now.adding(seconds: MovementLimits.leaseSeconds - MovementLimits.callSeconds))
    }

    // Two texts: SQLite has neither rows that are locked one by one, nor a clock that several processes share.

    static let claimOnSQLite = """
        UPDATE outbox
        SET    lease = lease + 1, lease_until_ms = $2 + $3, attempts = attempts + 1
        WHERE  id = (
            SELECT   id
            FROM     outbox
            WHERE    done_ms IS NULL
            AND      not_before_ms <= $1
            AND      lease_until_ms <= $2
            AND      CASE kind WHEN 'examine-proof' THEN 1 ELSE 0 END = $4
            ORDER BY not_before_ms, id
            LIMIT    1
        )
        RETURNING id, kind, case_id, movement_id, message_id, lease, attempts
        """

    static let claimOnPostgres = """
        WITH lease_clock AS (
            SELECT COALESCE(CAST($2 AS BIGINT), CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)) AS now_ms
        )
        UPDATE outbox
        SET    lease = lease + 1, lease_until_ms = (SELECT now_ms FROM lease_clock) + $3, attempts = attempts + 1
        WHERE  id = (
            SELECT   id
            FROM     outbox
            WHERE    done_ms IS NULL
            AND      not_before_ms <= $1
            AND      lease_until_ms <= (SELECT now_ms FROM lease_clock)
            AND      CASE kind WHEN 'examine-proof' THEN 1 ELSE 0 END = $4
            ORDER BY not_before_ms, id
            LIMIT    1
            FOR UPDATE SKIP LOCKED
        )
        RETURNING id, kind, case_id, movement_id, message_id, lease, attempts
        """

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

    /// Takes hold of a job's row until the transaction ends; false when the claim is not ours any more.
    ///
    /// A change and not a look: claims run beside serializable transactions without being part of their order, and a
    /// row that was changed is one that nobody can claim before this transaction has ended.
    static func hold(_ job: Job, _ sql: any SQLTransaction) throws -> Bool {
        try sql.run(
            """
            UPDATE outbox
            SET    lease = lease
            WHERE  id = $1
            AND    lease = $2
            AND    done_ms IS NULL
            """, [.text(job.id), .int(job.lease)]) == 1
    }

    /// Makes what is still to be done for a movement due now; false when there is nothing.
    static func hasten(
        _ kind: JobKind, ofMovement movementID: String, at now: Moment, _ sql: any SQLTransaction
    ) throws -> Bool {
        let hastened = try sql.run(
            """
            UPDATE outbox
            SET    not_before_ms = CASE WHEN not_before_ms > $1 THEN $1 ELSE not_before_ms END
            WHERE  movement_id = $2
            AND    kind = $3
            AND    done_ms IS NULL
            """, [.int(now.milliseconds), .text(movementID), .text(kind.rawValue)])
        if hastened > 0 { sql.announce(topic) }
        return hastened > 0
    }

    /// Ends what is still to be done for a case.
    static func cancel(_ kind: JobKind, ofCase caseID: String, at now: Moment, _ sql: any SQLTransaction) throws {
        try sql.run(
            """
            UPDATE outbox
            SET    done_ms = $1
            WHERE  case_id = $2
            AND    kind = $3
            AND    done_ms IS NULL
            """, [.int(now.milliseconds), .text(caseID), .text(kind.rawValue)])
    }

    /// Ends the messages that a decision held back until it can be undone no more, and empties them.
    ///
    /// - Returns: false when a worker has had any of them in its hands.
    static func cancelMessages(
        ofCase caseID: String, heldUntil until: Moment, at now: Moment, _ sql: any SQLTransaction
    ) throws -> Bool {
        try sql.run(
            """
            UPDATE outbox
            SET    done_ms = $1
            WHERE  case_id = $2
            AND    not_before_ms = $3
            AND    kind = 'send-message'
            AND    lease = 0
            AND    done_ms IS NULL
            """, [.int(now.milliseconds), .text(caseID), .int(until.milliseconds)])
        try sql.run(
            """
            UPDATE message
            SET    values_sealed = NULL
            WHERE  id IN (SELECT message_id FROM outbox WHERE case_id = $1 AND not_before_ms = $2 AND lease = 0)
            """, [.text(caseID), .int(until.milliseconds)])
        return try sql.row(
            """
            SELECT   id
            FROM     outbox
            WHERE    case_id = $1
            AND      not_before_ms = $2
            AND      kind = 'send-message'
            AND      lease > 0
            ORDER BY id
            LIMIT    1
            """, [.text(caseID), .int(until.milliseconds)]) == nil
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
