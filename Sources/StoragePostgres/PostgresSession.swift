import CLibPQ
import Foundation
import Storage

/// One connection to a server, used by one thread at a time. Everything here waits.
final class PostgresSession {
    /// Statements that a session keeps prepared; the program has far fewer, put-together ones stop here.
    private static let preparedMax = 1_000
    /// How much longer than the server's own limit an answer is waited for: a server that stands still says nothing.
    private static let graceSeconds: Int64 = 5

    private let connection: OpaquePointer
    private let limits: PostgresLimits
    private var prepared: [String: String] = [:]
    /// Whether each transaction may meet another server connection, so that nothing prepared can be relied on.
    private let isPooled: Bool

    /// Signs in.
    init(_ address: PostgresAddress, _ limits: PostgresLimits) throws(SessionFault) {
        let pairs = address.parameters.sorted { $0.key < $1.key }
        let opened = withCStrings(pairs.map(\.key)) { keys in
            withCStrings(pairs.map(\.value)) { values in PQconnectdbParams(keys, values, 0) }
        }
        guard let opened else { throw .lost("out of memory") }
        guard PQstatus(opened) == CONNECTION_OK else {
            let reason = Self.words(opened)
            PQfinish(opened)
            throw .lost(reason)
        }
        connection = opened
        self.limits = limits
        // The server's notices would go to standard error.
        PQsetNoticeProcessor(opened, { _, _ in }, nil)
        // A pooler gives out process numbers of its own.
        isPooled = try Self.backend(opened) != PQbackendPID(opened)
        guard PQsetnonblocking(opened, 1) == 0 else { throw .lost(Self.words(opened)) }
        if !isPooled { _ = try command(limits.statements("SET")) }
    }

    deinit {
        PQfinish(connection)
    }

    /// Whether statements can still be sent.
    var isUsable: Bool { PQstatus(connection) == CONNECTION_OK && PQtransactionStatus(connection) == PQTRANS_IDLE }

    /// Runs commands without values, several in one text too.
    ///
    /// - Returns: the last answer.
    func command(_ text: String) throws(SessionFault) -> PostgresAnswer {
        guard PQsendQuery(connection, text) == 1 else { throw lost() }
        return try answer()
    }

    /// Begins a transaction; through a pooler the limits hold for it alone.
    func begin(_ mode: String) throws(SessionFault) {
        _ = try command(isPooled ? "\(mode); \(limits.statements("SET LOCAL"))" : mode)
    }

    /// Ends the transaction without keeping it; a connection that cannot do that is of no more use.
    func rollBack() {
        do {
            _ = try command("ROLLBACK")
        } catch {
            // `isUsable` says so.
        }
    }

    /// Runs one statement with its values.
    func run(_ sql: String, _ values: [SQLValue]) throws(SessionFault) -> PostgresAnswer {
        let values = try Self.bound(values)
        let name = isPooled ? nil : try preparedName(sql)
        let sent = values.withPointers { count, pointers, lengths, formats in
            if let name {
                PQsendQueryPrepared(connection, name, count, pointers, lengths, formats, 1)
            } else {
                PQsendQueryParams(connection, sql, count, nil, pointers, lengths, formats, 1)
            }
        }
        guard sent == 1 else { throw lost() }
        return try answer()
    }

    /// Waits for what the server tells unasked, at most so long.
    ///
    /// - Returns: the payloads of its notices.
    func notices(within milliseconds: Int32) throws(SessionFault) -> [String] {
        _ = wait(for: Int16(POLLIN), milliseconds)
        guard PQconsumeInput(connection) == 1 else { throw lost() }
        var payloads: [String] = []
        while let notice = PQnotifies(connection) {
            payloads.append(String(cString: notice.pointee.extra))
            PQfreemem(notice)
        }
        return payloads
    }

    private static func bound(_ values: [SQLValue]) throws(SessionFault) -> PostgresValues {
        do {
            return try PostgresValues(values)
        } catch {
            throw .fault(error)
        }
    }

    /// The statement's name on this connection; nil when so many are kept that it goes as text.
    private func preparedName(_ sql: String) throws(SessionFault) -> String? {
        if let name = prepared[sql] { return name }
        guard prepared.count < Self.preparedMax else { return nil }
        let name = "s\(prepared.count + 1)"
        guard PQsendPrepare(connection, name, sql, 0, nil) == 1 else { throw lost() }
        _ = try answer()
        prepared[sql] = name
        return name
    }

    /// The last of the results that the server sends for what was asked; throws the first error among them.
    private func answer() throws(SessionFault) -> PostgresAnswer {
        let deadline = ContinuousClock.now + .seconds(limits.statementSeconds + Self.graceSeconds)
        try flush(deadline)
        var last: PostgresAnswer?
        var fault: SessionFault?
        while true {
            while PQisBusy(connection) == 1 {
                try waitForInput(deadline)
            }
            guard let result = PQgetResult(connection) else { break }
            switch PQresultStatus(result) {
            case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY: last = PostgresAnswer(result)
            default:
                fault = fault ?? SessionFault(result)
                PQclear(result)
            }
        }
        if PQstatus(connection) != CONNECTION_OK, fault?.isEnding != true { throw lost() }
        if let fault { throw fault }
        guard let last else { throw lost() }
        return last
    }

    private func flush(_ deadline: ContinuousClock.Instant) throws(SessionFault) {
        while true {
            switch PQflush(connection) {
            case 0: return
            case 1:
                // While we send, the server may have to get rid of its own words first.
                guard wait(for: Int16(POLLIN | POLLOUT), Self.milliseconds(until: deadline)) else {
                    throw .lost(silence)
                }
                guard PQconsumeInput(connection) == 1 else { throw lost() }
            default: throw lost()
            }
        }
    }

    private func waitForInput(_ deadline: ContinuousClock.Instant) throws(SessionFault) {
        guard wait(for: Int16(POLLIN), Self.milliseconds(until: deadline)) else { throw .lost(silence) }
        guard PQconsumeInput(connection) == 1 else { throw lost() }
    }

    /// Whether something happened on the connection in time; an interrupted wait counts as happened.
    private func wait(for events: Int16, _ milliseconds: Int32) -> Bool {
        var waiting = pollfd(fd: PQsocket(connection), events: events, revents: 0)
        return poll(&waiting, 1, milliseconds) != 0
    }

    private static func milliseconds(until deadline: ContinuousClock.Instant) -> Int32 {
        let (seconds, attoseconds) = (deadline - .now).components
        return Int32(clamping: max(0, seconds * 1_000 + attoseconds / 1_000_000_000_000_000))
    }

    private var silence: String { "no answer within \(limits.statementSeconds + Self.graceSeconds) seconds" }

    private func lost() -> SessionFault { .lost(Self.words(connection)) }

    /// The number of the server process that answers.
    private static func backend(_ connection: OpaquePointer) throws(SessionFault) -> Int32 {
        guard let result = PQexec(connection, "SELECT pg_backend_pid()") else { throw .lost(words(connection)) }
        defer { PQclear(result) }
        guard PQresultStatus(result) == PGRES_TUPLES_OK, let text = PQgetvalue(result, 0, 0) else {
            throw .lost(words(connection))
        }
        return Int32(String(cString: text)) ?? 0
    }

    /// What libpq says of a connection, in one line; it never holds the password.
    private static func words(_ connection: OpaquePointer) -> String {
        let text = PQerrorMessage(connection).map { String(cString: $0) } ?? ""
        let lines = text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
        return lines.isEmpty ? "the connection ended" : String(lines.joined(separator: "; ").prefix(500))
    }
}

extension SessionFault {
    fileprivate var isEnding: Bool {
        if case .ending = self { true } else { false }
    }
}

/// Hands over texts as a list that ends with a null pointer.
private func withCStrings<T>(
    _ texts: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>?) -> T
) -> T {
    let copies = texts.map { strdup($0) }
    defer { for copy in copies { free(copy) } }
    var pointers = copies.map { UnsafePointer($0) }
    pointers.append(nil)
    return pointers.withUnsafeBufferPointer { body($0.baseAddress) }
}
