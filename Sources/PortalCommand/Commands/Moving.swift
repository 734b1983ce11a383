import Foundation
import RefundDesk
import Storage
import StoragePostgres
import StorageSQLite
import Synchronization

/// `migrate --from … --to …`: moves house.
struct Moving: Sendable {
    private let source: DatabaseAddress
    private let target: DatabaseAddress
    private let settings: Settings

    /// - Parameters:
    ///   - from: a database's address as `DATABASE_URL` would have it.
    ///   - to: another one.
    /// - Throws: ``CommandFailure`` (usage) for what is no address, or twice the same.
    init(from: String, to: String, _ settings: Settings) throws(CommandFailure) {
        source = try Self.address("--from", from)
        target = try Self.address("--to", to)
        self.settings = settings
        guard source != target else { throw CommandFailure(.usage, "--from and --to are the same database.") }
    }

    /// Moves, and tells how it went and what to do next.
    ///
    /// - Throws: ``CommandFailure``; ``ExitCode/found`` with a list on standard output when something differs.
    func run(report: @escaping CommandReport) async throws {
        let outcome = try await withSource { source in
            try await Self.naming("--to") { try await OpenDatabase.migrating(target) }.use { store in
                let move = Move(from: source, to: try Office.desk(store, settings))
                return try await move.run(MoveProgress(report: report).tell)
            }
        }
        guard outcome.faults.isEmpty else {
            report(.output(outcome.faults.map { "\($0.check)\t\($0.object)\t\($0.detail)\n" }.joined()))
            report(
                .note(
                    "The move has not ended and nobody can use the target. Empty it, and begin again from a source "
                        + "that nobody changes and whose `verify` is clean."))
            throw ExitCode.found
        }
        report(.output(Self.told(outcome) + Self.nextSteps))
    }

    /// Opens the source for reading and keeps everybody else from writing to it, where that can be done.
    private func withSource<T>(_ work: (any Store) async throws -> T) async throws -> T {
        switch source {
        case .postgres: return try await Self.naming("--from") { try await OpenDatabase.reading(source) }.use(work)
        case .sqlite(let path):
            // Before the lock, which would make the folder.
            guard FileManager.default.fileExists(atPath: path) else {
                throw CommandFailure(.cannotCreate, "--from: \(path) is missing.")
            }
            guard case .taken(let lock) = try WriterLock.take(databasePath: path) else {
                throw CommandFailure(
                    .unreachable, "--from: a server has \(path) open. Stop it, then run the same command again.")
            }
            let result = await Result { try await OpenDatabase.reading(source).use(work) }
            withExtendedLifetime(lock) {}
            return try result.get()
        }
    }

    private static func address(_ option: String, _ text: String) throws(CommandFailure) -> DatabaseAddress {
        var check = SettingsCheck { variable in variable == .databaseURL ? text : nil }
        let address = check.database()
        if let problem = check.problems.first { throw CommandFailure(.usage, "\(option): \(problem.advice).") }
        return address
    }

    /// Says which of the two databases cannot be opened.
    private static func naming<T>(_ option: String, _ work: () async throws -> T) async throws -> T {
        do {
            return try await work()
        } catch let fault as StoreFault {
            throw CommandFailure(fault, of: option)
        }
    }

    private static func told(_ outcome: Move.Outcome) -> String {
        let before = outcome.rowsBefore > 0 ? ", \(outcome.rowsBefore) of them by an earlier run" : ""
        return """
            Moved \(outcome.tables) tables with \(outcome.rows) rows\(before).
            Both databases hold the same, and everything holds.

            """
    }

    private static let nextSteps = """
        Next:
          1. Set DATABASE_URL to the address after --to, for every server and worker.
          2. Keep KEYS_FILE: what is sealed opens with the same keys, and each machine needs a copy.
          3. Leave PROOF_STORE_URL, or copy the proofs to a store that all machines reach, under the same names:
             rclone copy data/proofs REMOTE:BUCKET
          4. Start, look, and keep the old database as it is until nobody wants to go back.

        """
}

/// Shows a move: a bar for people, and a line a table for everybody.
private final class MoveProgress: Sendable {
    private let report: CommandReport
    private let isComparing = Mutex(false)

    init(report: @escaping CommandReport) {
        self.report = report
    }

    @Sendable func tell(_ step: Move.Step) {
        switch step.phase {
        case .copying:
            if step.tableDone == step.tableTotal { report(.note("\(step.table)\t\(step.tableTotal)")) }
        case .comparing:
            let isFirst = isComparing.withLock { isComparing in
                defer { isComparing = true }
                return !isComparing
            }
            if isFirst { report(.note("Comparing both databases, row for row …")) }
        }
        // A full bar ends its line; what comes next has a line of its own anyway.
        if step.done < step.total { report(.progress(done: step.done, total: step.total)) }
    }
}

extension CommandFailure {
    /// What a person can do about a move that did not begin, or stopped.
    init(_ fault: MoveFault) {
        switch fault {
        case .notEmpty(let table):
            self.init(
                .cannotCreate,
                "--to: the database holds data already (table \(table)). A move needs a new or empty one.")
        case .otherSource:
            self.init(
                .cannotCreate,
                "--to: the database holds an unfinished move of another source, or of this one before it changed. "
                    + "Empty it and begin again.")
        case .schemasDiffer:
            self.init(.configuration, "--to: the database has other tables than this program makes. Use an empty one.")
        case .otherKeys:
            self.init(
                .configuration, "KEYS_FILE: these keys did not seal what --from holds. Use the keys of that portal.")
        case .takenOver:
            self.init(.tryAgain, "--to: another process moves to the same database. Let it finish.")
        case .cannotBeMoved(let table): self.init(.bug, "The table \(table) cannot be moved.")
        case .stopped(let table, let fault):
            let failure = CommandFailure(fault, of: "--from or --to")
            self.init(
                failure.code,
                "\(table): \(failure.sentence) What was copied stays; run the same command again and it goes on.")
        }
    }
}
