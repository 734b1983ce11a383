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
    /// How fast a body must arrive.
    public let pace: BodyPace

    public init(
        idleSeconds: Int64 = 30, headerBytesMax: Int = 16 * 1024, headerFieldsMax: Int = 100,
        connectionsMax: Int = 4096, pace: BodyPace = BodyPace()
    ) {
        self.idleSeconds = idleSeconds
        self.headerBytesMax = headerBytesMax
        self.headerFieldsMax = headerFieldsMax
        self.connectionsMax = connectionsMax
        self.pace = pace
    }

    /// An application that listens with these limits; Hummingbird has none of its own.
    public func application<Builder: HTTPResponderBuilder>(
        router: Builder, address: BindAddress, logger: Logger,
        onServerRunning: @escaping @Sendable (any Channel) async -> Void = { _ in }
    ) -> Application<Builder.Responder>
    where Builder.Responder.Context: InitializableFromSource<ApplicationRequestContextSource> {
        var decoder = HTTP1Channel.Configuration.DecoderConfiguration()
        decoder.maxHeaderFieldSize = headerBytesMax
        decoder.maxHeaderListSize = headerBytesMax
        decoder.maxHeaderFieldCount = headerFieldsMax
        let pace = pace
        return Application(
            router: router,
            server: .http1(
                configuration: HTTP1Channel.Configuration(
                    additionalChannelHandlers: [ConnectionGuardInstaller(pace: pace)],
                    idleTimeout: .seconds(idleSeconds), httpDecoderConfiguration: decoder)),
            configuration: ApplicationConfiguration(
                address: address, availableConnectionsDelegate: .maximum(connectionsMax, logger: logger)),
            onServerRunning: onServerRunning,
            logger: logger)
    }
}
