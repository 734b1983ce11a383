import Storage

/// One table as it is moved, read from a database's own catalogue, so that a table of a later migration is moved too.
struct MovedTable: Sendable, Hashable {
    let name: String
    /// In the order of the table.
    let columns: [String]
    /// The columns of the primary key, in its order.
    let key: [String]
    /// Tables that must be filled before this one.
    let refersTo: Set<String>

    /// What each database keeps about itself, and is never moved.
    private static let kept: Set<String> = ["schema_migration", MoveMark.progressTable]

    /// All tables, each behind those that it refers to.
    ///
    /// - Throws: ``MoveFault/cannotBeMoved(_:)`` for a table without a primary key and for tables that refer to each
    ///   other in a circle, which nobody could fill.
    static func all(_ sql: any SQLReading, _ dialect: SQLDialect) throws -> [MovedTable] {
        var columns: [String: [(name: String, keyPlace: Int64)]] = [:]
        try sql.each(Catalogue.columns(dialect)) { row in
            let column = (try row.text("column_name"), try row.int("key_place"))
            columns[try row.text("table_name"), default: []].append(column)
        }
        var references: [String: Set<String>] = [:]
        try sql.each(Catalogue.references(dialect)) { row in
            references[try row.text("table_name"), default: []].insert(try row.text("other_name"))
        }
        let tables = columns.filter { !kept.contains($0.key) }.map { name, columns in
            MovedTable(
                name: name, columns: columns.map(\.name),
                key: columns.filter { $0.keyPlace > 0 }.sorted { $0.keyPlace < $1.keyPlace }.map(\.name),
                refersTo: references[name, default: []])
        }
        return try ordered(tables)
    }

    private static func ordered(_ tables: [MovedTable]) throws(MoveFault) -> [MovedTable] {
        if let table = tables.first(where: \.key.isEmpty) { throw .cannotBeMoved(table.name) }
        var waiting = tables.sorted { $0.name < $1.name }
        var ordered: [MovedTable] = []
        var placed: Set<String> = []
        while let first = waiting.first {
            guard let next = waiting.firstIndex(where: { $0.refersTo.isSubset(of: placed) }) else {
                throw .cannotBeMoved(first.name)
            }
            let table = waiting.remove(at: next)
            placed.insert(table.name)
            ordered.append(table)
        }
        return ordered
    }
}

/// The engines share no catalogue. Each statement names its columns alike.
private enum Catalogue {
    /// `table_name`, `column_name`, `key_place`: from 1, or 0 for a column outside the primary key.
    static func columns(_ dialect: SQLDialect) -> String {
        switch dialect {
        case .sqlite:
            """
            SELECT   item.name AS table_name, field.name AS column_name, field.pk AS key_place
            FROM     sqlite_schema AS item
            JOIN     pragma_table_info(item.name) AS field
            WHERE    item.type = 'table'
            AND      item.name NOT LIKE 'sqlite^_%' ESCAPE '^'
            ORDER BY item.name, field.cid
            """
        case .postgres:
            """
            SELECT   pg_class.relname AS table_name, pg_attribute.attname AS column_name,
                     COALESCE(array_position(CAST(pg_index.indkey AS SMALLINT[]), pg_attribute.attnum) + 1, 0)
                     AS key_place
            FROM     pg_class
            JOIN     pg_namespace
            ON       pg_namespace.oid = pg_class.relnamespace
            AND      pg_namespace.nspname = current_schema()
            JOIN     pg_attribute
            ON       pg_attribute.attrelid = pg_class.oid
            AND      pg_attribute.attnum > 0
            AND      NOT pg_attribute.attisdropped
            LEFT JOIN pg_index
            ON       pg_index.indrelid = pg_class.oid
            AND      pg_index.indisprimary
            WHERE    pg_class.relkind IN ('r', 'p')
            AND      NOT pg_class.relispartition
            ORDER BY pg_class.relname, pg_attribute.attnum
            """
        }
    }

    /// `table_name` and the `other_name` that it refers to.
    static func references(_ dialect: SQLDialect) -> String {
        switch dialect {
        case .sqlite:
            """
            SELECT   item.name AS table_name, reference."table" AS other_name
            FROM     sqlite_schema AS item
            JOIN     pragma_foreign_key_list(item.name) AS reference
            WHERE    item.type = 'table'
            ORDER BY item.name, reference.id
            """
        case .postgres:
            """
            SELECT   pg_class.relname AS table_name, other.relname AS other_name
            FROM     pg_constraint
            JOIN     pg_class
            ON       pg_class.oid = pg_constraint.conrelid
            JOIN     pg_class AS other
            ON       other.oid = pg_constraint.confrelid
            JOIN     pg_namespace
            ON       pg_namespace.oid = pg_class.relnamespace
            AND      pg_namespace.nspname = current_schema()
            WHERE    pg_constraint.contype = 'f'
            ORDER BY pg_class.relname, pg_constraint.conname
            """
        }
    }
}
