import Storage
import Synchronization

/// One life of one of our processes: it may be stopped, and when it has died everything that it still does fails.
final class Life: Sendable {
    /// A job in the process's hands.
    struct Claim: Sendable, Hashable {
        let job: String
        let lease: Int64
    }

    private struct State {
        var isDead = false
        var claim: Claim?
        var wasStopped = false
    }

    /// What the trace calls the process.
    let name: String
    private let state = Mutex(State())

    init(_ name: String) {
        self.name = name
    }

    var isDead: Bool { state.withLock { $0.isDead } }

    /// The claim that somebody else may have taken over meanwhile, because the process was stopped while it had it.
    var doubtfulClaim: Claim? { state.withLock { $0.wasStopped ? $0.claim : nil } }

    func die() {
        state.withLock { $0.isDead = true }
    }

    func requireAlive() throws {
        if isDead { throw ProcessDied() }
    }

    /// Others went on while it stood still.
    func stop() {
        state.withLock { $0.wasStopped = true }
    }

    func took(_ claim: Claim) {
        state.withLock { state in
            state.claim = claim
            state.wasStopped = false
        }
    }
}

/// What a process that has died gets from everything.
struct ProcessDied: Error {}

/// The store as one process has it: dies, stops and is watched at every write.
struct ProcessStore: Store {
    let store: any Store
    let life: Life
    let world: World

    var dialect: SQLDialect { store.dialect }
    var announcements: Announcements { store.announcements }

    func read<T: Sendable>(_ body: @escaping @Sendable (any SQLReading) throws -> T) async throws -> T {
        try life.requireAlive()
        return try await store.read(body)
    }

    @discardableResult
    func write<T: Sendable>(
        _ isolation: Isolation, _ body: @escaping @Sendable (any SQLTransaction) throws -> T
    ) async throws -> T {
        try await world.pass(life, "write")
        let doubtful = life.doubtfulClaim
        let before = try await world.claimPrint(doubtful)
        let noted = Notes()
        let value: T
        do {
            value = try await store.write(isolation) { sql in
                noted.clear()
                return try body(Watched(sql: sql, notes: noted))
            }
        } catch let fault as StoreFault {
            await world.refused(by: fault, life)
            throw fault
        }
        await world.wrote(noted.cases)
        if let claim = noted.claim {
            life.took(claim)
        } else {
            try await world.compare(doubtful, before, life)
        }
        try await world.passCommit(life)
        return value
    }
}

/// What one transaction announced and claimed.
final class Notes: Sendable {
    private let kept = Mutex<(cases: [String], claim: Life.Claim?)>(([], nil))

    var cases: [String] { kept.withLock { $0.cases } }
    var claim: Life.Claim? { kept.withLock { $0.claim } }

    /// A transaction may run more than once; only the last time counts.
    func clear() {
        kept.withLock { $0 = ([], nil) }
    }

    func announced(_ topic: String) {
        guard topic.hasPrefix("case/") else { return }
        kept.withLock { $0.cases.append(String(topic.dropFirst("case/".count))) }
    }

    func claimed(_ claim: Life.Claim) {
        kept.withLock { $0.claim = claim }
    }
}

/// A transaction that tells which cases it changed and which job it claimed.
private struct Watched: SQLTransaction {
    let sql: any SQLTransaction
    let notes: Notes

    func rows(_ statement: String, _ values: [SQLValue]) throws -> [SQLRow] {
        try sql.rows(statement, values)
    }

    func row(_ statement: String, _ values: [SQLValue]) throws -> SQLRow? {
        let row = try sql.row(statement, values)
        // The one statement that changes the outbox and answers is the claim.
        if let row, statement.contains("UPDATE outbox"), let job = try? row.text("id"),
            let lease = try? row.int("lease")
        {
            notes.claimed(Life.Claim(job: job, lease: lease))
        }
        return row
    }

    func each(_ statement: String, _ values: [SQLValue], _ body: (SQLRow) throws -> Void) throws {
        try sql.each(statement, values, body)
    }

    func run(_ statement: String, _ values: [SQLValue]) throws -> Int {
        try sql.run(statement, values)
    }

    func announce(_ topic: String) {
        notes.announced(topic)
        sql.announce(topic)
    }
}
