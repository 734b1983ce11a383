public import Storage

/// One PostgreSQL database behind ``Store``, for any number of servers and workers at the same time.
///
/// A write is a serializable transaction: the server proves that it could have run alone, or it runs again here. A
/// connection that is lost is made anew, and what had not been committed is done again, within the patience of
/// ``PostgresLimits``; a commit whose answer was lost is ``StoreFault/commitUnknown`` and never repeated.
public struct PostgresStore: Store {
    public let dialect = SQLDialect.postgres
    /// Hints of this process, and with ``news`` running those of the others.
    public let announcements = Announcements()
    /// Carries announcements between this process and the others that use the database.
    public let news: PostgresNews

    private let limits: PostgresLimits
    private let pool: ConnectionPool
    /// Work that met another transaction is repeated one after the other, so that it does not meet itself.
    private let repeating = WaitingLine(places: 1)

    private init(_ address: PostgresAddress, _ limits: PostgresLimits) {
        self.limits = limits
        pool = ConnectionPool(address, limits)
        news = PostgresNews(address, limits, announcements, pool)
    }

    /// Opens the database and asks it once, so that a wrong address or password is told at the start.
    ///
    /// - Throws: ``StoreFault/unreachable(_:)`` with the server's reason.
    public static func open(_ address: PostgresAddress, _ limits: PostgresLimits = .serving) async throws -> Self {
        let store = PostgresStore(address, limits)
        // Once only: whoever starts a program with a wrong password should not have to wait to hear so.
        _ = try await store.persevere(for: 0) { connection in
            await connection.read { sql in try sql.row("SELECT 1 AS one") }
        }
        return store
    }

    /// Reads at one moment of the database.
    public func read<T: Sendable>(
        _ body: @escaping @Sendable (any SQLReading) throws -> T
    ) async throws -> T {
        try await persevere(for: limits.patienceSeconds) { connection in await connection.read(body) }
    }

    /// As ``Store/write(_:_:)``.
    @discardableResult
    public func write<T: Sendable>(
        _ isolation: Isolation, _ body: @escaping @Sendable (any SQLTransaction) throws -> T
    ) async throws -> T {
        try await persevere(for: limits.patienceSeconds) { connection in await connection.write(isolation, body) }
    }

    /// Whether the database can be written, and agrees with us about the time.
    ///
    /// - Parameter now: milliseconds since 1970.
    /// - Throws: ``StoreFault/readOnly``, ``StoreFault/clockApart(seconds:)``, or why it does not answer.
    public func check(now: Int64) async throws {
        let (isReadOnly, theirs) = try await read { sql in
            let row = try sql.row(
                """
                SELECT pg_is_in_recovery() OR CAST(current_setting('default_transaction_read_only') AS BOOLEAN)
                       AS read_only,
                       CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT) AS now_ms
                """)
            return (try row?.int("read_only") == 1, try row?.int("now_ms") ?? now)
        }
        if isReadOnly { throw StoreFault.readOnly }
        let seconds = (theirs - now) / 1_000
        guard abs(seconds) <= PostgresStore.clockSecondsMax else { throw StoreFault.clockApart(seconds: seconds) }
    }

    /// Seconds that our clock and the database's may differ: times of one case are written by several machines.
    static let clockSecondsMax: Int64 = 5

    /// Ends all connections; reads and writes fail from then on.
    public func close() {
        pool.close()
    }

    /// Tries until it is done, refused or out of patience; once at least.
    private func persevere<T: Sendable>(
        for seconds: Int64, _ attempt: @Sendable (PostgresConnection) async -> PostgresConnection.Outcome<T>
    ) async throws -> T {
        try Task.checkCancellation()
        let deadline = ContinuousClock.now + .seconds(seconds)
        var isRepeating = false
        defer { if isRepeating { repeating.leave() } }
        var tries = 0
        while true {
            let outcome = try await pool.with(before: deadline, attempt)
            let fault: StoreFault
            switch outcome {
            case .done(let value, let topics):
                tell(topics)
                return value
            case .failed(let error): throw error
            case .conflict: fault = .busy
            case .lost(let reason):
                pool.forgetIdle()
                fault = .unreachable(reason)
            }
            tries += 1
            let rest = Self.rest(after: tries, fault)
            guard ContinuousClock.now + rest < deadline else { throw fault }
            if fault == .busy, !isRepeating {
                try await repeating.enter(before: deadline)
                isRepeating = true
            }
            try await Task.sleep(for: rest)
        }
    }

    /// How long to wait before the next try: up to twice as long each time, at random, so that two that met do not meet
    /// again. A server that is starting is asked less often.
    private static func rest(after tries: Int, _ fault: StoreFault) -> Duration {
        let most = fault == .busy ? restMaxMilliseconds : reconnectMaxMilliseconds
        let first: Int64 = fault == .busy ? 2 : 20
        let limit = min(most, first << Int64(min(tries, 16)))
        return .milliseconds(Int64.random(in: limit / 2...limit))
    }

    private static let restMaxMilliseconds: Int64 = 200
    private static let reconnectMaxMilliseconds: Int64 = 1_000

    private func tell(_ topics: [String]) {
        guard !topics.isEmpty else { return }
        announcements.spread(topics)
        news.add(topics)
    }
}
