import HTTPTypes
public import Hummingbird

/// Refuses changes that another site's page asks for (cross-site request forgery), by what the browser says about where
/// a request comes from: Fetch Metadata, else `Origin`. A form post that says neither is refused too.
public struct OriginRule<Context: RequestContext>: RouterMiddleware {
    private let origin: String
    private let exemptPrefixes: [String]

    /// - Parameter exemptPrefixes: Paths whose callers prove themselves otherwise, by signature or key, and for which
    ///   cookies mean nothing; each ends in `/`.
    public init(origin: WebOrigin, exemptPrefixes: [String] = []) {
        self.origin = origin.text
        self.exemptPrefixes = exemptPrefixes
    }

    /// - Throws: ``RequestFault/otherOrigin``.
    public func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        guard isSafe(request) || isExempt(request) || isOurs(request) else { throw RequestFault.otherOrigin }
        return try await next(request, context)
    }

    private func isSafe(_ request: Request) -> Bool {
        request.method == .get || request.method == .head || request.method == .options
    }

    private func isExempt(_ request: Request) -> Bool {
        exemptPrefixes.contains { request.uri.path.hasPrefix($0) }
    }

    private func isOurs(_ request: Request) -> Bool {
        if let site = request.headers[named: "Sec-Fetch-Site"] { return site == "same-origin" }
        return request.headers[.origin] == origin
    }
}
