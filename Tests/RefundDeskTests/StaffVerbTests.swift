import RefundDesk
import RefundDomain
import Storage
import TestSupport
import Testing

@Suite struct DecisionTests {
    private static let words = "A sentence that explains it."

    /// Every decision of a reviewer, to try who may do it.
    private func decisions(
        _ number: CaseNumber, _ version: Int64, by staff: StaffMember, _ desk: Desk
    ) -> [@Sendable () async throws -> Void] {
        [
            { try await desk.take(number, version: version, by: staff) },
            {
                try await desk.approve(
                    number, amount: .fen(100), checks: Set(Check.allCases), note: "", version: version, by: staff)
            },
            {
                try await desk.decline(
                    number, reason: .other, explanation: DecisionTests.words, remedy: .appeal, version: version,
                    by: staff)
            },
            {
                try await desk.offer(
                    number, amount: .fen(50), reason: .other, explanation: DecisionTests.words, version: version,
                    by: staff)
            },
            {
                try await desk.ask(
                    number, items: [], question: DecisionTests.words, dueOn: nil, version: version, by: staff)
            },
        ]
    }

    @Test(arguments: EngineUnderTest.allCases)
    func onlyPeopleWhoDecideMayDecideAndOnlyWhereTheyBelong(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            try await desk.addMerchant(
                code: "renhe", name: "仁和", nameEnglish: nil, zone: "Asia/Shanghai", currency: .cny)
            let stranger = try await DeskWorld.add(.approver, to: desk, email: "x@renhe.example", merchantCode: "renhe")
            let admin = try await DeskWorld.add(.operatorAdmin, to: desk)
            let filed = try await world.filed(try await world.pay(), asking: 100)
            let version = try await world.version(filed.number)
            for (staff, refusal) in [
                (world.clerk, Refusal.notAllowed), (world.support, .notAllowed), (stranger, .notFound),
                (admin, .notFound),
            ] {
                for (index, decide) in decisions(filed.number, version, by: staff, desk).enumerated() {
                    // Support may ask, but cannot take a case for it.
                    let mayAsk = staff == world.support && index == 4
                    await #expect(throws: mayAsk ? .notNow(state: .submitted) : refusal) { try await decide() }
                }
            }
            for decide in decisions(filed.number, version + 1, by: world.reviewer, desk) {
                await #expect(throws: Refusal.stale(version: version)) { try await decide() }
            }
            #expect(try await world.state(filed.number) == .submitted)
            #expect(try await desk.verify() == [])
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func nothingIsDecidedTwice(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let paid = try await world.pay()
            let declined = try await world.filed(paid, asking: 100)
            try await decisions(declined.number, try await world.version(declined.number), by: world.reviewer, desk)[
                2]()
            let withdrawn = try await world.filed(paid, asking: 100)
            try await desk.withdraw(
                withdrawn.number, reason: "", version: try await world.version(withdrawn.number),
                visitor: withdrawn.visitor)
            let approved = try await world.approved(paid, asking: 100)
            for (filed, state) in [
                (declined, RefundCase.State.declined), (withdrawn, .withdrawn), (approved, .approved),
            ] {
                let version = try await world.version(filed.number)
                for decide in decisions(filed.number, version, by: world.reviewer, desk) {
                    await #expect(throws: Refusal.notNow(state: state)) { try await decide() }
                }
            }
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func anApprovalNeedsItsChecksAndItsAmount(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let filed = try await world.filed(try await world.pay(300_000_000, fee: 0), asking: 200_000_001)
            let version = try await world.version(filed.number)
            for check in Check.allCases {
                await #expect(throws: Refusal.checkMissing(check)) {
                    try await desk.approve(
                        filed.number, amount: .fen(100), checks: Set(Check.allCases).subtracting([check]), note: "",
                        version: version, by: world.approver)
                }
            }
            let tries: [(Money, StaffMember, Refusal)] = [
                (.fen(0), world.approver, .aboveMost(.fen(200_000_001))),
                (.fen(200_000_002), world.approver, .aboveMost(.fen(200_000_001))),
            ]
            for (amount, staff, refusal) in tries {
                await #expect(throws: refusal) {
                    try await desk.approve(
                        filed.number, amount: amount, checks: Set(Check.allCases), note: "", version: version, by: staff
                    )
                }
            }
            try await world.approve(filed.number, 2_000_000, by: world.approver)
            #expect(try await world.int("SELECT open_minor AS value FROM payment") == 2_000_000)
            #expect(try await desk.verify() == [])
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func anOfferIsLessThanWhatWasAsked(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let filed = try await world.filed(try await world.pay(), asking: 6_000)
            let version = try await world.version(filed.number)
            for minor in [0, 6_000, 6_001] as [Int64] {
                await #expect(throws: Refusal.aboveMost(.fen(6_000))) {
                    try await desk.offer(
                        filed.number, amount: .fen(minor), reason: .other, explanation: DecisionTests.words,
                        version: version, by: world.reviewer)
                }
            }
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func aNoAndAQuestionNeedWords(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let filed = try await world.filed(try await world.pay(), asking: 6_000)
            let version = try await world.version(filed.number)
            let tries = [
                ("", FieldFault.missing), ("too short", .tooShort), (String(repeating: "x", count: 2001), .tooLong),
            ]
            for (text, fault) in tries {
                await #expect(throws: Refusal.field("explanation", fault)) {
                    try await desk.decline(
                        filed.number, reason: .other, explanation: text, remedy: .appeal, version: version,
                        by: world.reviewer)
                }
                await #expect(throws: Refusal.field("question", fault)) {
                    try await desk.ask(
                        filed.number, items: [], question: text, dueOn: nil, version: version, by: world.reviewer)
                }
            }
            let today = try #require(Day(iso: "2026-11-20"))
            for due in [today, today.adding(days: -1), today.adding(days: 91)] {
                await #expect(throws: Refusal.field("due", .notOffered)) {
                    try await desk.ask(
                        filed.number, items: [], question: DecisionTests.words, dueOn: due, version: version,
                        by: world.reviewer)
                }
            }
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func decidingASubmittedCaseTakesItOnTheWay(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let filed = try await world.approved(try await world.pay(), asking: 6_000)
            let rows = try await world.store.read { sql in
                try sql.rows(
                    """
                    SELECT   transition
                    FROM     event
                    WHERE    object = 'case'
                    AND      transition IS NOT NULL
                    ORDER BY number
                    """
                ).map { try $0.text("transition") }
            }
            #expect(rows == ["R1", "R2", "R4", "R13"])
            #expect(try await world.state(filed.number) == .approved)
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func aNoFreesEverything(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let filed = try await world.filed(try await world.pay(), asking: 6_000)
            try await desk.decline(
                filed.number, reason: .goodsUsed, explanation: DecisionTests.words, remedy: .appeal,
                version: try await world.version(filed.number), by: world.reviewer)
            #expect(try await world.books() == [9_940, 0, 0, 10_000, 60])
            #expect(try await world.int("SELECT open_minor AS value FROM payment") == 0)
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func aStoppedAccountApprovesNothing(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let filed = try await world.filed(try await world.pay(), asking: 6_000)
            try await world.store.write { sql in
                try sql.run("UPDATE channel_account SET stopped_reason = 'SIGN_ERROR'")
            }
            await #expect(throws: Refusal.ineligible(.accountNotReady)) { try await world.approve(filed.number, 6_000) }
            try await desk.changeChannelSettings(accountID: world.accountID, to: [1])
            try await world.approve(filed.number, 6_000)
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func notesNeedWordsAndSomebodyWhoMaySee(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let filed = try await world.filed(try await world.pay(), asking: 6_000)
            let version = try await world.version(filed.number)
            await #expect(throws: Refusal.field("note", .missing)) {
                try await desk.addNote(
                    filed.number, text: "\n", visibility: .internal, version: version, by: world.support)
            }
            try await desk.addNote(
                filed.number, text: "For colleagues", visibility: .internal, version: version, by: world.support)
            await #expect(throws: Refusal.stale(version: version + 1)) {
                try await desk.addNote(
                    filed.number, text: "x", visibility: .public, version: version, by: world.support)
            }
            #expect(try await world.int("SELECT COUNT(*) AS value FROM message WHERE kind = 'note'") == 0)
            try await desk.addNote(
                filed.number, text: "For you", visibility: .public, version: version + 1, by: world.support)
            #expect(try await world.int("SELECT COUNT(*) AS value FROM message WHERE kind = 'note'") == 1)
        }
    }
}
