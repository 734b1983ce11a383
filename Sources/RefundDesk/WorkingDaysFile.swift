public import Foundation
public import RefundDomain

/// Reads years of working days from files of the form of `reference/working-days`.
public enum WorkingDaysFile {
    /// Why a file cannot be used, for whoever wrote it.
    public struct Fault: Error, Sendable, Hashable, CustomStringConvertible {
        public let file: String
        public let reason: String
        public var description: String { "\(file): \(reason)" }
    }

    private struct Content: Decodable {
        let region: String
        let years: [Int]
        let source: String
        let holidays: [String]
        let makeUpDays: [String]

        enum CodingKeys: String, CodingKey, CaseIterable {
            case region, years, source, holidays
            case makeUpDays = "make_up_days"
        }

        init(from decoder: any Decoder) throws {
            let known = Set(CodingKeys.allCases.map(\.rawValue))
            for key in try decoder.container(keyedBy: AnyKey.self).allKeys where !known.contains(key.stringValue) {
                throw UnknownKey(name: key.stringValue)
            }
            let values = try decoder.container(keyedBy: CodingKeys.self)
            region = try values.decode(String.self, forKey: .region)
            years = try values.decode([Int].self, forKey: .years)
            source = try values.decode(String.self, forKey: .source)
            holidays = try values.decode([String].self, forKey: .holidays)
            makeUpDays = try values.decode([String].self, forKey: .makeUpDays)
        }
    }

    /// The years that a file holds.
    ///
    /// - Parameter name: what the file is called in faults.
    /// - Throws: ``Fault`` at the first thing that cannot be meant.
    public static func parse(_ data: Data, name: String) throws(Fault) -> [WorkingYear] {
        let content: Content
        do {
            content = try JSONDecoder().decode(Content.self, from: data)
        } catch {
            throw Fault(file: name, reason: JSONFault.words(error))
        }
        guard !content.years.isEmpty else { throw Fault(file: name, reason: "it names no year") }
        guard Set(content.years).count == content.years.count else {
            throw Fault(file: name, reason: "it names a year twice")
        }
        let holidays = try days(content.holidays, name)
        let makeUpDays = try days(content.makeUpDays, name)
        do {
            for day in holidays + makeUpDays where !content.years.contains(day.year) {
                throw WorkingYear.Fault.otherYear(day)
            }
            return try content.years.sorted().map { year in
                try WorkingYear(
                    region: content.region, year: year, source: content.source,
                    holidays: holidays.filter { $0.year == year }, makeUpDays: makeUpDays.filter { $0.year == year })
            }
        } catch {
            throw Fault(file: name, reason: "\(error)")
        }
    }

    /// The years of one region in all files of a folder.
    ///
    /// - Throws: ``Fault``; a folder that is missing or has nothing of the region is one, and so is a year that two
    ///   files hold.
    public static func years(
        folder: String, region: String = WorkingYear.usualRegion
    ) throws(Fault) -> [WorkingYear] {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
            throw Fault(file: folder, reason: "the folder cannot be read")
        }
        var years: [WorkingYear] = []
        for name in names.sorted() where name.hasSuffix(".json") {
            let path = "\(folder)/\(name)"
            guard let data = FileManager.default.contents(atPath: path) else {
                throw Fault(file: path, reason: "it cannot be read")
            }
            for year in try parse(data, name: path) where year.region == region {
                guard !years.contains(where: { $0.year == year.year }) else {
                    throw Fault(file: path, reason: "another file holds \(year.year) already")
                }
                years.append(year)
            }
        }
        guard !years.isEmpty else { throw Fault(file: folder, reason: "no file holds a year of \(region)") }
        return years
    }

    /// All years of the usual region in a folder together.
    ///
    /// - Throws: ``Fault`` as ``years(folder:region:)``.
    public static func read(folder: String) throws(Fault) -> WorkingDays {
        WorkingDays(try years(folder: folder))
    }

    private static func days(_ texts: [String], _ name: String) throws(Fault) -> [Day] {
        var days: [Day] = []
        for text in texts {
            guard let day = Day(iso: text), day.iso == text else {
                throw Fault(file: name, reason: "“\(text)” is no date like 2027-01-01")
            }
            days.append(day)
        }
        return days
    }
}

/// A key of any name, to find those that nobody reads.
struct AnyKey: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init?(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
}

/// A key that a reference file does not have.
struct UnknownKey: Error {
    let name: String
}

/// What is wrong with a JSON document, in words.
enum JSONFault {
    static func words(_ error: any Error) -> String {
        switch error {
        case let key as UnknownKey: "the key “\(key.name)” is not known"
        case DecodingError.keyNotFound(let key, _): "the key “\(key.stringValue)” is missing"
        case DecodingError.typeMismatch(_, let context) where !context.codingPath.isEmpty,
            DecodingError.valueNotFound(_, let context) where !context.codingPath.isEmpty:
            "“\(context.codingPath.map(\.stringValue).joined(separator: "."))” has another kind of value"
        default: "it is no JSON document of this form"
        }
    }
}
