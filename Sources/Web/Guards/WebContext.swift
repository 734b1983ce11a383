public import Hummingbird
public import Words

/// What the kit keeps about a request while it is answered. The portal's contexts conform to it.
public protocol WebContext: RequestContext {
    /// The address at the other end of the connection, as text without a port; set when the context is made.
    var connectionAddress: IPAddress? { get }
    /// The client's address, behind trusted proxies; set by ``Visitor``.
    var clientAddress: IPAddress? { get set }
    /// The language of the answer; set by ``Visitor``.
    var language: Language { get set }
}

extension IPAddress {
    /// The address of a connection's other end; nil for Unix sockets and in tests without a network.
    public init?(_ source: ApplicationRequestContextSource) {
        guard let text = source.channel.remoteAddress?.ipAddress, let address = IPAddress(text) else { return nil }
        self = address
    }
}
