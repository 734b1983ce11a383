import NIOSSL
import Synchronization

/// Speaks TLS to whoever connects, with an identity that can be exchanged while connections are open: those that are
/// open keep theirs, new ones get the new.
public final class TLSListener: Sendable {
    private struct State: Sendable {
        var identity: TLSIdentity
        var context: NIOSSLContext
    }

    private let state: Mutex<State>

    /// - Throws: ``TLSIdentity/Fault``.
    public init(_ identity: TLSIdentity) throws(TLSIdentity.Fault) {
        state = Mutex(State(identity: identity, context: try identity.context()))
    }

    /// What new connections get.
    public var identity: TLSIdentity { state.withLock { $0.identity } }

    /// Gives new connections another identity, and other keys for session tickets even where it is the same one.
    ///
    /// - Throws: ``TLSIdentity/Fault``; what was used before stays.
    public func use(_ identity: TLSIdentity) throws(TLSIdentity.Fault) {
        let context = try identity.context()
        state.withLock { $0 = State(identity: identity, context: context) }
    }

    /// What one new connection begins with.
    var handler: NIOSSLServerHandler {
        NIOSSLServerHandler(context: state.withLock { $0.context })
    }
}
