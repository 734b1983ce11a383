import RefundDomain
import Storage
import Vault

/// Wrong passwords and codes of one account from one network address, known here by their keyed names only.
struct SignInPair: Sendable {
    private let misses: String
    private let wait: String

    /// - Parameter account: the blind index of the account's e-mail address, whether there is such an account or not.
    init(account: [UInt8], address: String, _ keys: Keys) {
        let pair = "\(Hex.encode(account)):\(address)"
        misses = keys.keyedName("sign-in:\(pair)")
        wait = keys.keyedName("sign-in-wait:\(pair)")
    }

    /// - Throws: ``Refusal/tooMany(retryAfterSeconds:)`` while the pair has to wait.
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
        guard let row else { return }
        let until = Moment(milliseconds: try row.int("window_ms"))
        throw Refusal.tooMany(retryAfterSeconds: until.seconds - now.seconds + 1)
    }

    /// Counts one more; at the last one that is allowed the wait begins and the count starts again.
    func count(at now: Moment, _ sql: any SQLTransaction) throws {
        guard try MissTable.count(misses, window: 0, sql) >= StaffLimits.failuresMax else { return }
        try forget(sql)
        // The row's window is the end of the wait: one look-up by bucket and time tells whether it is over.
        let until = now.adding(seconds: StaffLimits.waitSeconds)
        try sql.run(
            """
            INSERT INTO look_up_miss (bucket, window_ms, misses)
            VALUES ($1, $2, 1)
            ON CONFLICT (bucket, window_ms) DO NOTHING
            """, [.text(wait), .int(until.milliseconds)])
    }

    /// Password and code were right: the count starts again.
    func forget(_ sql: any SQLTransaction) throws {
        try sql.run("DELETE FROM look_up_miss WHERE bucket = $1", [.text(misses)])
    }
}
