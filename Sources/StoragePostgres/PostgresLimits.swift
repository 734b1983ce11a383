/// How long a database may take before it is given up.
public struct PostgresLimits: Sendable, Hashable {
    /// Seconds until the server breaks off one statement.
    let statementSeconds: Int64
    /// Seconds that a read or a write is tried, with waiting for a connection, reconnecting and repeating.
    let patienceSeconds: Int64
    /// Seconds that a transaction may rest between two statements before the server ends it.
    let idleSeconds: Int64

    /// For pages and workers: people wait, and the next try is soon. A process that stands still in the middle of a
    /// transaction holds up whoever meets its rows: for less time than they are ready to wait.
    public static let serving = PostgresLimits(statementSeconds: 15, patienceSeconds: 5, idleSeconds: 2)
    /// For commands that go through everything, such as `verify`, an import or a new index.
    public static let maintenance = PostgresLimits(statementSeconds: 3_600, patienceSeconds: 60, idleSeconds: 3_600)

    /// What a session, or through a pooler each transaction, tells the server.
    ///
    /// Costs are set so that an index is preferred to reading a whole table: a small table read whole is locked whole
    /// against every other serializable transaction
    /// (postgresql.org/docs/15/transaction-iso.html#XACT-SERIALIZABLE), and disks are no longer slower at random.
    /// Compiling a statement would then begin with every one that has no index, for nothing.
    func statements(_ verb: String) -> String {
        [
            "statement_timeout = '\(statementSeconds)s'", "lock_timeout = '\(min(statementSeconds, 10))s'",
            "idle_in_transaction_session_timeout = '\(idleSeconds)s'", "random_page_cost = 1",
            "enable_seqscan = off", "jit = off", "client_min_messages = 'error'",
        ].map { "\(verb) \($0)" }.joined(separator: "; ")
    }
}
