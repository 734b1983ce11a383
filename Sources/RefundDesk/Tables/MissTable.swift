import Storage

/// Counts of tries that missed: one row for each bucket and window, under keyed names only.
enum MissTable {
    /// How many there were.
    static func misses(_ bucket: String, window: Int64, _ sql: any SQLReading) throws -> Int64 {
        try sql.row(
            """
            SELECT misses
            FROM   look_up_miss
            WHERE  bucket = $1
            AND    window_ms = $2
            """, [.text(bucket), .int(window)])?.int("misses") ?? 0
    }

    /// Counts one more.
    ///
    /// - Returns: how many there are with it.
    @discardableResult
    static func count(_ bucket: String, window: Int64, _ sql: any SQLTransaction) throws -> Int64 {
        try sql.run(
            """
            INSERT INTO look_up_miss (bucket, window_ms, misses)
            VALUES ($1, $2, 1)
            ON CONFLICT (bucket, window_ms) DO UPDATE SET misses = look_up_miss.misses + 1
            """, [.text(bucket), .int(window)])
        return try misses(bucket, window: window, sql)
    }
}
