import Foundation
public import RefundDomain

/// Reads `reference/issuers`: whom to call about money that is with a bank.
public enum IssuersFile {
    /// Why the file cannot be used.
    public struct Fault: Error, Sendable, Hashable, CustomStringConvertible {
        public let file: String
        public let reason: String
        public var description: String { "\(file): \(reason)" }
    }

    /// Digits of a telephone number.
    private static let phoneDigits = 3...15

    private struct Content: Decodable {
        let issuers: [Issuer]
        let channels: [Service]
    }

    private struct Issuer: Decodable {
        let codes: [String]
        let names: [String]
        let name: String
        let nameEnglish: String
        let phone: String
        let source: String
        let verified: Bool

        enum CodingKeys: String, CodingKey {
            case codes, names, name, phone, source, verified
            case nameEnglish = "name_en"
        }
    }

    private struct Service: Decodable {
        let channel: String
        let name: String
        let nameEnglish: String
        let phone: String
        let source: String
        let verified: Bool

        enum CodingKeys: String, CodingKey {
            case channel, name, phone, source, verified
            case nameEnglish = "name_en"
        }
    }

    /// - Throws: ``Fault`` where a value is missing or unknown, a number is none, or two rows claim the same word.
    public static func read(_ path: String) throws(Fault) -> IssuerDirectory {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw Fault(file: path, reason: "it cannot be read")
        }
        let content: Content
        do {
            content = try JSONDecoder().decode(Content.self, from: data)
        } catch {
            throw Fault(file: path, reason: JSONFault.words(error))
        }
        var seen: Set<String> = []
        var issuers: [IssuerDirectory.Issuer] = []
        for row in content.issuers {
            guard isPhone(row.phone), !row.source.isEmpty, !row.codes.isEmpty, !row.names.isEmpty,
                (row.codes + row.names).allSatisfy({ !$0.isEmpty && seen.insert($0).inserted })
            else {
                throw Fault(file: path, reason: "the row of \(row.name) is incomplete or says what another one says")
            }
            issuers.append(
                IssuerDirectory.Issuer(
                    codes: Set(row.codes), names: row.names,
                    desk: IssuerDirectory.Desk(name: row.name, nameEnglish: row.nameEnglish, phone: row.phone)))
        }
        var channels: [Channel: IssuerDirectory.Desk] = [:]
        for row in content.channels {
            guard let channel = Channel(rawValue: row.channel), channels[channel] == nil, isPhone(row.phone),
                !row.source.isEmpty
            else { throw Fault(file: path, reason: "the row of \(row.channel) is unknown, incomplete or there twice") }
            channels[channel] = IssuerDirectory.Desk(
                name: row.name, nameEnglish: row.nameEnglish, phone: row.phone)
        }
        return IssuerDirectory(issuers: issuers, channels: channels)
    }

    private static func isPhone(_ text: String) -> Bool {
        phoneDigits.contains(text.utf8.count) && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }
}
