public import Foundation
public import RefundDomain

/// Reads `reference/issuers/cn-cards.json`, and files of the same form that are loaded later.
public enum CardIssuersFile {
    /// Why the file cannot be used.
    public struct Fault: Error, Sendable, Hashable, CustomStringConvertible {
        public let file: String
        public let reason: String
        public var description: String { "\(file): \(reason)" }
    }

    /// Rows of one file; all of China's banks have about 1,700.
    public static let rowsMax = 50_000
    private static let textCharactersMax = 200

    private struct Content: Decodable {
        let source: String
        /// Names by codes.
        let banks: [String: String]
        /// Prefixes by the bank's code and then by kind and length, for example `debit 19`.
        let prefixes: [String: [String: [String]]]
    }

    /// - Throws: ``Fault`` where it cannot be read; as ``parse(_:name:)``.
    public static func read(_ path: String) throws(Fault) -> CardIssuers {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw Fault(file: path, reason: "it cannot be read")
        }
        return try parse(data, name: path)
    }

    /// - Throws: ``Fault`` where a value is missing or unknown, a prefix is none, or two rows claim the same cards.
    public static func parse(_ data: Data, name: String) throws(Fault) -> CardIssuers {
        let content: Content
        do {
            content = try JSONDecoder().decode(Content.self, from: data)
        } catch {
            throw Fault(file: name, reason: JSONFault.words(error))
        }
        guard isText(content.source) else { throw Fault(file: name, reason: "source must say where it comes from") }
        var rows: [CardPrefix] = []
        for (bank, groups) in content.prefixes.sorted(by: { $0.key < $1.key }) {
            guard isText(bank), let bankName = content.banks[bank], isText(bankName) else {
                throw Fault(file: name, reason: "the bank \(bank) has no name")
            }
            for (group, prefixes) in groups.sorted(by: { $0.key < $1.key }) {
                guard let (kind, length) = cards(group) else {
                    throw Fault(file: name, reason: "“\(group)” of \(bank) is no kind and length like “debit 19”")
                }
                for digits in prefixes {
                    guard isPrefix(digits) else {
                        throw Fault(file: name, reason: "“\(digits)” of \(bank) is no prefix of 3 to 10 digits")
                    }
                    rows.append(
                        CardPrefix(digits: digits, length: length, bank: bank, bankName: bankName, kind: kind))
                }
            }
            guard rows.count <= rowsMax else { throw Fault(file: name, reason: "more than \(rowsMax) prefixes") }
        }
        try check(rows, name)
        return CardIssuers(source: content.source, prefixes: rows)
    }

    private static func check(_ rows: [CardPrefix], _ name: String) throws(Fault) {
        guard !rows.isEmpty else { throw Fault(file: name, reason: "it has no prefix") }
        var seen: Set<String> = []
        for row in rows where !seen.insert("\(row.digits) \(row.length)").inserted {
            throw Fault(file: name, reason: "\(row.digits) with \(row.length) digits is there twice")
        }
    }

    private static func isText(_ text: String) -> Bool {
        (1...textCharactersMax).contains(text.count) && !text.contains { $0.isNewline }
    }

    private static func isPrefix(_ text: String) -> Bool {
        CardIssuers.prefixDigits.contains(text.utf8.count) && text.utf8.first != 0x30
            && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }

    private static func cards(_ group: String) -> (CardKind, Int)? {
        let parts = group.split(separator: " ", omittingEmptySubsequences: false)
        guard parts.count == 2, let kind = parts.first.flatMap({ CardKind(rawValue: String($0)) }),
            let length = parts.last.flatMap({ Int($0) }), CardIssuers.numberDigits.contains(length),
            String(length) == parts.last.map(String.init)
        else { return nil }
        return (kind, length)
    }
}
