public import Storage
import Synchronization

/// A store that makes the trouble that a test asks for, as a database server would now and then.
public final class TroubledStore: Store {
    /// What goes wrong.
    public enum Trouble: Sendable, Hashable {
        case none
        /// Every write runs, is thrown away and runs again, as after a conflict.
        case conflict
        /// The next write takes effect, and nobody hears of it.
        case lostAnswer
        /// Every write fails.
        case fault(StoreFault)
    }

    private struct ThrownAway: Error {}

    private let store: any Store
    private let trouble = Mutex(Trouble.none)

    /// Passes everything on until ``begin(_:)``.
    public init(_ store: any Store) {
        self.store = store
    }

    /// What happens from now on.
    public func begin(_ trouble: Trouble) {
        self.trouble.withLock { $0 = trouble }
    }

    /// As the store's own.
    public var dialect: SQLDialect { store.dialect }
    /// As the store's own.
    public var announcements: Announcements { store.announcements }

    /// Reads; no trouble ever comes to that.
    public func read<T: Sendable>(
        _ body: @escaping @Sendable (any SQLReading) throws -> T
    ) async throws -> T {
        try await store.read(body)
    }

    /// Writes, with the trouble of the moment.
    @discardableResult
    public func write<T: Sendable>(
        _ isolation: Isolation, _ body: @escaping @Sendable (any SQLTransaction) throws -> T
    ) async throws -> T {
        let trouble = trouble.withLock { trouble in
            defer { if trouble == .lostAnswer { trouble = .none } }
            return trouble
        }
        switch trouble {
        case .none: break
        case .conflict: try await throwAway(isolation, body)
        case .lostAnswer:
            _ = try await store.write(isolation, body)
            throw StoreFault.commitUnknown
        case .fault(let fault): throw fault
        }
        return try await store.write(isolation, body)
    }

    private func throwAway<T: Sendable>(
        _ isolation: Isolation, _ body: @escaping @Sendable (any SQLTransaction) throws -> T
    ) async throws {
        do {
            try await store.write(isolation) { sql in
                _ = try body(sql)
                throw ThrownAway()
            }
        } catch is ThrownAway {
            // As was meant.
        }
    }
}
