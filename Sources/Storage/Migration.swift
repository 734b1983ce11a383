/// One numbered, append-only step of the schema. Shipped means frozen: the checksum is kept in the database.
///
/// Statements use `INT64` and `BYTES` for their types and may end a table with `STRICT`; the ``Migrator`` says
/// `INTEGER`, `BLOB` and `STRICT` to SQLite, `BIGINT`, `BYTEA` and nothing to PostgreSQL.
public struct Migration: Sendable, Hashable {
    /// The place in the order, from 1.
    public let number: Int64
    /// What it brings, in a few words.
    public let name: String
    /// The statements for both engines, each whole, run in order in one transaction after those of one engine.
    public let statements: [String]
    /// Where SQLite needs other words: it cannot change a table's checks, only build the table anew.
    public let sqlite: [String]
    /// Where PostgreSQL needs other words.
    public let postgres: [String]

    /// Describes a step; nothing runs yet.
    public init(number: Int64, name: String, statements: [String], sqlite: [String] = [], postgres: [String] = []) {
        self.number = number
        self.name = name
        self.statements = statements
        self.sqlite = sqlite
        self.postgres = postgres
    }

    /// What one engine runs, in order.
    func statements(for dialect: SQLDialect) -> [String] {
        switch dialect {
        case .sqlite: sqlite + statements
        case .postgres: postgres + statements
        }
    }

    /// Sixteen hexadecimal digits (FNV-1a, 64 bits) over the statements as written.
    ///
    /// It notices a slip, not an attacker: whoever can change the program can change the checksum too.
    public var checksum: String {
        let basis: UInt64 = 0xcbf2_9ce4_8422_2325
        let prime: UInt64 = 0x100_0000_01b3
        var hash = basis
        for statement in statements + sqlite + postgres {
            for byte in statement.utf8 { hash = (hash ^ UInt64(byte)) &* prime }
            hash = hash &* prime  // A zero byte, so that moving a line between statements shows.
        }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    /// A statement in the words of one engine.
    static func translated(_ statement: String, for dialect: SQLDialect) -> String {
        SQLText.replacingWords(in: statement) { word in
            switch (word, dialect) {
            case ("INT64", .sqlite): "INTEGER"
            case ("INT64", .postgres): "BIGINT"
            case ("BYTES", .sqlite): "BLOB"
            case ("BYTES", .postgres): "BYTEA"
            case ("STRICT", .postgres): ""
            default: nil
            }
        }
    }
}
