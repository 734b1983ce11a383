import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import Synchronization

/// A connection from the moment it is accepted, in clear or by TLS.
struct AcceptingChannel: ServerChildChannel {
    let base: HTTP1Channel
    /// nil to listen in clear. Hummingbird's own TLS has one identity for as long as the server runs.
    let tls: TLSListener?

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<AcceptedConnection> {
        channel.eventLoop.makeCompletedFuture {
            if let tls { try channel.pipeline.syncOperations.addHandler(tls.handler) }
        }.flatMap {
            base.setup(channel: channel, logger: logger).map { AcceptedConnection($0) }
        }
    }

    func handle(value: AcceptedConnection, logger: Logger) async {
        await base.handle(value: value.take(), logger: logger)
    }
}

/// One connection on its way to whoever handles it.
///
/// A server that stops in the very moment in which it accepts one drops it, and swift-nio ends the whole process for a
/// channel that is dropped without having been closed: requests that are under way would lose their answers.
final class AcceptedConnection: ServerChildChannelValue {
    private let asyncChannel: HTTP1Channel.Value
    private let isTaken = Atomic(false)

    init(_ asyncChannel: HTTP1Channel.Value) {
        self.asyncChannel = asyncChannel
    }

    var channel: any Channel { asyncChannel.channel }

    /// The connection for whoever handles it and closes it.
    func take() -> HTTP1Channel.Value {
        isTaken.store(true, ordering: .relaxed)
        return asyncChannel
    }

    deinit {
        guard !isTaken.load(ordering: .relaxed) else { return }
        let dropped = asyncChannel
        // Nobody is left who could await it: the server is gone, and closing is all that it does.
        Task { try? await dropped.executeThenClose { _, _ in } }
    }
}
