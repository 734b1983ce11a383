import Storage

/// A connection on a queue of its own, opened when it is first needed.
actor PostgresConnection {
    /// How one attempt at a transaction ended.
    enum Outcome<T: Sendable>: Sendable {
        /// It took effect, with what is to be announced.
        case done(T, topics: [String])
        /// It did not take effect, and would not the next time.
        case failed(any Error)
        /// Another transaction was in the way.
        case conflict
        /// The connection was lost, or could not be made, before anything took effect.
        case lost(String)
    }

    private let executor: QueueExecutor
    private let address: PostgresAddress
    private let limits: PostgresLimits
    private var session: PostgresSession?

    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    init(_ address: PostgresAddress, _ limits: PostgresLimits) {
        self.address = address
        self.limits = limits
        executor = QueueExecutor(label: "postgres")
    }

    /// Whether the next transaction finds the connection open.
    var isOpen: Bool { session?.isUsable ?? false }

    /// Ends the connection.
    func close() {
        session = nil
    }

    /// One attempt at a transaction that only reads, at one moment.
    func read<T: Sendable>(_ body: @Sendable (any SQLReading) throws -> T) -> Outcome<T> {
        attempt("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY") { try body($0) }
    }

    /// One attempt at a transaction that changes something.
    func write<T: Sendable>(
        _ isolation: Isolation, _ body: @Sendable (any SQLTransaction) throws -> T
    ) -> Outcome<T> {
        switch isolation {
        case .serializable: attempt("BEGIN ISOLATION LEVEL SERIALIZABLE READ WRITE", body)
        case .eachStatement, .schema: attempt("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE", body)
        }
    }

    /// Listens on a channel until told otherwise.
    func listen(_ channel: String) throws(SessionFault) {
        _ = try opened().command("LISTEN \(channel)")
    }

    /// The payloads that came on the channels, waited for at most so long.
    func notices(within milliseconds: Int32) throws(SessionFault) -> [String] {
        try opened().notices(within: milliseconds)
    }

    private func attempt<T: Sendable>(_ begin: String, _ body: (PostgresTransaction) throws -> T) -> Outcome<T> {
        let session: PostgresSession
        do {
            session = try opened()
            try session.begin(begin)
        } catch {
            return ended(error)
        }
        let transaction = PostgresTransaction(session)
        let result = Result { try body(transaction) }
        if let fault = transaction.fault {
            session.rollBack()
            if case .fault = fault, case .failure(let error) = result { return .failed(error) }
            return ended(fault)
        }
        switch result {
        case .success(let value): return commit(session, value, transaction.topics)
        case .failure(let error):
            session.rollBack()
            return .failed(error)
        }
    }

    private func commit<T: Sendable>(_ session: PostgresSession, _ value: T, _ topics: [String]) -> Outcome<T> {
        do {
            let answer = try session.command("COMMIT")
            return answer.isRollback
                ? .failed(StoreFault.other("the transaction was over")) : .done(value, topics: topics)
        } catch .lost, .ending {
            // Nobody can tell whether the server wrote the commit before it went.
            self.session = nil
            return .failed(StoreFault.commitUnknown)
        } catch {
            return ended(error)
        }
    }

    private func ended<T>(_ fault: SessionFault) -> Outcome<T> {
        switch fault {
        case .conflict: return .conflict
        case .lost(let reason), .ending(let reason):
            session = nil
            return .lost(reason)
        case .fault(let fault): return .failed(fault)
        }
    }

    private func opened() throws(SessionFault) -> PostgresSession {
        if let session, session.isUsable { return session }
        session = nil
        let new = try PostgresSession(address, limits)
        session = new
        return new
    }
}
