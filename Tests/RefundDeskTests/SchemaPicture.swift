import Storage

/// A database's schema as lines of words that both engines have in common, read from their catalogues.
struct SchemaPicture {
    let lines: Set<String>

    /// What only one of two has, named by the side that has it.
    func differences(from other: SchemaPicture) -> [String] {
        lines.subtracting(other.lines).sorted().map { "only here: \($0)" }
            + other.lines.subtracting(lines).sorted().map { "only there: \($0)" }
    }

    init(_ sql: any SQLReading, _ dialect: SQLDialect) throws {
        switch dialect {
        case .sqlite: lines = try Self.ofSQLite(sql)
        case .postgres: lines = try Self.ofPostgres(sql)
        }
    }

    private static func column(
        _ table: String, _ place: Int, _ name: String, _ type: String, isNullable: Bool, standard: String?
    ) -> String {
        let ending = (isNullable ? "" : " NOT NULL") + (standard.map { " DEFAULT \($0)" } ?? "")
        return "\(table): column \(place) \(name) \(type)\(ending)"
    }

    private static func foreignKey(
        _ table: String, _ columns: String, _ target: String, _ targets: String, onDelete rule: String
    ) -> String {
        "\(table): (\(columns)) REFERENCES \(target) (\(targets)) ON DELETE \(rule)"
    }

    private static func index(
        _ table: String, _ name: String, _ columns: String, isUnique: Bool, isPartial: Bool
    ) -> String {
        "\(table): \(isUnique ? "unique " : "")index \(name) (\(columns))\(isPartial ? " of some rows" : "")"
    }

    // MARK: SQLite (sqlite.org/pragma.html)

    private static func ofSQLite(_ sql: any SQLReading) throws -> Set<String> {
        let tables = try sql.rows(
            """
            SELECT   listed.name, made.sql
            FROM     pragma_table_list AS listed
            JOIN     sqlite_master AS made
            ON       made.name = listed.name
            WHERE    listed.schema = 'main'
            AND      listed.type = 'table'
            AND      listed.name NOT LIKE 'sqlite%'
            ORDER BY listed.name
            LIMIT    1000
            """)
        return Set(
            try tables.flatMap { row in
                let table = try row.text("name")
                return try [checks(table, count(of: "CHECK", in: row.text("sql")))] + sqliteColumns(of: table, sql)
                    + sqliteForeignKeys(of: table, sql) + sqliteIndexes(of: table, sql)
            })
    }

    private static func checks(_ table: String, _ count: Int) -> String { "\(table): checks \(count)" }

    private static func count(of wanted: Substring, in statement: String) -> Int {
        var count = 0
        _ = SQLText.replacingWords(in: statement) { word in
            if word == wanted { count += 1 }
            return nil
        }
        return count
    }

    private static func sqliteColumns(of table: String, _ sql: any SQLReading) throws -> [String] {
        let rows = try sql.rows(
            """
            SELECT   name, type, "notnull" AS not_null, dflt_value, pk
            FROM     pragma_table_xinfo($1)
            ORDER BY cid
            LIMIT    1000
            """, [.text(table)])
        let keys = try rows.filter { try $0.int("pk") > 0 }.sorted { try $0.int("pk") < $1.int("pk") }
        let columns = try rows.enumerated().map { place, row in
            column(
                table, place + 1, try row.text("name"), try row.text("type"),
                isNullable: try row.int("not_null") == 0, standard: try row.textOrNil("dflt_value"))
        }
        return columns + ["\(table): primary key (\(try keys.map { try $0.text("name") }.joined(separator: ", ")))"]
    }

    private static func sqliteForeignKeys(of table: String, _ sql: any SQLReading) throws -> [String] {
        let rows = try sql.rows(
            """
            SELECT   id, "table" AS target, "from" AS source_column, "to" AS target_column, on_delete
            FROM     pragma_foreign_key_list($1)
            ORDER BY id, seq
            LIMIT    1000
            """, [.text(table)])
        return try Dictionary(grouping: rows) { try $0.int("id") }.values.map { parts in
            foreignKey(
                table, try parts.map { try $0.text("source_column") }.joined(separator: ", "),
                try parts.first?.text("target") ?? "",
                try parts.map { try $0.text("target_column") }.joined(separator: ", "),
                onDelete: try parts.first?.text("on_delete") ?? "")
        }
    }

    private static func sqliteIndexes(of table: String, _ sql: any SQLReading) throws -> [String] {
        try sql.rows(
            """
            SELECT   name, "unique" AS is_unique, origin, partial
            FROM     pragma_index_list($1)
            WHERE    origin <> 'pk'
            ORDER BY name
            LIMIT    1000
            """, [.text(table)]
        ).map { row in
            let columns = try sql.rows(
                """
                SELECT   name
                FROM     pragma_index_xinfo($1)
                WHERE    key = 1
                ORDER BY seqno
                LIMIT    100
                """, [.text(try row.text("name"))]
            ).map { try $0.text("name") }.joined(separator: ", ")
            guard try row.text("origin") == "c" else { return "\(table): unique (\(columns))" }
            return index(
                table, try row.text("name"), columns, isUnique: try row.int("is_unique") == 1,
                isPartial: try row.int("partial") == 1)
        }
    }

    // MARK: PostgreSQL (postgresql.org/docs/15/catalogs.html)

    private static func ofPostgres(_ sql: any SQLReading) throws -> Set<String> {
        Set(try postgresColumns(sql) + postgresConstraints(sql) + postgresIndexes(sql))
    }

    private static func postgresColumns(_ sql: any SQLReading) throws -> [String] {
        var places: [String: Int] = [:]
        return try sql.rows(
            """
            SELECT    CAST(pg_class.relname AS TEXT) AS table_name, CAST(attname AS TEXT) AS name,
                      format_type(atttypid, atttypmod) AS type, CAST(attnotnull AS INT) AS not_null,
                      pg_get_expr(adbin, adrelid) AS standard
            FROM      pg_attribute
            JOIN      pg_class
            ON        pg_class.oid = attrelid
            LEFT JOIN pg_attrdef
            ON        adrelid = attrelid
            AND       adnum = attnum
            WHERE     relnamespace = CAST(CAST(current_schema() AS TEXT) AS REGNAMESPACE)
            AND       relkind = 'r'
            AND       attnum > 0
            AND       NOT attisdropped
            ORDER BY  relname, attnum
            LIMIT     10000
            """
        ).map { row in
            let table = try row.text("table_name")
            places[table, default: 0] += 1
            let type = try row.text("type")
            return column(
                table, places[table] ?? 0, try row.text("name"), sqliteTypes[type] ?? type,
                isNullable: try row.int("not_null") == 0,
                standard: try row.textOrNil("standard").map { String($0.prefix { $0 != ":" }) })
        }
    }

    private static let sqliteTypes = ["bigint": "INTEGER", "bytea": "BLOB", "text": "TEXT"]
    private static let deleteRules = [
        "a": "NO ACTION", "r": "RESTRICT", "c": "CASCADE", "n": "SET NULL", "d": "SET DEFAULT",
    ]

    private static func postgresConstraints(_ sql: any SQLReading) throws -> [String] {
        let rows = try sql.rows(
            """
            SELECT    CAST(pg_class.relname AS TEXT) AS table_name, CAST(contype AS TEXT) AS kind,
                      (SELECT string_agg(CAST(attname AS TEXT), ', ' ORDER BY place)
                       FROM   unnest(conkey) WITH ORDINALITY AS key (number, place)
                       JOIN   pg_attribute
                       ON     attrelid = conrelid
                       AND    attnum = key.number) AS columns,
                      (SELECT CAST(relname AS TEXT) FROM pg_class AS target WHERE target.oid = confrelid) AS target,
                      (SELECT string_agg(CAST(attname AS TEXT), ', ' ORDER BY place)
                       FROM   unnest(confkey) WITH ORDINALITY AS key (number, place)
                       JOIN   pg_attribute
                       ON     attrelid = confrelid
                       AND    attnum = key.number) AS targets,
                      CAST(confdeltype AS TEXT) AS delete_rule
            FROM      pg_class
            LEFT JOIN pg_constraint
            ON        conrelid = pg_class.oid
            WHERE     relnamespace = CAST(CAST(current_schema() AS TEXT) AS REGNAMESPACE)
            AND       relkind = 'r'
            ORDER BY  relname, conname
            LIMIT     10000
            """)
        var lines: [String] = []
        var checkCounts: [String: Int] = [:]
        for row in rows {
            let table = try row.text("table_name")
            let columns = try row.textOrNil("columns") ?? ""
            checkCounts[table, default: 0] += 0
            switch try row.textOrNil("kind") {
            case "c": checkCounts[table, default: 0] += 1
            case "p": lines.append("\(table): primary key (\(columns))")
            case "u": lines.append("\(table): unique (\(columns))")
            case "f":
                lines.append(
                    foreignKey(
                        table, columns, try row.text("target"), try row.text("targets"),
                        onDelete: deleteRules[try row.text("delete_rule")] ?? ""))
            case let kind?: lines.append("\(table): constraint \(kind) (\(columns))")
            case nil: break  // A table without any.
            }
        }
        return lines + checkCounts.map { checks($0.key, $0.value) }
    }

    /// Those that no constraint brought along.
    private static func postgresIndexes(_ sql: any SQLReading) throws -> [String] {
        try sql.rows(
            """
            SELECT   CAST(owner.relname AS TEXT) AS table_name, CAST(own.relname AS TEXT) AS name,
                     (SELECT string_agg(CAST(attname AS TEXT), ', ' ORDER BY place)
                      FROM   unnest(CAST(indkey AS SMALLINT[])) WITH ORDINALITY AS key (number, place)
                      JOIN   pg_attribute
                      ON     attrelid = indrelid
                      AND    attnum = key.number) AS columns,
                     CAST(indisunique AS INT) AS is_unique, CAST(indpred IS NOT NULL AS INT) AS partial
            FROM     pg_index
            JOIN     pg_class AS owner
            ON       owner.oid = indrelid
            JOIN     pg_class AS own
            ON       own.oid = indexrelid
            WHERE    owner.relnamespace = CAST(CAST(current_schema() AS TEXT) AS REGNAMESPACE)
            AND      NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid AND contype <> 'f')
            ORDER BY owner.relname, own.relname
            LIMIT    10000
            """
        ).map { row in
            index(
                try row.text("table_name"), try row.text("name"), try row.textOrNil("columns") ?? "",
                isUnique: try row.int("is_unique") == 1, isPartial: try row.int("partial") == 1)
        }
    }
}
