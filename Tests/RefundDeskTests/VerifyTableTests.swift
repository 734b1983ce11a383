import RefundDesk
import Storage
import TestSupport
import Testing

/// Every table of the schema and every column of it: whether `verify` notices when somebody with the database in hand
/// changes a value, takes a row away or slips one in.
@Suite struct VerifyTableTests {
    @Test(arguments: EngineUnderTest.allCases)
    func everyTableIsCheckedOrSaysWhyNot(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let tables = try await Self.catalogue(of: world.store)
            #expect(tables == Set(Promised.tables.map(\.name)).union(Promised.passing.keys))
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func aDayOnWhichEverythingHappensVerifiesClean(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            try await furnish(world)
            #expect(try await desk.verify() == [])
        }
    }

    @Test func everyValueThatIsChangedIsNoticed() async throws {
        try await withDesk { desk, world in
            try await furnish(world)
            for table in Promised.tables {
                let columns = try await Forgery.columns(of: table.name, desk)
                #expect(table.passing.keys.allSatisfy { name in columns.contains { $0.name == name } })
                for column in columns where table.passing[column.name] == nil {
                    let end = try await Forgery.change(column, of: table, desk)
                    #expect(end != .unnoticed && end != .noRow, "\(table.name).\(column.name): \(end)")
                }
            }
            #expect(try await desk.verify() == [])
        }
    }

    @Test func everyRowThatIsTakenAwayIsNoticed() async throws {
        try await withDesk { desk, world in
            try await furnish(world)
            for table in Promised.tables {
                let ends = try await Forgery.delete(from: table, desk)
                #expect(!ends.isEmpty, "\(table.name) has no row")
                #expect(!ends.contains(.unnoticed), "\(table.name): \(ends)")
            }
        }
    }

    @Test func everyRowThatIsSlippedInIsNoticed() async throws {
        try await withDesk { desk, world in
            try await furnish(world)
            for table in Promised.tables where table.mayHaveMore == nil {
                let end = try await Forgery.insert(into: table, desk)
                #expect(end == .noticed, "\(table.name): \(end)")
            }
        }
    }

    private static func catalogue(of store: any Store) async throws -> Set<String> {
        let statement =
            switch store.dialect {
            case .sqlite:
                "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite^_%' ESCAPE '^'"
            case .postgres:
                "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = current_schema()"
            }
        return try await store.read { sql in Set(try sql.rows(statement).map { try $0.text("name") }) }
    }
}
