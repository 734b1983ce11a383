import Foundation
import RefundDesk
import RefundDomain
import Storage
import TestSupport
import Testing
import Vault

@Suite struct VerifyTests {
    /// One statement that only somebody with the database in hand could run, and the check that must notice it.
    struct Tampering: Sendable, CustomTestStringConvertible {
        let check: String
        let statements: [String]
        var testDescription: String { statements.joined(separator: "; ") }

        init(_ check: String, _ statements: String...) {
            self.check = check
            self.statements = statements
        }
    }

    static let tamperings = [
        Tampering("audit-chain", "UPDATE event SET facts = 'asked_minor=1' WHERE what = 'case.submitted'"),
        Tampering("audit-chain", "UPDATE event SET actor_id = 'x' WHERE what = 'case.offered'"),
        Tampering("audit-chain", "UPDATE event SET at_ms = at_ms - 1 WHERE number = 5"),
        Tampering("audit-chain", "DELETE FROM event WHERE number = 5"),
        Tampering(
            "audit-chain", "UPDATE event SET number = 9999 WHERE number = 5",
            "UPDATE event SET number = 5 WHERE number = 6", "UPDATE event SET number = 6 WHERE number = 9999"),
        Tampering("audit-chain", "DELETE FROM event WHERE number = (SELECT number FROM stream_head LIMIT 1)"),
        Tampering(
            "audit-chain", "DELETE FROM event WHERE number > 8 AND stream <> 'operator'",
            """
            UPDATE stream_head SET number = 8, hash = (SELECT hash FROM event WHERE number = 8 AND stream <> 'operator')
            WHERE stream <> 'operator'
            """),
        Tampering("audit-chain", "DELETE FROM event", "DELETE FROM stream_head"),
        Tampering("audit-text", "UPDATE event SET text_sealed = hash WHERE text_sealed IS NOT NULL"),
        Tampering("balance", "UPDATE posting_line SET amount_minor = amount_minor + 1 WHERE line = 1"),
        Tampering(
            "balance", "UPDATE balance SET balance_minor = balance_minor + 1 WHERE account = 'merchant.available'"),
        Tampering("balance", "UPDATE posting_line SET credit_account = 'elsewhere' WHERE line = 1"),
        Tampering("balance", "DELETE FROM posting_line WHERE line = 2"),
        Tampering("payment-open", "UPDATE payment SET open_minor = open_minor + 1"),
        Tampering("payment-refunded", "UPDATE payment SET refunded_minor = refunded_minor + 1"),
        Tampering("payment-committed", "UPDATE payment SET committed_minor = committed_minor - 1"),
        Tampering("payment-fee", "UPDATE payment SET fee_given_back_minor = fee_given_back_minor + 1"),
        Tampering("import-sum", "UPDATE payment SET amount_minor = amount_minor + 1"),
        Tampering("held", "UPDATE hold SET cost_minor = cost_minor + 1, held_minor = held_minor + 1"),
        Tampering("transition-record", "UPDATE refund_case SET state = 'in_review'"),
        Tampering("transition-record", "UPDATE movement SET state = 'failed'"),
        Tampering("transition-record", "UPDATE movement SET attempts = attempts + 1"),
        Tampering("movement-fixed", "UPDATE movement SET refund_number = 'RPX'"),
        Tampering("movement-fixed", "UPDATE movement SET gross_minor = gross_minor - 1"),
        Tampering("in-flight", "UPDATE posting SET movement_id = NULL"),
    ]

    @Test(arguments: tamperings, EngineUnderTest.allCases)
    func everyTamperingIsNoticedAndNamed(_ tampering: Tampering, _ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let filed = try await world.offered(try await world.pay(), asking: 6_000, offer: 5_000)
            try await desk.acceptOffer(
                filed.number, version: try await world.version(filed.number), visitor: filed.visitor)
            _ = try await world.sent(filed)
            #expect(try await desk.verify() == [])
            for statement in tampering.statements {
                try await world.store.write { sql in _ = try sql.run(statement) }
            }
            let faults = try await desk.verify()
            #expect(faults.contains { $0.check == tampering.check }, "\(faults)")
            #expect(faults.allSatisfy { !$0.object.isEmpty && !$0.detail.isEmpty })
        }
    }

    /// Servers' clocks are corrected, and differ from each other.
    @Test(arguments: EngineUnderTest.allCases)
    func aClockThatWasSetBackBetweenTwoEventsBreaksNothing(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let filed = try await world.asked(try await world.pay(), asking: 1_000)
            for seconds in [-60, -30] as [Int64] {
                world.clock.advance(seconds: seconds)
                try await desk.answer(
                    filed.number, text: "Here it is", proofs: [.sample()],
                    version: try await world.version(filed.number), visitor: filed.visitor)
                world.clock.advance(seconds: 10)
                try await world.ask(filed, by: world.reviewer)
            }
            #expect(try await desk.verify() == [])
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func anErasedTextBreaksNothing(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            _ = try await world.offered(try await world.pay(), asking: 6_000, offer: 5_000)
            try await world.store.write { sql in _ = try sql.run("UPDATE event SET text_sealed = NULL") }
            #expect(try await desk.verify() == [])
        }
    }
}

@Suite struct SealedColumnTests {
    private static let canaries = [
        "Canary Zhang", "canary@example.com", "13800138000", "secretdetails", "secretanswer", "secretexplanation",
        "secretnote", "secretwithdrawal", "secretkey", "reviewer@staff.example",
    ]

    @Test(arguments: EngineUnderTest.allCases)
    func nothingOfPeopleLiesInTheFileInClear(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            try await desk.changeChannelSettings(accountID: world.accountID, to: Array("secretkey".utf8))
            let visitor = try await world.find(try await world.pay())
            try await desk.chooseReason(.other, details: "secretdetails", visitor: visitor)
            try await desk.chooseAmount(nil, visitor: visitor)
            try await desk.giveContact(
                name: "Canary Zhang", email: "canary@example.com", phone: "13800138000", visitor: visitor)
            let code = try await world.code(ofDraft: visitor)
            try await desk.proveContact(code: code, visitor: visitor)
            let number = try await desk.fileCase(
                submission: "0123456789abcdef", termsAccepted: true, visitor: visitor)
            try await desk.ask(
                number, items: [], question: "secretexplanation of it", dueOn: nil,
                version: try await world.version(number), by: world.reviewer)
            try await desk.answer(
                number, text: "secretanswer", proofs: [], version: try await world.version(number), visitor: visitor)
            try await desk.addNote(
                number, text: "secretnote", visibility: .public, version: try await world.version(number),
                by: world.support)
            let link = try #require(try await desk.filedCase(of: visitor)?.linkToken)
            try await desk.withdraw(
                number, reason: "secretwithdrawal", version: try await world.version(number), visitor: visitor)
            let bytes = try await Self.everything(in: world.store)
            #expect(bytes.range(of: Data("case.submitted".utf8)) != nil, "nothing was read")
            for canary in SealedColumnTests.canaries + [link, visitor] {
                #expect(bytes.range(of: Data(canary.utf8)) == nil, "\(canary) lies there")
                #expect(bytes.range(of: Data(Hex.encode(Array(canary.utf8)).utf8)) == nil, "\(canary) lies there")
            }
        }
    }

    /// What whoever takes the file, or a dump of the database, holds; PostgreSQL writes bytes as hexadecimal digits.
    private static func everything(in store: any Store) async throws -> Data {
        switch store.dialect {
        case .sqlite:
            let path = try await store.read { sql in
                try sql.row("SELECT file FROM pragma_database_list WHERE name = 'main'")?.text("file") ?? ""
            }
            return try Data(contentsOf: URL(filePath: path)) + Data(contentsOf: URL(filePath: path + "-wal"))
        case .postgres:
            return try await store.read { sql in
                let tables = try sql.rows(
                    "SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()"
                ).map { try $0.text("table_name") }
                var everything = Data()
                for table in tables {
                    try sql.each("SELECT CAST(whole AS TEXT) AS line FROM \(table) AS whole") { row in
                        everything += Data(try row.text("line").utf8)
                    }
                }
                return everything
            }
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func aSentMessageKeepsNothingOfItsText(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            _ = try await world.filed(try await world.pay(), asking: nil)
            while let job = try await desk.claimJob() {
                #expect(try await desk.outgoingMessage(job) != nil)
                try await desk.messageSent(job)
                #expect(try await desk.outgoingMessage(job) == nil)
            }
            #expect(try await world.int("SELECT COUNT(*) AS value FROM message WHERE values_sealed IS NOT NULL") == 0)
        }
    }
}
