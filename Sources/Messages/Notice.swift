public import Words

/// What somebody is told: the kind of news and its finished values.
public struct Notice: Sendable {
    /// The message's own id; sending it twice under one id must not tell twice.
    public let id: String
    /// A key of the words, for example `approved`.
    public let kind: String
    public let language: Language
    public let medium: Medium
    /// A normalised e-mail address or telephone number.
    public let to: String
    /// Finished texts for the placeholders of the kind's words: `merchant`, `number`, `amount`, `date`, `link`, …
    public let values: [String: String]
    /// Milliseconds since 1970 when the news was written down.
    public let writtenMilliseconds: Int64
    /// Whether it is for somebody who works here: what cardholders are told at the end does not hold for them.
    public let isForStaff: Bool

    /// How it travels.
    public enum Medium: String, Sendable, Hashable {
        case email
        case sms
    }

    public init(
        id: String, kind: String, language: Language, medium: Medium, to: String, values: [String: String],
        writtenMilliseconds: Int64, isForStaff: Bool = false
    ) {
        self.id = id
        self.kind = kind
        self.language = language
        self.medium = medium
        self.to = to
        self.values = values
        self.writtenMilliseconds = writtenMilliseconds
        self.isForStaff = isForStaff
    }
}

/// A message as it is sent.
public struct Message: Sendable, Hashable {
    public let id: String
    public let kind: String
    public let language: Language
    public let to: String
    /// One line; never an amount.
    public let subject: String
    public let text: String
    public let writtenMilliseconds: Int64
}

/// Writes messages from the words `message.<kind>.subject`, `.email` and `.sms`.
public struct MessageWriter: Sendable {
    private let vocabulary: Vocabulary

    public init(vocabulary: Vocabulary) {
        self.vocabulary = vocabulary
    }

    /// The words a kind needs, for checking at start.
    ///
    /// - Parameter media: the parts that are written; what never goes by telephone has no `sms`.
    public static func keys(of kinds: [String], media: [String] = ["subject", "email", "sms"]) -> [String] {
        kinds.flatMap { kind in media.map { "message.\(kind).\($0)" } }
            + ["message.greeting", "message.link", "message.footer"]
    }

    /// One of the fixed words, where a message's values need it.
    public func text(_ key: String, _ language: Language) -> String {
        vocabulary[language].text(key)
    }

    /// The message of a notice in the person's language.
    public func message(_ notice: Notice) -> Message {
        let phrases = vocabulary[notice.language]
        let key = "message.\(notice.kind)"
        let text: String
        switch notice.medium {
        case .sms: text = phrases.text("\(key).sms", notice.values)
        case .email: text = email(notice, phrases, key)
        }
        return Message(
            id: notice.id, kind: notice.kind, language: notice.language, to: oneLine(notice.to),
            subject: oneLine(phrases.text("\(key).subject", notice.values)), text: text,
            writtenMilliseconds: notice.writtenMilliseconds)
    }

    private func email(_ notice: Notice, _ phrases: Phrases, _ key: String) -> String {
        var parts = [phrases.text("message.greeting", notice.values), phrases.text("\(key).email", notice.values)]
        if notice.values["link"] != nil { parts.append(phrases.text("message.link", notice.values)) }
        if !notice.isForStaff { parts.append(phrases.text("message.footer", notice.values)) }
        return parts.joined(separator: "\n\n")
    }

    /// Without anything that could begin another header line.
    private func oneLine(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? " " : $0 }))
    }
}
