public import RefundDomain
import Storage
import Vault

/// How long things take and how often they are tried.
public enum MovementLimits {
    /// How long a claim holds, in seconds; four times the longest call.
    public static let leaseSeconds: Int64 = 60
    /// The longest call to a channel, in seconds.
    public static let callSeconds: Int64 = 15
    /// Seconds until the same order is tried again after the channel said that it was not executed; doubled each time.
    public static let retrySeconds: Int64 = 60
    public static let retrySecondsMax: Int64 = 21_600
    /// How often a number is sent again after a query said that it was never seen (M28).
    public static let replaysMax: Int64 = 5
    /// Seconds until the merchant's funds are looked at again.
    public static let fundsRetrySeconds: Int64 = 3600
    /// Bytes of a refund's reason as a channel is told it.
    static let reasonBytesMax = 80
}

/// What a worker sends: the order, and the fence that its answer has to name.
public struct Sending: Sendable, Hashable {
    public let movementID: String
    public let accountID: String
    public let channel: Channel
    public let order: RefundOrder
    /// The number of this attempt; an answer that names another one changes nothing.
    public let attempt: Int64
    /// The callback address's unguessable part.
    public let callbackName: String
    /// By the desk's clock, the last moment to begin the call: begun later, it might end after the query that is asked
    /// when nobody hears of it again.
    public let callBefore: Moment
}

extension Desk {
    /// Announced whenever there is a job to be done at once; see ``Store/announcements``.
    public static let jobTopic = OutboxTable.topic

    /// Claims the oldest job that is due, or nil when there is none; uploaded files have ``claimProofJob()``.
    ///
    /// The claim is one statement that is right by itself: as part of a serializable transaction it would meet every
    /// verb that adds a job.
    public func claimJob() async throws -> Job? {
        try await claimJob(in: .cases)
    }

    func claimJob(in lane: JobLane) async throws -> Job? {
        let now = clock()
        let leaseNow = leaseClock == .desk ? now : nil
        let dialect = store.dialect
        return try await store.write(.eachStatement) { sql in
            try OutboxTable.claim(at: now, leaseNow: leaseNow, in: lane, sql, dialect)
        }
    }

    /// Lets go of every claim. Only for the one process that has just taken an SQLite database for itself.
    public func freeLeases() async throws {
        _ = try await store.write { sql in
            try sql.run("UPDATE outbox SET lease_until_ms = 0 WHERE done_ms IS NULL AND lease_until_ms > 0")
        }
    }

    /// Puts a job off by some seconds and lets it go, after a fault of our own.
    public func postpone(_ job: Job, seconds: Int64) async throws {
        let now = clock()
        try await store.write { sql in
            _ = try OutboxTable.postpone(job, until: now.adding(seconds: max(seconds, 1)), sql)
        }
    }

    /// Takes a ready movement for sending (M6, P4): the attempt is written down before the call is made, and a query is
    /// planned for the case that nobody ever hears of it again.
    ///
    /// - Parameter noticeAddress: makes the address of notices from the account's callback name.
    /// - Returns: what to send, or nil when there is nothing to send now (another refund of the payment was sent a
    ///   moment ago, the movement was called off, the account is stopped, the record does not carry it, the claim is
    ///   lost).
    public func beginSend(
        _ job: Job, noticeAddress: @escaping @Sendable (_ channel: Channel, _ callbackName: String) -> String?
    ) async throws -> Sending? {
        let now = clock()
        let postingIDs = [try newID(), try newID()]
        let queryID = try newID()
        return try await store.write { sql in
            guard let movement = try held(job, sql), let row = try CaseTable.find(id: movement.caseID, sql) else {
                return nil
            }
            guard let step = Movement.transition(.take, from: movement.state) else {
                _ = try OutboxTable.finish(job, at: now, sql)
                return nil
            }
            guard let payment = try PaymentTable.find(movement.paymentID, sql),
                let account = try account(movement.accountID, sql),
                let able = try abilities(of: payment, sql)
            else { return nil }
            // People send what goes in batches: the movement stays ready until one is released.
            if account.isStopped || account.channel.isPaidInBatches {
                _ = try OutboxTable.postpone(
                    job, until: now.adding(seconds: MovementLimits.fundsRetrySeconds / hurry), sql)
                return nil
            }
            if let block = payment.block {
                try wait(movement, for: block, job, row, at: now, sql)
                return nil
            }
            if let fault = try approvalFault(of: movement, row, sql) {
                _ = try OutboxTable.postpone(
                    job, until: now.adding(seconds: max(MovementLimits.fundsRetrySeconds / hurry, 1)), sql)
                try holdBack(movement, for: fault, row, at: now, sql)
                return nil
            }
            let gap = able.gapSeconds.value / hurry
            guard try PaymentTable.beginSending(payment.id, at: now, gapSeconds: gap, sql) else {
                _ = try OutboxTable.postpone(job, until: now.adding(seconds: max(gap, 1)), sql)
                return nil
            }
            let order = try OrderTable.order(
                of: movement.id, at: now, reason: row.number,
                noticeAddress: noticeAddress(account.channel, account.callbackName),
                detour: try detour(of: movement, isOrder: true, sql), sql)
            try MovementTable.beginAttempt(movement, requestHash: hash(of: order), at: now, sql)
            try MovementTable.move(movement, to: step.to, code: nil, at: now, sql)
            try send(movement, row, postingIDs: postingIDs, at: now, sql)
            _ = try OutboxTable.finish(job, at: now, sql)
            let check = now.adding(
                seconds: max(MovementLimits.leaseSeconds / hurry, MovementLimits.callSeconds + 5))
            try OutboxTable.add(
                .queryMovement, id: queryID, caseID: row.id, movementID: movement.id, notBefore: check, at: now, sql)
            try recordMovement(
                step.id, "movement.sending", movement.id, row,
                [
                    "attempt": String(movement.attempts + 1), "gross_minor": String(movement.gross.minor),
                    "purpose": order.purpose.rawValue,
                ], at: now, sql)
            try CaseTable.touch(row.id, at: now, sql)
            return Sending(
                movementID: movement.id, accountID: movement.accountID, channel: account.channel, order: order,
                attempt: movement.attempts + 1, callbackName: account.callbackName,
                callBefore: check.adding(seconds: -MovementLimits.callSeconds))
        }
    }

    /// The movement of a job that this transaction has in its hands, and the merchant's stream with it; nil when the
    /// claim is lost.
    func held(_ job: Job, _ sql: any SQLTransaction) throws -> MovementRow? {
        guard let id = job.movementID, let movement = try MovementTable.find(id, sql) else { return nil }
        try EventTable.hold(movement.merchantID, sql)
        return try OutboxTable.hold(job, sql) ? movement : nil
    }

    /// Something stops the payment's money: the movement waits, and the record says once why.
    private func wait(
        _ movement: MovementRow, for block: Block, _ job: Job, _ row: CaseRow, at now: Moment,
        _ sql: any SQLTransaction
    ) throws {
        _ = try OutboxTable.postpone(
            job, until: now.adding(seconds: max(MovementLimits.fundsRetrySeconds / hurry, 1)), sql)
        let told = try sql.row(
            """
            SELECT   number
            FROM     event
            WHERE    object_id = $1
            AND      what = 'movement.blocked'
            AND      at_ms >= (SELECT COALESCE(MAX(opened_ms), 0)
                               FROM   block
                               WHERE  payment_id = $2
                               AND    closed_ms IS NULL)
            ORDER BY number
            LIMIT    1
            """, [.text(movement.id), .text(movement.paymentID)])
        guard told == nil else { return }
        try recordMovement(nil, "movement.blocked", movement.id, row, ["block": block.rawValue], at: now, sql)
        try CaseTable.touch(row.id, at: now, sql)
    }

    /// P4, P5, P8: what was held for the movement is on its way. Money that came back once is in flight already (P11).
    func send(
        _ movement: MovementRow, _ row: CaseRow, postingIDs: [String], at now: Moment, _ sql: any SQLTransaction
    ) throws {
        guard movement.source == .hold else { return }
        try HoldTable.take(movement.cost, of: row.id, at: now, sql)
        try LedgerTable.post(movement.quote.sending, ids: postingIDs, for: movement.origin, at: now, sql)
    }

    private func hash(of order: RefundOrder) -> [UInt8] {
        EventTable.hash(
            of: [
                order.refundNumber, String(order.firstSentAt.milliseconds), order.purpose.rawValue,
                order.channelTransactionNumber ?? "", order.merchantOrderNumber ?? "", String(order.amount.minor),
                String(order.paymentTotal.minor), order.noticeAddress ?? "",
                    // Not the account: short numbers can be found from a digest, and the movement's never changes.
            ] + (order.detour.map { [$0.refundNumber, $0.channelRefundNumber] } ?? []), after: EventTable.firstHash)
    }

    struct AccountRow {
        let channel: Channel
        let callbackName: String
        let isStopped: Bool
    }

    func account(_ id: String, _ sql: any SQLReading) throws -> AccountRow? {
        guard
            let row = try sql.row(
                "SELECT channel, callback_name, stopped_reason FROM channel_account WHERE id = $1", [.text(id)]),
            let channel = Channel(rawValue: try row.text("channel"))
        else { return nil }
        return AccountRow(
            channel: channel, callbackName: try row.text("callback_name"),
            isStopped: try row.textOrNil("stopped_reason") != nil)
    }
}
