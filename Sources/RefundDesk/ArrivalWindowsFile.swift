import Foundation
public import RefundDomain

/// Reads `reference/arrival-windows.json`.
public enum ArrivalWindowsFile {
    /// Why the file cannot be used.
    public struct Fault: Error, Sendable, Hashable, CustomStringConvertible {
        public let file: String
        public let reason: String
        public var description: String { "\(file): \(reason)" }
    }

    private struct Content: Decodable {
        let outer: Outer
        let rows: [Row]
    }

    private struct Outer: Decodable {
        let earliest: Int
        let latest: Int
        let source: String
    }

    private struct Row: Decodable {
        let channel: String?
        let issuers: [String]?
        let paidBy: String?
        let crossBorder: Bool?
        let earliest: Int
        let latest: Int
        let source: String
        let verified: Bool

        enum CodingKeys: String, CodingKey {
            case channel, issuers, earliest, latest, source, verified
            case paidBy = "paid_by"
            case crossBorder = "cross_border"
        }
    }

    /// - Throws: ``Fault`` where a value is unknown, a span runs backwards or leaves ``WorkingDays/countMax``, two rows
    ///   say something about the same routes, or a source is missing.
    public static func read(_ path: String) throws(Fault) -> ArrivalWindows {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw Fault(file: path, reason: "it cannot be read")
        }
        let content: Content
        do {
            content = try JSONDecoder().decode(Content.self, from: data)
        } catch {
            throw Fault(file: path, reason: JSONFault.words(error))
        }
        var rows: [ArrivalWindows.Row] = []
        for (index, row) in content.rows.enumerated() {
            guard let read = read(row), !row.source.isEmpty else {
                throw Fault(file: path, reason: "row \(index + 1) has a value that is not known, or no source")
            }
            let isThere = rows.contains {
                $0.channel == read.channel && $0.issuers == read.issuers && $0.paidBy == read.paidBy
                    && $0.isCrossBorder == read.isCrossBorder
            }
            guard !isThere else { throw Fault(file: path, reason: "row \(index + 1) says again what another one says") }
            rows.append(read)
        }
        guard let outer = span(content.outer.earliest, content.outer.latest) else {
            throw Fault(file: path, reason: "the outer window is none")
        }
        return ArrivalWindows(rows: rows, outer: outer)
    }

    private static func read(_ row: Row) -> ArrivalWindows.Row? {
        let channel = row.channel.flatMap { Channel(rawValue: $0) }
        let paidBy = row.paidBy.flatMap { PaidBy(rawValue: $0) }
        guard (channel == nil) == (row.channel == nil), (paidBy == nil) == (row.paidBy == nil),
            let days = span(row.earliest, row.latest)
        else { return nil }
        return ArrivalWindows.Row(
            channel: channel, issuers: Set(row.issuers ?? []), paidBy: paidBy, isCrossBorder: row.crossBorder,
            days: days)
    }

    private static func span(_ earliest: Int, _ latest: Int) -> ClosedRange<Int>? {
        guard earliest >= 0, earliest <= latest, latest <= WorkingDays.countMax else { return nil }
        return earliest...latest
    }
}
