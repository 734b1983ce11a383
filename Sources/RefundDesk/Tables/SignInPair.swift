import RefundDomain
import Storage
import Vault

/// Wrong passwords and codes of one account from one network address, known here by their keyed names only.
///
/// Each try is counted before it is looked at, so that a thousand at once count as a thousand, and taken back when it
/// was right. What waits is the pair, or the address that tries many accounts; never the account: nobody can shut
/// another person out.
struct SignInPair: Sendable {
    private let misses: String
    private let wait: String
    private let address: String
    private let account: String

    private static let hourMilliseconds: Int64 = 3_600_000

    /// - Parameter account: the blind index of the account's e-mail address, whether there is such an account or not.
    init(account: [UInt8], address: String, _ keys: Keys) {
        let pair = "\(Hex.encode(account)):\(address)"
        misses = keys.keyedName("sign-in:\(pair)")
        wait = keys.keyedName("sign-in-wait:\(pair)")
        self.address = keys.keyedName("sign-in-address:\(address)")
        self.account = keys.keyedName("sign-in-account:\(Hex.encode(account))")
    }

    /// - Throws: ``Refusal/tooMany(retryAfterSeconds:)`` while the pair or its address has to wait.
    func refuseWhileWaiting(at now: Moment, _ sql: any SQLReading) throws {
        let row = try sql.row(
            """
            SELECT   window_ms
            FROM     look_up_miss
            WHERE    bucket = $1
            AND      window_ms > $2
            ORDER BY window_ms DESC
            LIMIT    1
            """, [.text(wait), .int(now.milliseconds)])
        if let row {
            let until = Moment(milliseconds: try row.int("window_ms"))
            throw Refusal.tooMany(retryAfterSeconds: until.seconds - now.seconds + 1)
        }
        let hour = Self.hour(now)
        guard try MissTable.misses(address, window: hour, sql) < StaffLimits.failuresPerAddressMax else {
            throw Refusal.tooMany(retryAfterSeconds: (hour + Self.hourMilliseconds) / 1000 - now.seconds + 1)
        }
    }

    /// What the record is told of tries.
    enum Alert: Sendable {
        /// The pair has to wait for half an hour.
        case waits
        /// Many tries of one account within an hour, from wherever.
        case manyTries
    }

    /// A try that was counted.
    struct Counted: Sendable {
        /// How many tries of the pair in a row, with this one.
        let number: Int64
        let alert: Alert?
    }

    /// Counts one more. From the fourth on the pair waits for a second, then for twice as long each time; after the
    /// last one that is allowed for half an hour, and the count starts again.
    func count(at now: Moment, _ sql: any SQLTransaction) throws -> Counted {
        let number = try MissTable.count(misses, window: 0, sql)
        try MissTable.count(address, window: Self.hour(now), sql)
        let ofAccount = try MissTable.count(account, window: Self.hour(now), sql)
        let isLast = number >= StaffLimits.failuresMax
        if isLast { try forget(sql) }
        let seconds = isLast ? StaffLimits.waitSeconds : Self.delaySeconds(after: number)
        if seconds > 0 { try wait(until: now.adding(seconds: seconds), sql) }
        let isMany = ofAccount == StaffLimits.failuresOfAccountTold
        return Counted(number: number, alert: isLast ? .waits : isMany ? .manyTries : nil)
    }

    /// The try was right: it does not count, and what it made the pair wait for is over.
    func takeBack(_ counted: Counted, at now: Moment, _ sql: any SQLTransaction) throws {
        try sql.run(
            """
            INSERT INTO look_up_miss (bucket, window_ms, misses)
            VALUES ($1, 0, $2)
            ON CONFLICT (bucket, window_ms) DO UPDATE SET misses = $2
            """, [.text(misses), .int(counted.number - 1)])
        try sql.run(
            "DELETE FROM look_up_miss WHERE bucket = $1 AND window_ms > $2", [.text(wait), .int(now.milliseconds)])
        for bucket in [address, account] {
            try sql.run(
                "UPDATE look_up_miss SET misses = misses - 1 WHERE bucket = $1 AND window_ms = $2 AND misses > 0",
                [.text(bucket), .int(Self.hour(now))])
        }
    }

    /// Password and code were right: the count starts again.
    func forget(_ sql: any SQLTransaction) throws {
        try sql.run("DELETE FROM look_up_miss WHERE bucket = $1", [.text(misses)])
    }

    /// 0 for the first three, then 1, 2, 4, 8, … seconds.
    static func delaySeconds(after number: Int64) -> Int64 {
        let steps = number - StaffLimits.failuresFree
        return steps <= 0 ? 0 : 1 << min(steps - 1, 20)
    }

    // The row's window is the end of the wait: one look-up by bucket and time tells whether it is over.
    private func wait(until: Moment, _ sql: any SQLTransaction) throws {
        try sql.run(
            """
            INSERT INTO look_up_miss (bucket, window_ms, misses)
            VALUES ($1, $2, 1)
            ON CONFLICT (bucket, window_ms) DO NOTHING
            """, [.text(wait), .int(until.milliseconds)])
    }

    private static func hour(_ now: Moment) -> Int64 {
        now.milliseconds / hourMilliseconds * hourMilliseconds
    }
}
