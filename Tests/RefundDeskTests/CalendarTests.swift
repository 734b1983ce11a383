import RefundDesk
import RefundDomain
import Storage
import TestSupport
import Testing

/// Working days that are loaded while others count with them.
@Suite struct CalendarTests {
    /// Three working days after a Sunday, 22 November 2026.
    private static let wednesday = "2026-11-25"

    private func year(
        _ number: Int = 2026, free: [String], worked: [String] = [], source: String = "notice", region: String = "CN"
    ) throws -> WorkingYear {
        try WorkingYear(
            region: region, year: number, source: source, holidays: try free.map(day), makeUpDays: try worked.map(day))
    }

    private func day(_ iso: String) throws -> Day { try #require(Day(iso: iso)) }

    private func due(_ filed: DeskWorld.Filed, _ world: DeskWorld) async throws -> String {
        try await world.text(
            "SELECT due_on AS value FROM refund_case WHERE number = $1", [.text(filed.number.text)])
    }

    @Test(arguments: EngineUnderTest.allCases)
    func aLoadedYearCountsAtOnceAlsoWhereAnotherProcessLoadedIt(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let server = world.another(on: world.store)
            let before = try await world.filed(try await world.pay(), asking: 1_000)
            #expect(try await due(before, world) == Self.wednesday)
            let corrected = try year(free: ["2026-11-23"], worked: ["2026-11-28"])
            #expect(try await server.loadCalendar([corrected]) == [.new])
            let after = try await world.filed(try await world.pay(), asking: 1_000)
            #expect(try await due(after, world) == "2026-11-26")
            try await desk.take(after.number, version: try await world.version(after.number), by: world.reviewer)
            #expect(try await due(after, world) == "2026-12-01", "the decision's seven days have the worked Saturday")
            #expect(try await due(before, world) == Self.wednesday, "what was promised stays")
            #expect(try await desk.verify() == [])
        }
    }

    /// The job that closes a case is planned by the days that are known then.
    @Test(arguments: EngineUnderTest.allCases)
    func aCaseWhoseLastDayMovedClosesThen(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let filed = try await world.paidBack(1_000)
            let due = try await world.int("SELECT not_before_ms AS value FROM outbox WHERE kind = 'close-case'")
            world.clock.advance(seconds: (due - world.clock.now.milliseconds) / 1000 + 1)
            let last = LocalTime(Moment(milliseconds: due), secondsAheadOfUTC: 28_800).day
            let free = (0..<10).map { last.adding(days: Int64($0) - 2) }.filter { $0.weekday <= 5 }
            for (year, days) in Dictionary(grouping: free, by: \.year) {
                try await desk.loadCalendar([
                    try WorkingYear(region: "CN", year: year, source: "notice", holidays: days, makeUpDays: [])
                ])
            }
            try await desk.closeCase(try await world.job(.closeCase, of: filed.number))
            #expect(try await world.state(filed.number) == .approved)
            world.clock.advance(seconds: 20 * 86_400)
            try await desk.closeCase(try await world.job(.closeCase, of: filed.number))
            #expect(try await world.state(filed.number) == .closed)
            #expect(try await desk.verify() == [])
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func loadingIsRecordedOnceAllOrNothingAndByRegion(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let first = try year(free: ["2026-11-23"])
            let second = try year(2027, free: ["2027-01-01"])
            let abroad = try year(2027, free: ["2027-01-01"], region: "HK")
            #expect(try await desk.loadCalendar([first, second, abroad]) == [.new, .new, .new])
            #expect(try await desk.loadCalendar([first, second]) == [.unchanged, .unchanged])
            let other = try year(free: ["2026-11-24"])
            #expect(try await desk.loadCalendar([other, second]) == [.replaced, .unchanged])
            #expect(try await desk.loadedYears() == [other, second])
            #expect(try await desk.loadedYears(of: "HK") == [abroad])
            let entries = try await world.int(
                "SELECT COUNT(*) AS value FROM event WHERE stream = 'operator' AND what = 'calendar.loaded'")
            #expect(entries == 4)
            #expect(try await desk.verify() == [])
        }
    }

    @Test(
        arguments: [
            "UPDATE working_year SET holidays = '2026-11-24'", "UPDATE working_year SET make_up_days = '2026-11-28'",
            "UPDATE working_year SET source = 'x'", "UPDATE working_year SET region = 'HK'",
            "UPDATE working_year SET year = 2027", "UPDATE working_year SET loaded_ms = loaded_ms - 1",
            "UPDATE working_year SET holidays = 'never'", "DELETE FROM working_year",
        ], EngineUnderTest.allCases)
    func aChangedRowIsFound(_ statement: String, _ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            try await desk.loadCalendar([try year(free: ["2026-11-23"])])
            try await world.store.write { sql in _ = try sql.run(statement) }
            let found = try await desk.verify()
            #expect(found.contains { $0.check == "calendar" && $0.object == "CN/2026" })
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func theOutlookNamesWhoCountsOnlyWhenTheEndIsNear(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let far = try await desk.calendarOutlook()
            #expect(far.until?.iso == "2027-12-31" && !far.isEnding && far.merchants.isEmpty)
            world.clock.advance(seconds: 86_400 * (far.daysLeft - CalendarOutlook.warningDays - 1))
            #expect(try await !desk.calendarOutlook().isEnding)
            world.clock.advance(seconds: 86_400)
            let near = try await desk.calendarOutlook()
            #expect(near.isEnding && near.daysLeft == 60)
            #expect(near.merchants == [.init(code: DeskWorld.merchantCode, channels: [.wechatPay])])
            #expect(near.moreMerchants == 0)
            try await desk.loadCalendar([try year(2028, free: ["2028-01-03"])])
            #expect(try await desk.calendarOutlook().until?.iso == "2028-12-31")
            world.clock.advance(seconds: 86_400 * 800)
            let over = try await desk.calendarOutlook()
            #expect(over.until == nil && over.daysLeft == 0 && over.isEnding)
        }
    }

    @Test func theOutlookNamesSomeMerchantsAndCountsTheOthers() async throws {
        try await withDesk(.sqlite) { desk, world in
            for number in 10..<35 {
                try await desk.addMerchant(
                    code: "a\(number)", name: "商户", nameEnglish: nil, zone: "Asia/Shanghai", currency: .cny)
            }
            world.clock.advance(seconds: 86_400 * 380)
            let outlook = try await desk.calendarOutlook()
            #expect(outlook.merchants.map(\.code) == (10..<30).map { "a\($0)" })
            #expect(outlook.moreMerchants == 6)
        }
    }
}
