import Words

/// An error page in every language at once, for requests whose language nobody knows.
public struct LastView: View {
    public static let template = "errors/last"
    public static let sample = LastView(
        title: "我们无法读取", parts: [Part(language: "zh-Hans", title: "我们无法读取", text: "有一部分读不出来。", advice: "请再试一次。")])

    /// The words in one language.
    public struct Part: Sendable {
        let language: String
        let title: String
        let text: String
        let advice: String
    }

    public let title: String
    public let parts: [Part]

    init(title: String, parts: [Part]) {
        self.title = title
        self.parts = parts
    }

    /// - Parameter name: of the words among those of errors: `errors.<name>.title`.
    init(_ name: String, _ vocabulary: Vocabulary) {
        let parts = Language.allCases.map { language in
            let phrases = vocabulary[language]
            return Part(
                language: language.tag, title: phrases.text("errors.\(name).title"),
                text: phrases.text("errors.\(name).text"), advice: phrases.text("errors.\(name).advice"))
        }
        self.init(title: parts.map(\.title).joined(separator: " / "), parts: parts)
    }
}

extension Pages {
    /// The answers to requests that no page can answer.
    ///
    /// - Parameter isSecure: Whether people reach the portal by https.
    public func lastAnswers(isSecure: Bool) throws(TemplateFault) -> LastAnswers {
        try LastAnswers(type: "text/html; charset=utf-8", isSecure: isSecure) { name throws(TemplateFault) in
            try rendered(LastView(name, vocabulary), in: .standard).plain
        }
    }
}
