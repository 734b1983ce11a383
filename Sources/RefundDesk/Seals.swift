public import Storage
public import Vault

/// What sealed data belongs to; each class of a tenant has a key of its own.
public enum SealClass: String, Sendable, Hashable, CaseIterable {
    /// Names, addresses, telephone numbers, links and codes.
    case contact
    /// What people write: details, explanations, notes, answers.
    case words
    /// The keys of proof files.
    case proof
    /// Keys and passwords of channel accounts.
    case channel
    /// Addresses and one-time-code secrets of staff.
    case staff

    var keyClass: KeyClass { KeyClass(rawValue: rawValue) }
}

/// Where a sealed value lies; it does not open anywhere else.
public struct SealPlace: Sendable, Hashable {
    public let table: String
    public let column: String
    public let row: String
    /// A merchant's id, or ``operatorTenant``.
    public let tenant: String
    public let kind: SealClass

    public static let operatorTenant = "operator"

    public init(_ table: String, _ column: String, row: String, tenant: String, _ kind: SealClass) {
        self.table = table
        self.column = column
        self.row = row
        self.tenant = tenant
        self.kind = kind
    }

    var context: SealContext { SealContext(table: table, column: column, row: row, tenant: tenant) }
}

/// Seals and opens single values with data keys that lie wrapped in the database.
public struct Seals: Sendable {
    let keys: Keys

    public init(keys: Keys) {
        self.keys = keys
    }

    /// Seals bytes under the tenant's newest key.
    ///
    /// - Throws: ``StoreFault``, or ``VaultFault`` when the tenant has no key (see ``makeKeys(for:ids:at:_:)``).
    public func seal(_ plain: [UInt8], _ place: SealPlace, _ sql: any SQLReading) throws -> [UInt8] {
        guard
            let row = try sql.row(
                """
                SELECT   id, kek_id, wrapped, tenant, class
                FROM     data_key
                WHERE    tenant = $1
                AND      class = $2
                AND      retired_ms IS NULL
                ORDER BY id DESC
                LIMIT    1
                """, [.text(place.tenant), .text(place.kind.rawValue)])
        else { throw VaultFault.unknownKey(id: "\(place.tenant)/\(place.kind.rawValue)") }
        return try Sealer.seal(plain, with: dataKey(row), context: place.context)
    }

    /// Seals text under the tenant's newest key; nil stays nil.
    public func seal(_ text: String?, _ place: SealPlace, _ sql: any SQLReading) throws -> [UInt8]? {
        guard let text else { return nil }
        return try seal(Array(text.utf8), place, sql)
    }

    /// Opens what ``seal(_:_:_:)-([UInt8],_,_)`` made for the same place.
    ///
    /// - Throws: ``StoreFault``; ``VaultFault`` when the value was changed, moved, or its key is unknown.
    public func open(_ sealed: [UInt8], _ place: SealPlace, _ sql: any SQLReading) throws -> [UInt8] {
        guard let id = Sealer.dataKeyID(of: sealed) else { throw VaultFault.damaged }
        guard
            let row = try sql.row(
                """
                SELECT id, kek_id, wrapped, tenant, class
                FROM   data_key
                WHERE  id = $1
                """, [.int(Int64(id))])
        else { throw VaultFault.unknownKey(id: String(id)) }
        return try Sealer.open(sealed, with: dataKey(row), context: place.context)
    }

    /// Opens sealed text; nil stays nil.
    public func openText(_ sealed: [UInt8]?, _ place: SealPlace, _ sql: any SQLReading) throws -> String? {
        guard let sealed else { return nil }
        return String(decoding: try open(sealed, place, sql), as: UTF8.self)
    }

    /// Makes one key a class for a tenant that has none.
    func makeKeys(for tenant: String, at now: Int64, _ sql: any SQLTransaction) throws {
        let highest = try sql.row("SELECT COALESCE(MAX(id), 0) AS highest FROM data_key")?.int("highest") ?? 0
        for (index, kind) in SealClass.allCases.enumerated() {
            let id = UInt32(truncatingIfNeeded: highest) + UInt32(index) + 1
            let wrapped = try keys.newDataKey(id: id, tenant: tenant, keyClass: kind.keyClass).wrapped
            try sql.run(
                """
                INSERT INTO data_key (id, tenant, class, kek_id, wrapped, created_ms)
                VALUES ($1, $2, $3, $4, $5, $6)
                """,
                [
                    .int(Int64(id)), .text(tenant), .text(kind.rawValue), .text(wrapped.kekID), .bytes(wrapped.wrapped),
                    .int(now),
                ])
        }
    }

    func dataKey(_ row: SQLRow) throws -> DataKey {
        let wrapped = WrappedKey(
            id: UInt32(truncatingIfNeeded: try row.int("id")), kekID: try row.text("kek_id"),
            wrapped: try row.bytes("wrapped"), tenant: try row.text("tenant"),
            keyClass: KeyClass(rawValue: try row.text("class")))
        return try keys.unwrap(wrapped)
    }
}
