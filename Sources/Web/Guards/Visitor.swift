import HTTPTypes
public import Hummingbird
public import Words

/// Finds out who is asking as far as the connection and the browser tell: the client's address and language. A language
/// asked for by `?lang=` is remembered.
public struct Visitor<Context: WebContext>: RouterMiddleware {
    private let choice: LanguageChoice
    private let proxies: TrustedProxies

    public init(choice: LanguageChoice, proxies: TrustedProxies) {
        self.choice = choice
        self.proxies = proxies
    }

    /// Finds the visitor out, answers, and remembers a language that was asked for.
    public func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        var context = context
        context.language = choice.language(of: request)
        context.clientAddress = proxies.client(
            connection: context.connectionAddress, forwarded: request.headers.values(named: "X-Forwarded-For"))
        var response = try await next(request, context)
        choice.remember(request, on: &response)
        return response
    }
}

/// Chooses the language of an answer: asked for, remembered, preferred by the browser, Chinese.
public struct LanguageChoice: Sendable {
    /// The query field and cookie that carry a language.
    public static let name = "lang"

    private let cookies: Cookies

    public init(cookies: Cookies) {
        self.cookies = cookies
    }

    /// The language of a request's answer. It never fails: error pages need it too.
    public func language(of request: Request) -> Language {
        Language.chosen(
            asked: asked(request), remembered: cookies.value(LanguageChoice.name, of: request),
            acceptLanguage: request.headers[.acceptLanguage])
    }

    func remember(_ request: Request, on response: inout Response) {
        guard let language = asked(request).flatMap({ Language(rawValue: $0) }) else { return }
        cookies.set(LanguageChoice.name, to: language.rawValue, sameSite: .lax, on: &response)
    }

    /// The address of the same page in another language.
    public static func switchAddress(_ request: Request, to language: Language) -> String {
        let path = request.uri.path.hasPrefix("//") ? "/" : request.uri.path
        let kept = (request.uri.query ?? "").split(separator: "&").filter { !$0.hasPrefix("\(name)=") }
        let query = (kept.map(String.init) + ["\(name)=\(language.rawValue)"]).joined(separator: "&")
        return "\(path)?\(query)"
    }

    private func asked(_ request: Request) -> String? {
        (try? FormFields.query(request))?.text(LanguageChoice.name)
    }
}
