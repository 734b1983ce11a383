import HTTPTypes
public import Hummingbird

/// Answers only requests for our own host and by methods that we know (RFC 9112, 3.2 asks for 400 otherwise).
public struct HostRule<Context: RequestContext>: RouterMiddleware {
    private static var methods: [HTTPRequest.Method] { [.get, .head, .post, .put, .patch, .delete, .options] }

    private let authority: String

    /// - Parameter origin: The origin that people see.
    public init(origin: WebOrigin) {
        authority = origin.authority
    }

    /// - Throws: ``RequestFault/malformed`` for another host, ``RequestFault/wrongMethod(allowed:)`` for other methods.
    public func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        guard HostRule.methods.contains(request.method) else {
            throw RequestFault.wrongMethod(allowed: HostRule.methods.map(\.rawValue))
        }
        // Of several Host lines the first becomes the authority and the others stay in the header.
        guard request.head.authority?.lowercased() == authority, request.headers[named: "Host"] == nil else {
            throw RequestFault.malformed
        }
        return try await next(request, context)
    }
}

/// The scheme, host and port that people see, from the public address.
public struct WebOrigin: Sendable, Hashable {
    /// `https://refund.example`, as browsers send it in `Origin`.
    public let text: String
    /// `refund.example` or `127.0.0.1:8080`, as browsers send it in `Host`.
    public let authority: String
    public let isSecure: Bool

    /// Reads an http or https address with a host and at most a port and one final `/`; nil for anything else.
    public init?(_ address: String) {
        var rest = address.lowercased()[...]
        if rest.hasSuffix("/") { rest = rest.dropLast() }
        let scheme = ["https", "http"].first { rest.hasPrefix("\($0)://") }
        guard let scheme else { return nil }
        rest = rest.dropFirst(scheme.count + 3)
        let standardPort = scheme == "https" ? ":443" : ":80"
        if rest.hasSuffix(standardPort) { rest = rest.dropLast(standardPort.count) }
        guard !rest.isEmpty, rest.utf8.allSatisfy(WebOrigin.isAuthorityByte) else { return nil }
        authority = String(rest)
        text = "\(scheme)://\(rest)"
        isSecure = scheme == "https"
    }

    private static func isAuthorityByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 48...57, 97...122: true
        default: "-.:[]".utf8.contains(byte)
        }
    }
}
