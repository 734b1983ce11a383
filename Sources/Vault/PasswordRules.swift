internal import Foundation

/// Why a new password is not taken.
public enum PasswordFault: String, Error, Sendable, Hashable, CaseIterable {
    case tooShort = "too-short"
    case tooLong = "too-long"
    /// It is one that everybody tries first, or one piece over and over again.
    case common
    /// The name of the person's own address is in it.
    case name
}

/// What a new password has to be: long enough, and nobody's first guess (NIST SP 800-63B 5.1.1.2, PCI DSS 8.3.6).
/// There is no rule about which kinds of characters it has.
public struct PasswordRules: Sendable {
    /// The shortest, in characters.
    public static let charactersMin = 12
    /// The longest, in bytes of UTF-8.
    public static let bytesMax = 128
    /// Shorter names of addresses stand in too many words to be looked for.
    private static let nameCharactersMin = 4

    private let common: Set<String>

    /// - Parameter common: passwords that are tried first.
    public init(common: some Sequence<String>) {
        self.common = Set(common.map(PasswordRules.folded))
    }

    /// The rules without any list.
    public static let lengthOnly = PasswordRules(common: [])

    /// Reads a list: a password a line; lines that begin with `#` are about the list.
    ///
    /// - Throws: what Foundation says when the file cannot be read.
    public static func read(_ path: String) throws -> PasswordRules {
        let text = try String(contentsOfFile: path, encoding: .utf8)
        return PasswordRules(
            common: text.split(whereSeparator: \.isNewline).filter { !$0.hasPrefix("#") }.map { String($0) })
    }

    /// How many passwords the list has.
    public var count: Int { common.count }

    /// What is wrong with a new password; nil for a good one.
    ///
    /// - Parameter email: the address of whoever it is for.
    public func fault(of password: String, email: String) -> PasswordFault? {
        if password.utf8.count > PasswordRules.bytesMax { return .tooLong }
        if password.unicodeScalars.count < PasswordRules.charactersMin { return .tooShort }
        let folded = PasswordRules.folded(password)
        if common.contains(folded) || PasswordRules.isOnePieceAgain(folded) { return .common }
        let name = PasswordRules.folded(String(email.prefix { $0 != "@" }))
        if name.count >= PasswordRules.nameCharactersMin, folded.contains(name) { return .name }
        return nil
    }

    /// As keyboards and fashions write the same password.
    private static func folded(_ text: String) -> String {
        text.precomposedStringWithCompatibilityMapping.lowercased().trimmingCharacters(in: .whitespaces)
    }

    /// Whether a text is a piece shorter than a password, said over and over: `abcabcabcabca`.
    private static func isOnePieceAgain(_ text: String) -> Bool {
        let letters = Array(text.unicodeScalars)
        return (1..<PasswordRules.charactersMin).contains { length in
            length * 2 <= letters.count && zip(letters, letters.dropFirst(length)).allSatisfy { $0 == $1 }
        }
    }
}
