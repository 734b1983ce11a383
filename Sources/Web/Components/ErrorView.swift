public import Hummingbird
public import Words

/// The page for everything that goes wrong: what happened, in calm words, and what to do now.
public struct ErrorView: View {
    public static let template = "errors/error"
    public static let sample = ErrorView(
        frame: .sample, title: "没有这个页面", text: "地址可能不完整。", advice: "请从首页开始。", reference: "9f3c")

    public let frame: Frame
    public let title: String
    public let text: String
    public let advice: String
    /// The request's id, which support can find in the log; only for errors of ours.
    public let reference: String?

    init(frame: Frame, title: String, text: String, advice: String, reference: String?) {
        self.frame = frame
        self.title = title
        self.text = text
        self.advice = advice
        self.reference = reference
    }

    /// The words of an answer's status; a status without words of its own gets those of 400 or 500.
    public init(_ answer: ErrorAnswer, frame: Frame, requestID: String, phrases: Phrases) {
        let code = answer.status.code
        let worded = ErrorView.wordedCodes.contains(code) ? code : (code >= 500 ? 500 : 400)
        let key = "errors.\(answer.words ?? String(worded))"
        self.init(
            frame: frame, title: phrases.text("\(key).title"), text: phrases.text("\(key).text"),
            advice: phrases.text("\(key).advice"), reference: code >= 500 ? requestID : nil)
    }

    private static let wordedCodes = [400, 403, 404, 405, 408, 413, 429, 500, 503]

    /// The keys of the words, for checking at start.
    public static var keys: [String] {
        (wordedCodes.map(String.init) + ["unsure", "crowded", "late"]).flatMap { words in
            ["title", "text", "advice"].map { "errors.\(words).\($0)" }
        }
    }
}

extension Pages {
    /// What ``ErrorPages`` renders: the error page in the visitor's language.
    ///
    /// - Parameter brand: The portal's name in a language.
    public func errorPage<Context: WebContext>(
        _ answer: ErrorAnswer, _ request: Request, _ context: Context, choice: LanguageChoice,
        brand: (Language) -> String
    ) throws(TemplateFault) -> Response {
        let language = choice.language(of: request)
        let frame = Frame(
            brand: brand(language), switchAddress: LanguageChoice.switchAddress(request, to: language.other))
        let view = ErrorView(answer, frame: frame, requestID: context.id, phrases: vocabulary[language])
        return try html(view, status: answer.status, to: request, in: language)
    }
}
