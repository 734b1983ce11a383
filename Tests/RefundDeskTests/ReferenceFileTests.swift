import Foundation
import RefundDesk
import RefundDomain
import TestSupport
import Testing

@Suite struct ReferenceFileTests {
    private static let folder = Program.repository + "/reference/working-days"
    private static let python = Program.repository + "/.venv/bin/python"
    private static let script = Program.repository + "/Scripts/check-working-days.py"

    private static let canCompare = (try? Program.run(python, ["-c", "import chinese_calendar"])) != nil

    @Test func theFilesCover2024To2026AndNameTheirNotices() throws {
        let years = try WorkingDaysFile.years(folder: Self.folder)
        #expect(years.map(\.year) == [2024, 2025, 2026])
        #expect(years.allSatisfy { $0.region == "CN" && $0.source.contains("国办发明电") })
        let days = try WorkingDaysFile.read(folder: Self.folder)
        let workedDays = [2024, 2025, 2026].map { year in
            (0..<366).compactMap { Day(year: year, month: 1, day: 1)?.adding(days: $0) }
                .count { $0.year == year && days.isWorked($0) }
        }
        #expect(workedDays == [251, 248, 248])
    }

    @Test(.enabled(if: canCompare, "Scripts/setup.sh test installs chinesecalendar"))
    func everyDayAgreesWithAnIndependentCalendar() throws {
        #expect(try Program.run(Self.python, [Self.script]).hasPrefix("1096 days of 3 files compared, 0 differ"))
    }

    @Test(.enabled(if: canCompare, "Scripts/setup.sh test installs chinesecalendar"))
    func anIndependentCalendarFindsADayThatIsWrong() throws {
        let data = try Data(contentsOf: URL(fileURLWithPath: Self.folder + "/cn-2025.json"))
        let right = String(decoding: data, as: UTF8.self)
        for (day, other) in [("2025-10-11", "2025-10-12"), ("2025-06-02", "2025-06-03")] {
            let path = NSTemporaryDirectory() + "cn-\(UUID().uuidString).json"
            defer { try? FileManager.default.removeItem(atPath: path) }
            let wrong = right.replacingOccurrences(of: day, with: other)
            try #require(wrong != right)
            try wrong.write(toFile: path, atomically: true, encoding: .utf8)
            _ = try WorkingDaysFile.parse(Data(wrong.utf8), name: "f")
            let failure = #expect(throws: Program.Failure.self) { try Program.run(Self.python, [Self.script, path]) }
            #expect(failure?.reason.contains(day) == true)
        }
    }

    @Test func theSpringFestivalIsCountedAsPublished() throws {
        let days = try WorkingDaysFile.read(folder: Self.folder)
        let before = try #require(Day(iso: "2026-02-13"))
        // The Saturday after it is worked, then nine days are free.
        #expect(days.adding(1, to: before).day.iso == "2026-02-14")
        #expect(days.adding(2, to: before).day.iso == "2026-02-24")
        #expect(days.adding(6, to: before).day.iso == "2026-02-28")
        let eve = try #require(Day(iso: "2025-12-31"))
        #expect(days.adding(1, to: eve) == days.adding(1, to: try #require(Day(iso: "2026-01-03"))))
        #expect(days.adding(1, to: eve).day.iso == "2026-01-04")
        #expect(days.adding(1, to: eve).isExact)
    }

    private func parse(_ text: String) throws -> [WorkingYear] {
        try WorkingDaysFile.parse(Data(text.utf8), name: "f")
    }

    private func file(
        region: String = #""HK""#, years: String = "[2027, 2028]", source: String = #""notice""#,
        holidays: String = #"["2027-01-01", "2028-01-03"]"#, worked: String = #"["2027-01-09"]"#, more: String = ""
    ) -> String {
        """
        {"region":\(region),"years":\(years),"source":\(source),"holidays":\(holidays),"make_up_days":\(worked)\(more)}
        """
    }

    @Test func aFileOfSeveralYearsIsReadAsYears() throws {
        let years = try parse(file())
        #expect(years.map(\.year) == [2027, 2028])
        #expect(years.map(\.region) == ["HK", "HK"])
        #expect(years.first?.makeUpDays.map(\.iso) == ["2027-01-09"])
        #expect(years.last?.holidays.map(\.iso) == ["2028-01-03"])
    }

    @Test func whatCannotBeMeantIsRefusedInWords() {
        let wrong: [(String, String)] = [
            ("[]", "f: it is no JSON document of this form"), ("{", "f: it is no JSON document of this form"),
            (#"{"region":"CN"}"#, "f: the key “years” is missing"),
            (file(region: "7"), "f: “region” has another kind of value"),
            (file(region: #""cn""#), "f: the region is two capital letters, not “cn”"),
            (file(years: "[]"), "f: it names no year"), (file(years: "[2027,2027]"), "f: it names a year twice"),
            (file(years: "[2027]"), "f: 2028-01-03 is in none of the years that the file names"),
            (file(years: "[2027,2028,2029]"), "f: 2029 has no holidays, so they are missing"),
            (
                file(years: "[1999]", holidays: #"["1999-01-01"]"#, worked: "[]"),
                "f: 1999 is not a year from 2000 to 2100"
            ), (file(source: #""  ""#), "f: the source is missing: name the notice that published these days"),
            (file(holidays: #"["2027-1-1"]"#), "f: “2027-1-1” is no date like 2027-01-01"),
            (file(holidays: #"["2027-02-29"]"#), "f: “2027-02-29” is no date like 2027-01-01"),
            (file(worked: #"["2027-01-11"]"#), "f: 2027-01-11 is no Saturday or Sunday, which make-up days are"),
            (
                file(holidays: #"["2027-01-02","2028-01-03"]"#),
                "f: 2027-01-02 is a weekend day; holidays are Mondays to Fridays only"
            ), (file(holidays: #"["2027-01-01","2027-01-01","2028-01-03"]"#), "f: 2027-01-01 is there twice"),
            (file(more: #","makeup_days":[]"#), "f: the key “makeup_days” is not known"),
        ]
        for (text, sentence) in wrong {
            let fault = #expect(throws: WorkingDaysFile.Fault.self) { try parse(text) }
            #expect(fault?.description == sentence)
        }
    }

    @Test func theArrivalWindowsAreReadAndEachNamesItsSource() throws {
        let windows = try ArrivalWindowsFile.read(Program.repository + "/reference/arrival-windows.json")
        let route = { RefundRoute(channel: $0, issuer: $1, paidBy: $2, isCrossBorder: $3) }
        #expect(windows.outer == 15...30)
        #expect(windows.days(for: route(.wechatPay, "CFT", .wallet, false)) == 0...1)
        #expect(windows.days(for: route(.wechatPay, "CMB", .credit, false)) == 1...3)
        #expect(windows.days(for: route(.wechatPay, nil, nil, false)) == 0...3)
        #expect(windows.days(for: route(.wechatPay, "CMB", .credit, true)) == 15...30)
        #expect(windows.days(for: route(.unionPay, "CMB", .debit, false)) == 1...10)
        #expect(windows.days(for: route(.unionPay, "工商银行", .debit, false)) == 5...10)
        #expect(windows.days(for: route(.alipay, "CMB", .debit, false)) == 15...30)
        #expect(windows.days(for: route(.manual, nil, nil, false)) == 15...30)
    }

    @Test func windowsThatSayNothingClearAreRefused() throws {
        let row = { (inside: String) in #"{\#(inside)"source":"s","verified":true}"# }
        let unknown = "row 1 has a value that is not known, or no source"
        let wrong: [(rows: [String], reason: String)] = [
            ([row(#""channel":"pigeon","earliest":1,"latest":2,"#)], unknown),
            ([row(#""earliest":3,"latest":2,"#)], unknown), ([row(#""earliest":1,"latest":401,"#)], unknown),
            (Array(repeating: row(#""earliest":1,"latest":2,"#), count: 2), "row 2 says again what another one says"),
        ]
        for (rows, reason) in wrong {
            let path = NSTemporaryDirectory() + "windows-\(UUID().uuidString).json"
            defer { try? FileManager.default.removeItem(atPath: path) }
            let text = #"{"outer":{"earliest":15,"latest":30,"source":"s"},"rows":[\#(rows.joined(separator: ","))]}"#
            try text.write(toFile: path, atomically: true, encoding: .utf8)
            let fault = #expect(throws: ArrivalWindowsFile.Fault.self) { try ArrivalWindowsFile.read(path) }
            #expect(fault?.reason == reason)
        }
    }
}
