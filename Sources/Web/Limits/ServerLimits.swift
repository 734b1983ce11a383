public import Hummingbird
import HummingbirdCore
public import Logging
public import NIOCore

/// How long and how many: what the listener allows to connections and requests.
public struct ServerLimits: Sendable, Hashable {
    /// A connection on which nothing arrives is closed after so many seconds; also the time for a request's header.
    public let idleSeconds: Int64
    /// A request's header, in bytes.
    public let headerBytesMax: Int
    /// Header fields of a request.
    public let headerFieldsMax: Int
    /// Connections at a time; more wait in the queue of the system.
    public let connectionsMax: Int
    /// Connections of one address at a time; more are closed at once. A browser opens six: this is enough for the
    /// wireless network of a large shop, and sixteen addresses at least are needed to fill a listener.
    public let connectionsPerAddressMax: Int
    /// How fast a body must arrive.
    public let pace: BodyPace
    /// How long an answer may take.
    public let answerPace: AnswerPace

    public init(
        idleSeconds: Int64 = 30, headerBytesMax: Int = 16 * 1024, headerFieldsMax: Int = 100,
        connectionsMax: Int = 4096, connectionsPerAddressMax: Int = 256, pace: BodyPace = BodyPace(),
        answerPace: AnswerPace = AnswerPace()
    ) {
        self.idleSeconds = idleSeconds
        self.headerBytesMax = headerBytesMax
        self.headerFieldsMax = headerFieldsMax
        self.connectionsMax = connectionsMax
        self.connectionsPerAddressMax = connectionsPerAddressMax
        self.pace = pace
        self.answerPace = answerPace
    }

    /// An application that listens with these limits; Hummingbird has none of its own.
    ///
    /// - Parameters:
    ///   - tls: nil to listen in clear.
    ///   - proxies: Bring many people's connections, so theirs are not counted by address; nor are this machine's own.
    public func application<Builder: HTTPResponderBuilder>(
        router: Builder, address: BindAddress, logger: Logger, tls: TLSListener? = nil,
        proxies: TrustedProxies = TrustedProxies([]), lastAnswers: LastAnswers = .plain,
        onServerRunning: @escaping @Sendable (any Channel) async -> Void = { _ in }
    ) -> Application<Builder.Responder>
    where Builder.Responder.Context: InitializableFromSource<ApplicationRequestContextSource> {
        let shares = ConnectionShares(most: connectionsPerAddressMax, logger: logger) {
            proxies.isTrusted($0) || $0.isLoopback
        }
        let guards = GuardInstaller.Parts(
            pace: pace, answerPace: answerPace, shares: shares, lastAnswers: lastAnswers, logger: logger)
        return Application(
            router: router,
            server: server(guards, tls),
            configuration: ApplicationConfiguration(
                address: address, availableConnectionsDelegate: .maximum(connectionsMax, logger: logger)),
            onServerRunning: onServerRunning,
            logger: logger)
    }

    private func server(_ guards: GuardInstaller.Parts, _ tls: TLSListener?) -> HTTPServerBuilder {
        var decoder = HTTP1Channel.Configuration.DecoderConfiguration()
        decoder.maxHeaderFieldSize = headerBytesMax
        decoder.maxHeaderListSize = headerBytesMax
        decoder.maxHeaderFieldCount = headerFieldsMax
        let configuration = HTTP1Channel.Configuration(
            additionalChannelHandlers: [GuardInstaller(guards)], idleTimeout: .seconds(idleSeconds),
            httpDecoderConfiguration: decoder)
        return HTTPServerBuilder { responder in
            AcceptingChannel(base: HTTP1Channel(responder: responder, configuration: configuration), tls: tls)
        }
    }
}
