internal import Foundation

/// Finds sealed values by equality: a keyed digest of the normalised value stands beside the sealed one.
public struct BlindIndex: Sendable {
    /// Bytes of one index value.
    public static let indexBytes = 16

    private let key: Secret

    /// An index under its own key; take it from ``Keys/blindIndex(_:)``.
    public init(key: Secret) {
        self.key = key
    }

    /// The index value of a value that one of the normalisers below made.
    public func index(_ normalised: String) -> [UInt8] {
        Array(Digest.hmacSHA256(key: key.bytes, message: Array(normalised.utf8)).prefix(BlindIndex.indexBytes))
    }
}

/// Turns contact data, as people type it, into the one form that is indexed and written to.
public enum ContactText {
    /// The longest e-mail address, in bytes (RFC 5321 4.5.3.1.3 less its brackets).
    public static let emailBytesMax = 254

    /// An e-mail address trimmed, in compatibility form (NFKC) and lower case; nil when it cannot be one.
    public static func normalEmail(_ text: String) -> String? {
        let normal = compatible(text).lowercased()
        let parts = normal.split(separator: "@", omittingEmptySubsequences: false)
        guard normal.utf8.count <= emailBytesMax, parts.count == 2, parts.allSatisfy({ !$0.isEmpty }),
            !normal.unicodeScalars.contains(where: isUnfitForEmail)
        else { return nil }
        return normal
    }

    /// A telephone number in E.164 form: mainland China's mobile numbers with or without +86, others with + or 00.
    ///
    /// Spaces, hyphens, dots, brackets and full-width characters are accepted; nil for anything else.
    public static func normalPhone(_ text: String) -> String? {
        var digits: [UInt8] = []
        var international = false
        for scalar in compatible(text).unicodeScalars {
            switch scalar {
            case "0"..."9": digits.append(UInt8(truncatingIfNeeded: scalar.value))
            case "+" where digits.isEmpty && !international: international = true
            case " ", "-", ".", "(", ")", "\u{2010}"..."\u{2015}", "\u{2212}": continue
            default: return nil
            }
            guard digits.count <= 17 else { return nil }
        }
        if !international, digits.starts(with: Array("00".utf8)) {
            international = true
            digits.removeFirst(2)
        }
        let number = String(decoding: digits, as: UTF8.self)
        if !international { return mainlandMobile(number) }
        guard (8...15).contains(digits.count), !number.hasPrefix("0") else { return nil }
        return "+" + number
    }

    /// A name in compatibility form with single spaces, case folded; nil when empty.
    public static func normalName(_ text: String) -> String? {
        let words = compatible(text).lowercased().split(whereSeparator: \.isWhitespace)
        return words.isEmpty ? nil : words.joined(separator: " ")
    }

    /// `13800138000` and `8613800138000`.
    private static func mainlandMobile(_ number: String) -> String? {
        let local = number.utf8.count == 13 && number.hasPrefix("86") ? String(number.dropFirst(2)) : number
        let bytes = Array(local.utf8)
        guard bytes.count == 11, bytes.first == UInt8(ascii: "1"),
            let second = bytes.dropFirst().first, (UInt8(ascii: "3")...UInt8(ascii: "9")).contains(second)
        else { return nil }
        return "+86" + local
    }

    private static func compatible(_ text: String) -> String {
        text.precomposedStringWithCompatibilityMapping.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private static func isUnfitForEmail(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isWhitespace || scalar.properties.generalCategory == .control
            || scalar.properties.generalCategory == .format || "<>,;:\"()[]\\".unicodeScalars.contains(scalar)
    }
}
