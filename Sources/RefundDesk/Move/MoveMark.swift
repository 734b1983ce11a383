import RefundDomain
import Storage
import Vault

/// What a target says of the move that fills it: from which source, and how far each table has come.
///
/// The source stands in `schema_migration`, under a number that no migration has: every program that opens the target
/// before the move has ended finds a schema that it does not know and refuses to serve it.
public enum MoveMark {
    /// The number of the row in `schema_migration` as long as a move has not ended.
    public static let number = Int64.max

    static let progressTable = "move_progress"

    /// The source that an unfinished move fills this database from; nil when there is no such move.
    static func source(_ sql: any SQLReading) throws -> String? {
        try sql.row("SELECT checksum FROM schema_migration WHERE number = $1", [.int(number)])?.text("checksum")
    }

    /// Marks an empty database.
    ///
    /// - Throws: ``MoveFault/notEmpty(table:)``.
    static func begin(source: String, _ tables: [MovedTable], at now: Moment, _ sql: any SQLTransaction) throws {
        for table in tables {
            guard try table.isEmpty(sql) else { throw MoveFault.notEmpty(table: table.name) }
        }
        // BIGINT is what both engines understand outside a migration.
        try sql.run(
            """
            CREATE TABLE move_progress (
                table_name TEXT   NOT NULL PRIMARY KEY,
                row_count  BIGINT NOT NULL,
                digest     BIGINT NOT NULL
            )
            """)
        for table in tables {
            try sql.run(
                "INSERT INTO move_progress (table_name, row_count, digest) VALUES ($1, 0, 0)", [.text(table.name)])
        }
        try sql.run(
            """
            INSERT INTO schema_migration (number, name, checksum, applied_ms)
            VALUES ($1, 'a move that has not ended', $2, $3)
            """, [.int(number), .text(source), .int(now.milliseconds)])
    }

    /// What was copied of each table.
    static func progress(_ sql: any SQLReading) throws -> [String: RowDigest] {
        var progress: [String: RowDigest] = [:]
        try sql.each("SELECT table_name, row_count, digest FROM move_progress ORDER BY table_name") { row in
            progress[try row.text("table_name")] = RowDigest(rows: try row.int("row_count"), sum: try row.int("digest"))
        }
        return progress
    }

    /// Notes a batch. It comes before the batch itself, so that a second mover waits here and then sees that the place
    /// is taken.
    ///
    /// - Throws: ``MoveFault/takenOver``.
    static func advance(
        _ table: MovedTable, from before: RowDigest, to after: RowDigest, _ sql: any SQLTransaction
    ) throws {
        let noted = try sql.run(
            """
            UPDATE move_progress
            SET    row_count = $3, digest = $4
            WHERE  table_name = $1
            AND    row_count = $2
            """, [.text(table.name), .int(before.rows), .int(after.rows), .int(after.sum)])
        guard noted == 1 else { throw MoveFault.takenOver }
    }

    /// From here on the database is one like any other.
    static func end(_ sql: any SQLTransaction) throws {
        try sql.run("DROP TABLE move_progress")
        try sql.run("DELETE FROM schema_migration WHERE number = $1", [.int(number)])
    }
}
