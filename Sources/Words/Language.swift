/// A language that people can read the portal in.
public enum Language: String, Sendable, Hashable, CaseIterable, Codable {
    case zhHans = "zh-Hans"
    case en

    /// The language of people who asked for none.
    public static let standard = Language.zhHans

    /// The tag for the `lang` attribute and `Content-Language` (BCP 47).
    public var tag: String { rawValue }

    /// The language's name in itself, for the link that switches to it.
    public var ownName: String {
        switch self {
        case .zhHans: "中文"
        case .en: "English"
        }
    }

    /// The language that a page in this one offers instead.
    public var other: Language {
        switch self {
        case .zhHans: .en
        case .en: .zhHans
        }
    }

    /// The language of a tag as browsers send it: `en-GB`, `zh`, `zh-CN`, `zh-Hans-CN`; nil for one we do not speak.
    ///
    /// Traditional Chinese is answered in simplified Chinese, which its readers know better than English.
    public init?(tag: some StringProtocol) {
        let primary = tag.prefix { $0 != "-" && $0 != "_" }.lowercased()
        switch primary {
        case "zh": self = .zhHans
        case "en": self = .en
        default: return nil
        }
    }

    /// The language for a request: the one asked for in the address, then the remembered one, then the browser's.
    public static func chosen(asked: String?, remembered: String?, acceptLanguage: String?) -> Language {
        if let language = asked.flatMap({ Language(rawValue: $0) }) { return language }
        if let language = remembered.flatMap({ Language(rawValue: $0) }) { return language }
        return preferred(acceptLanguage ?? "") ?? standard
    }

    /// How many entries of an `Accept-Language` header are looked at.
    private static let entriesMax = 20

    /// The best of our languages by the quality values of `Accept-Language` (RFC 9110, 12.5.4); nil when none fits.
    private static func preferred(_ header: String) -> Language? {
        var best: (language: Language, quality: Int)?
        for entry in header.split(separator: ",", maxSplits: entriesMax).prefix(entriesMax) {
            let parts = entry.split(separator: ";", omittingEmptySubsequences: false)
            guard let first = parts.first, let language = Language(tag: trimmed(first)) else { continue }
            let quality = parts.dropFirst().compactMap { thousandths(trimmed($0)) }.first ?? 1000
            guard quality > 0, quality > best?.quality ?? 0 else { continue }
            best = (language, quality)
        }
        return best?.language
    }

    /// The value of `q=0.8` as 800; nil when it is not a quality value.
    private static func thousandths(_ parameter: Substring) -> Int? {
        guard parameter.lowercased().hasPrefix("q=") else { return nil }
        let digits = parameter.dropFirst(2).split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard let whole = digits.first, whole == "0" || whole == "1" else { return 0 }
        let fraction = digits.count == 2 ? digits[1].prefix(3) : ""
        guard fraction.utf8.allSatisfy({ (48...57).contains($0) }) else { return 0 }
        let value = fraction.utf8.reduce(0) { $0 * 10 + Int($1 - 48) }
        let scale = [1000, 100, 10, 1][min(fraction.utf8.count, 3)]
        return min((whole == "1" ? 1000 : 0) + value * scale, 1000)
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text.drop { $0 == " " || $0 == "\t" }
        while text.last == " " || text.last == "\t" { text.removeLast() }
        return text
    }
}
