import Synchronization

/// Who wants to hear, in this process, that something about a topic has changed.
///
/// An announcement is a hint to look again and carries nothing: what is true stands in the tables. It may come late,
/// for several changes at once or, when a connection to another server broke, for none at all. Whoever listens
/// therefore also looks now and then without being told.
public final class Announcements: Sendable {
    private typealias Listeners = [UInt64: AsyncStream<Void>.Continuation]

    private struct State {
        var lastNumber: UInt64 = 0
        var listenerCount = 0
        var topics: [String: Listeners] = [:]
    }

    private let state = Mutex(State())

    /// Makes a hub that nobody listens to yet; each ``Store`` has one.
    public init() {}

    /// How many listen now, to whatever topic.
    public var listenerCount: Int { state.withLock { $0.listenerCount } }

    /// A stream that yields after a change that touches the topic, from this call on.
    ///
    /// Hints that nobody takes become one. The stream ends only for its reader: let go of it, or cancel the task that
    /// waits for it, and the hub forgets the listener.
    public func listen(to topic: String) -> AsyncStream<Void> {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let number = state.withLock { state in
            state.lastNumber += 1
            state.listenerCount += 1
            state.topics[topic, default: [:]][state.lastNumber] = continuation
            return state.lastNumber
        }
        continuation.onTermination = { [weak self] _ in self?.remove(number, from: topic) }
        return stream
    }

    /// Tells everybody who listens to one of the topics; engines do this after a commit and when another server's
    /// notice arrives.
    public func spread(_ topics: some Sequence<String>) {
        let told = state.withLock { state in topics.flatMap { topic in state.topics[topic].map(Array.init) ?? [] } }
        for (_, continuation) in told { continuation.yield() }
    }

    /// Tells everybody: notices may have been missed, so anything may have changed.
    public func spreadToAll() {
        let told = state.withLock { state in state.topics.values.flatMap(Array.init) }
        for (_, continuation) in told { continuation.yield() }
    }

    private func remove(_ number: UInt64, from topic: String) {
        // Let go of outside the lock: the end of a stream may run anything.
        let removed = state.withLock { state in
            let continuation = state.topics[topic]?.removeValue(forKey: number)
            if continuation != nil { state.listenerCount -= 1 }
            if state.topics[topic]?.isEmpty == true { state.topics[topic] = nil }
            return continuation
        }
        _ = removed
    }
}
