import Storage

/// Statements inside the transaction that its connection began.
///
/// The first fault is kept: what the closure throws afterwards, or whether it throws at all, does not change that the
/// server has given the transaction up.
final class PostgresTransaction: SQLTransaction {
    /// Rows that a walk holds at a time.
    private static let walkedRows = 500

    private let session: PostgresSession
    private(set) var fault: SessionFault?
    private(set) var topics: [String] = []
    private var walks = 0

    init(_ session: PostgresSession) {
        self.session = session
    }

    func rows(_ sql: String, _ values: [SQLValue]) throws -> [SQLRow] {
        let answer = try asked { () throws(SessionFault) in try session.run(sql, values) }
        return try (0..<answer.rowCount).map { try answer.row($0) }
    }

    func row(_ sql: String, _ values: [SQLValue]) throws -> SQLRow? {
        let answer = try asked { () throws(SessionFault) in try session.run(sql, values) }
        return answer.rowCount > 0 ? try answer.row(0) : nil
    }

    func each(_ sql: String, _ values: [SQLValue], _ body: (SQLRow) throws -> Void) throws {
        walks += 1
        let cursor = "walk_\(walks)"
        _ = try asked { () throws(SessionFault) in
            try session.run("DECLARE \(cursor) NO SCROLL CURSOR FOR \(sql)", values)
        }
        var isMore = true
        while isMore {
            let answer = try asked { () throws(SessionFault) in
                try session.run("FETCH \(Self.walkedRows) FROM \(cursor)", [])
            }
            for number in 0..<answer.rowCount { try body(try answer.row(number)) }
            isMore = answer.rowCount == Self.walkedRows
        }
        _ = try asked { () throws(SessionFault) in try session.command("CLOSE \(cursor)") }
    }

    func run(_ sql: String, _ values: [SQLValue]) throws -> Int {
        try asked { () throws(SessionFault) in try session.run(sql, values) }.changedCount
    }

    func announce(_ topic: String) {
        if !topics.contains(topic) { topics.append(topic) }
    }

    private func asked(
        _ statement: () throws(SessionFault) -> PostgresAnswer
    ) throws -> PostgresAnswer {
        do {
            return try statement()
        } catch {
            fault = fault ?? error
            throw error.storeFault
        }
    }
}

extension SessionFault {
    /// What a closure sees of it, and a caller when nothing is tried again.
    var storeFault: StoreFault {
        switch self {
        case .conflict: .busy
        case .lost(let reason), .ending(let reason): .unreachable(reason)
        case .fault(let fault): fault
        }
    }
}
