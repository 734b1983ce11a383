public import HTTPTypes
public import Hummingbird

/// Puts the security headers on every answer. The outermost middleware: everything inside it has become an answer.
public struct SecurityHeaders<Context: RequestContext>: RouterMiddleware {
    /// Nothing but our own scripts, styles, pictures and forms.
    static var policy: String {
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; "
            + "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    }
    /// Two years, in seconds.
    static var strictTransport: String { "max-age=63072000; includeSubDomains" }

    private let isSecure: Bool

    /// - Parameter isSecure: Whether people reach the portal by https.
    public init(isSecure: Bool) {
        self.isSecure = isSecure
    }

    /// Answers, then adds the headers that the answer does not have yet.
    public func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        var response = try await next(request, context)
        set("Content-Security-Policy", SecurityHeaders.policy, &response)
        set("X-Content-Type-Options", "nosniff", &response)
        set("Referrer-Policy", "same-origin", &response)
        set("Cross-Origin-Opener-Policy", "same-origin", &response)
        set("Cross-Origin-Resource-Policy", "same-origin", &response)
        set("X-Frame-Options", "DENY", &response)
        set("Cache-Control", "no-store", &response)
        if isSecure { set("Strict-Transport-Security", SecurityHeaders.strictTransport, &response) }
        return response
    }

    /// Keeps what the answer set for itself: a download has a stricter policy.
    private func set(_ name: String, _ value: String, _ response: inout Response) {
        if response.headers[named: name] == nil { response.headers[named: name] = value }
    }
}

extension HTTPFields {
    /// A field that HTTPTypes has no constant for, for example `Referrer-Policy`.
    public subscript(named name: String) -> String? {
        get { HTTPField.Name(name).flatMap { self[$0] } }
        set {
            if let name = HTTPField.Name(name) { self[name] = newValue }
        }
    }

    /// Every value of a field that HTTPTypes has no constant for.
    func values(named name: String) -> [String] {
        HTTPField.Name(name).map { self[values: $0] } ?? []
    }
}
