import HTTPTypes
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

    public func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        var response = try await next(request, context)
        set(.contentSecurityPolicy, SecurityHeaders.policy, &response)
        set(.xContentTypeOptions, "nosniff", &response)
        set(.referrerPolicy, "same-origin", &response)
        set(.crossOriginOpenerPolicy, "same-origin", &response)
        set(.crossOriginResourcePolicy, "same-origin", &response)
        set(.xFrameOptions, "DENY", &response)
        set(.cacheControl, "no-store", &response)
        if isSecure { set(.strictTransportSecurity, SecurityHeaders.strictTransport, &response) }
        return response
    }

    /// Keeps what the answer set for itself: a download has a stricter policy.
    private func set(_ name: HTTPField.Name, _ value: String, _ response: inout Response) {
        if response.headers[name] == nil { response.headers[name] = value }
    }
}

extension HTTPField.Name {
    /// `Referrer-Policy` (W3C Referrer Policy), for answers that need another one than the rest.
    public static var referrerPolicy: Self { .init("Referrer-Policy")! }
    static var crossOriginOpenerPolicy: Self { .init("Cross-Origin-Opener-Policy")! }
    static var xFrameOptions: Self { .init("X-Frame-Options")! }
}
