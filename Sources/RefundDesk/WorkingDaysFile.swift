import Foundation
public import RefundDomain

/// Reads working days from the files of `reference/working-days`.
public enum WorkingDaysFile {
    /// Why a file cannot be used.
    public enum Fault: Error, Sendable, Hashable {
        case unreadable(file: String)
        case notADate(file: String, text: String)
    }

    private struct Content: Decodable {
        let years: [Int]
        let holidays: [String]
        let makeUpDays: [String]

        enum CodingKeys: String, CodingKey {
            case years, holidays
            case makeUpDays = "make_up_days"
        }
    }

    /// All files of a folder together.
    ///
    /// - Throws: ``Fault``; a missing folder is unreadable.
    public static func read(folder: String) throws(Fault) -> WorkingDays {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
            throw .unreadable(file: folder)
        }
        var holidays: Set<Day> = []
        var makeUpDays: Set<Day> = []
        var years: Set<Int> = []
        for name in names.sorted() where name.hasSuffix(".json") {
            let path = "\(folder)/\(name)"
            guard let data = FileManager.default.contents(atPath: path),
                let content = try? JSONDecoder().decode(Content.self, from: data)
            else { throw .unreadable(file: path) }
            years.formUnion(content.years)
            holidays.formUnion(try days(content.holidays, path))
            makeUpDays.formUnion(try days(content.makeUpDays, path))
        }
        return WorkingDays(holidays: holidays, makeUpDays: makeUpDays, years: years)
    }

    private static func days(_ texts: [String], _ path: String) throws(Fault) -> [Day] {
        var days: [Day] = []
        for text in texts {
            guard let day = Day(iso: text) else { throw .notADate(file: path, text: text) }
            days.append(day)
        }
        return days
    }
}
