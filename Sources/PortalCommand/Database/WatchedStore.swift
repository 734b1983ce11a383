import Storage
import Synchronization

/// A store that remembers for a while that it could not write for a reason that reading does not show, such as a full
/// disk.
struct WatchedStore: Store {
    /// How long a fault counts when nobody writes any more; after it somebody may find out whether it still stands.
    static let memory = Duration.seconds(30)

    private final class Memory: Sendable {
        let last = Mutex<(fault: StoreFault, at: ContinuousClock.Instant)?>(nil)
    }

    private let store: any Store
    private let now: @Sendable () -> ContinuousClock.Instant
    private let memory = Memory()

    init(_ store: any Store, now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }) {
        self.store = store
        self.now = now
    }

    var dialect: SQLDialect { store.dialect }
    var announcements: Announcements { store.announcements }

    func read<T: Sendable>(_ body: @escaping @Sendable (any SQLReading) throws -> T) async throws -> T {
        try await store.read(body)
    }

    @discardableResult
    func write<T: Sendable>(
        _ isolation: Isolation, _ body: @escaping @Sendable (any SQLTransaction) throws -> T
    ) async throws -> T {
        do {
            let value = try await store.write(isolation, body)
            memory.last.withLock { $0 = nil }
            return value
        } catch let fault as StoreFault {
            switch fault {
            case .full, .inputOutput, .readOnly: memory.last.withLock { $0 = (fault, now()) }
            case .busy, .corrupt, .unreachable, .clockApart, .cannotOpen, .constraint, .missingColumn,
                .unexpectedNull, .wrongKind, .commitUnknown, .schemaNewer, .migrationChanged, .schemaOlder, .other:
                break
            }
            throw fault
        }
    }

    /// - Throws: the fault of the last write, if it was one of the disk and not long ago.
    func requireWriting() throws(StoreFault) {
        let last = memory.last.withLock { $0 }
        if let last, last.at.duration(to: now()) < Self.memory { throw last.fault }
    }
}
