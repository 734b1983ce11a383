import Storage
import Synchronization

/// The open connections of one process.
final class ConnectionPool: Sendable {
    private struct State {
        var idle: [PostgresConnection] = []
        /// Raised when the server was lost: connections from before are not used again.
        var generation = 0
        var isClosed = false
    }

    private let address: PostgresAddress
    private let limits: PostgresLimits
    private let line: WaitingLine
    private let state = Mutex(State())

    init(_ address: PostgresAddress, _ limits: PostgresLimits) {
        self.address = address
        self.limits = limits
        line = WaitingLine(places: address.connectionsMax)
    }

    /// Runs `work` with a connection that nobody else uses meanwhile.
    ///
    /// - Throws: ``StoreFault/busy`` when none is free in time; ``StoreFault/unreachable(_:)`` once closed.
    func with<T: Sendable>(
        before deadline: ContinuousClock.Instant, _ work: (PostgresConnection) async -> T
    ) async throws(StoreFault) -> T {
        try await line.enter(before: deadline)
        defer { line.leave() }
        let (taken, generation, isClosed) = state.withLock { state in
            (state.isClosed ? nil : state.idle.popLast(), state.generation, state.isClosed)
        }
        if isClosed { throw .unreachable("this process has closed its connections") }
        let connection = taken ?? PostgresConnection(address, limits)
        let result = await work(connection)
        if await connection.isOpen {
            state.withLock { state in
                if state.generation == generation, !state.isClosed { state.idle.append(connection) }
            }
        }
        return result
    }

    /// Forgets all connections that nobody uses just now: the server that they lead to has gone.
    func forgetIdle() {
        state.withLock { state in
            state.generation += 1
            state.idle = []
        }
    }

    /// Ends all connections; those in use end when they are given back.
    func close() {
        state.withLock { state in
            state.isClosed = true
            state.idle = []
        }
    }
}
