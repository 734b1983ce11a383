import Foundation

/// Why the word files cannot be used. The server does not start with one of these.
public enum VocabularyFault: Error, Sendable, Hashable, CustomStringConvertible {
    /// The file is missing or is not a JSON object of texts.
    case unreadable(file: String)
    /// Keys that only one of the two languages has.
    case missingKeys(language: Language, keys: [String])
    /// A text with a brace that does not belong to a placeholder.
    case badPattern(language: Language, key: String)
    /// The two languages want different values for the same key.
    case differentValues(key: String)
    /// Keys that the program uses and the files do not have.
    case unknownKeys([String])

    public var description: String {
        switch self {
        case .unreadable(let file): "words: \(file) is missing or not a JSON object of texts"
        case .missingKeys(let language, let keys): "words: \(language.tag) lacks \(keys.joined(separator: ", "))"
        case .badPattern(let language, let key): "words: \(key) in \(language.tag) has an open or unknown placeholder"
        case .differentValues(let key): "words: \(key) has different placeholders in the two languages"
        case .unknownKeys(let keys): "words: no text for \(keys.joined(separator: ", "))"
        }
    }
}

/// Every text of the portal in every language, from `templates/words/`.
public struct Vocabulary: Sendable {
    private let chinese: Phrases
    private let english: Phrases

    /// Reads `zh-Hans.json` and `en.json`, which must have the same keys with the same placeholders.
    public static func load(folder: String) throws(VocabularyFault) -> Vocabulary {
        try Vocabulary(
            chinese: texts(folder: folder, language: .zhHans), english: texts(folder: folder, language: .en))
    }

    /// A vocabulary from texts by key; both languages must have the same keys with the same placeholders.
    public init(chinese: [String: String], english: [String: String]) throws(VocabularyFault) {
        try Vocabulary.compare(chinese, english, language: .en)
        try Vocabulary.compare(english, chinese, language: .zhHans)
        self.chinese = try Phrases(language: .zhHans, texts: chinese)
        self.english = try Phrases(language: .en, texts: english)
        for key in chinese.keys.sorted() where self.chinese.pattern(key)?.names != self.english.pattern(key)?.names {
            throw .differentValues(key: key)
        }
    }

    /// The texts of one language.
    public subscript(language: Language) -> Phrases {
        switch language {
        case .zhHans: chinese
        case .en: english
        }
    }

    /// Checks that there is a text for each of these keys; call it at start with the keys that code uses.
    public func require(_ keys: some Sequence<String>) throws(VocabularyFault) {
        let missing = keys.filter { chinese.pattern($0) == nil }
        guard missing.isEmpty else { throw .unknownKeys(missing.sorted()) }
    }

    /// All keys, sorted.
    public var keys: [String] { chinese.keys }

    private static func compare(
        _ left: [String: String], _ right: [String: String], language: Language
    ) throws(VocabularyFault) {
        let missing = left.keys.filter { right[$0] == nil }
        guard missing.isEmpty else { throw .missingKeys(language: language, keys: missing.sorted()) }
    }

    private static func texts(folder: String, language: Language) throws(VocabularyFault) -> [String: String] {
        let file = "\(folder)/\(language.rawValue).json"
        guard let data = FileManager.default.contents(atPath: file),
            let texts = try? JSONDecoder().decode([String: String].self, from: data)
        else { throw .unreadable(file: file) }
        return texts
    }
}

/// The texts of one language, by key.
public struct Phrases: Sendable {
    public let language: Language
    private let patterns: [String: Pattern]

    init(language: Language, texts: [String: String]) throws(VocabularyFault) {
        var patterns: [String: Pattern] = [:]
        for (key, text) in texts {
            guard let pattern = Pattern(text) else { throw .badPattern(language: language, key: key) }
            patterns[key] = pattern
        }
        self.language = language
        self.patterns = patterns
    }

    /// The text of a key with its values in place, for example `text("amount.limit", ["amount": "¥60.00"])`.
    ///
    /// A key without a text comes out as `⟦key⟧`, so that a test and a reader can see it.
    public func text(_ key: String, _ values: [String: String] = [:]) -> String {
        patterns[key]?.filled(values) ?? "⟦\(key)⟧"
    }

    /// The pattern of a key, for those who place its values themselves; nil when there is none.
    public func pattern(_ key: String) -> Pattern? { patterns[key] }

    /// All keys, sorted.
    public var keys: [String] { patterns.keys.sorted() }
}
