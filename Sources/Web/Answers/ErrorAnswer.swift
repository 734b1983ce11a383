public import HTTPTypes
import Hummingbird
import NIOCore
import NIOHTTP1

/// What an error page needs to know; made from whatever was thrown.
public struct ErrorAnswer: Sendable {
    public let status: HTTPResponse.Status
    /// Seconds for `Retry-After`.
    public let retryAfterSeconds: Int?
    /// Methods for `Allow`.
    public let allowed: [String]
    /// Which words the page has, where the status alone does not say enough: `errors.<words>.title`.
    let words: String?
    /// Whether the error is ours and nobody else will log it.
    public let isUnknown: Bool

    init(_ error: any Error) {
        switch error {
        case let fault as RequestFault: self.init(fault)
        case let error as HTTPError: self.init(status: error.status)
        case is NIOTooManyBytesError: self.init(RequestFault.tooLarge)
        // A body that breaks off in the middle of a chunk, or whose length is none.
        case is HTTPParserError: self.init(RequestFault.malformed)
        default: self.init(status: .internalServerError, isUnknown: true)
        }
    }

    private init(_ fault: RequestFault) {
        switch fault {
        case .malformed: self.init(status: .badRequest)
        case .otherOrigin: self.init(status: .forbidden)
        case .notFound: self.init(status: .notFound)
        case .wrongMethod(let allowed): self.init(status: .methodNotAllowed, allowed: allowed)
        case .tooSlow: self.init(status: .requestTimeout)
        case .tooLarge: self.init(status: .contentTooLarge)
        case .tooMany(let seconds): self.init(status: .tooManyRequests, retryAfterSeconds: seconds)
        case .unavailable(let seconds): self.init(status: .serviceUnavailable, retryAfterSeconds: seconds)
        case .crowded(let seconds):
            self.init(status: .serviceUnavailable, retryAfterSeconds: seconds, words: "crowded")
        case .unsure(let seconds):
            self.init(status: .serviceUnavailable, retryAfterSeconds: seconds, words: "unsure")
        }
    }

    private init(
        status: HTTPResponse.Status, retryAfterSeconds: Int? = nil, allowed: [String] = [], words: String? = nil,
        isUnknown: Bool = false
    ) {
        self.status = status
        self.retryAfterSeconds = retryAfterSeconds
        self.allowed = allowed
        self.words = words
        self.isUnknown = isUnknown
    }

    /// Adds the headers that belong to the status.
    func dress(_ response: inout Response) {
        if let retryAfterSeconds { response.headers[.retryAfter] = String(max(retryAfterSeconds, 1)) }
        if !allowed.isEmpty { response.headers[.allow] = allowed.joined(separator: ", ") }
    }
}
