public import HTTPTypes
public import Hummingbird

/// The header fields that every answer has, also those that no page makes.
enum SecurityFields {
    /// Nothing but our own scripts, styles, pictures and forms.
    private static let policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; "
        + "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    /// Two years, in seconds.
    private static let strictTransport = "max-age=63072000; includeSubDomains"

    /// - Parameter isSecure: Whether people reach the portal by https.
    static func list(isSecure: Bool) -> [(name: String, value: String)] {
        var fields = [
            ("Content-Security-Policy", policy), ("X-Content-Type-Options", "nosniff"),
            ("Referrer-Policy", "same-origin"), ("Cross-Origin-Opener-Policy", "same-origin"),
            ("Cross-Origin-Resource-Policy", "same-origin"), ("X-Frame-Options", "DENY"),
            ("Cache-Control", "no-store"),
        ]
        if isSecure { fields.append(("Strict-Transport-Security", strictTransport)) }
        return fields
    }
}

/// Puts the security headers on every answer. The outermost middleware: everything inside it has become an answer.
public struct SecurityHeaders<Context: RequestContext>: RouterMiddleware {
    /// Made once: every answer carries them, and checking a field's name costs as much as adding it.
    private let fields: [HTTPField]

    /// - Parameter isSecure: Whether people reach the portal by https.
    public init(isSecure: Bool) {
        fields = SecurityFields.list(isSecure: isSecure).compactMap { name, value in
            HTTPField.Name(name).map { HTTPField(name: $0, value: value) }
        }
    }

    /// Answers, then adds the headers that the answer does not have yet: a download has a stricter policy.
    public func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        var response = try await next(request, context)
        for field in fields where response.headers[field.name] == nil { response.headers.append(field) }
        return response
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
