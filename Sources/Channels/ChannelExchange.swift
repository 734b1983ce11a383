/// How a client reaches its channel: one request out, one answer back.
///
/// A closure, so that tests and simulations need no sockets. Throws ``ExchangeFault``; anything else that it throws is
/// taken as ``ExchangeFault/lost(_:)``.
public typealias ChannelExchange = @Sendable (ChannelRequest) async throws -> ChannelResponse

/// One HTTP request to a channel, as it goes over the wire.
public struct ChannelRequest: Sendable {
    /// The methods that channels use.
    public enum Method: String, Sendable {
        case get = "GET"
        case post = "POST"
    }

    public let method: Method
    /// The whole address with its query, percent-encoded.
    public let url: String
    public let headers: [(name: String, value: String)]
    /// Empty for `GET`.
    public let body: [UInt8]
    /// How long the whole call may take.
    public let timeout: Duration

    public init(
        method: Method, url: String, headers: [(name: String, value: String)], body: [UInt8], timeout: Duration
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.timeout = timeout
    }
}

/// One HTTP answer of a channel.
public struct ChannelResponse: Sendable {
    /// The HTTP status.
    public let status: Int
    public let headers: ChannelHeaders
    /// The bytes as they arrived, at most ``bodyBytesMax``.
    public let body: [UInt8]

    /// The longest answer that is read, in bytes.
    public static let bodyBytesMax = 1 << 20

    public init(status: Int, headers: ChannelHeaders, body: [UInt8]) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}

/// Header fields, found by name whatever its case.
public struct ChannelHeaders: Sendable {
    private let values: [String: [String]]

    public init(_ fields: some Sequence<(name: String, value: String)>) {
        var values: [String: [String]] = [:]
        for field in fields { values[field.name.lowercased(), default: []].append(field.value) }
        self.values = values
    }

    /// The field's value; nil when it is absent or given more than once, since nobody can say which one counts.
    public func single(_ name: String) -> String? {
        guard let found = values[name.lowercased()], found.count == 1 else { return nil }
        return found.first
    }

    /// Whether any field of that name was sent.
    public func has(_ name: String) -> Bool {
        values[name.lowercased()] != nil
    }
}

/// Why there is no answer.
public enum ExchangeFault: Error, Sendable, Hashable {
    /// No connection was made, so that the channel cannot have heard us; the text says why, for the log.
    case notSent(String)
    /// The line broke or time ran out after the request may have gone: the channel may have acted.
    case lost(String)
}
