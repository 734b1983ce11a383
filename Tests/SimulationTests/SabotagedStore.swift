import Storage

/// A mistake in the program, made where its statements go to the database, so that the program needs no switch for it.
struct Sabotage: Sendable {
    /// What a statement becomes on its way.
    let statement: @Sendable (String, [SQLValue]) -> (String, [SQLValue])
}

/// A store that makes one mistake and otherwise does what the one behind it does.
struct SabotagedStore: Store {
    let store: any Store
    let sabotage: Sabotage

    var dialect: SQLDialect { store.dialect }
    var announcements: Announcements { store.announcements }

    func read<T: Sendable>(_ body: @escaping @Sendable (any SQLReading) throws -> T) async throws -> T {
        try await store.read(body)
    }

    @discardableResult
    func write<T: Sendable>(
        _ isolation: Isolation, _ body: @escaping @Sendable (any SQLTransaction) throws -> T
    ) async throws -> T {
        try await store.write(isolation) { [sabotage] sql in try body(Sabotaged(sql: sql, sabotage: sabotage)) }
    }
}

private struct Sabotaged: SQLTransaction {
    let sql: any SQLTransaction
    let sabotage: Sabotage

    func rows(_ statement: String, _ values: [SQLValue]) throws -> [SQLRow] {
        let (changed, with) = sabotage.statement(statement, values)
        return try sql.rows(changed, with)
    }

    func row(_ statement: String, _ values: [SQLValue]) throws -> SQLRow? {
        let (changed, with) = sabotage.statement(statement, values)
        return try sql.row(changed, with)
    }

    func each(_ statement: String, _ values: [SQLValue], _ body: (SQLRow) throws -> Void) throws {
        try sql.each(statement, values, body)
    }

    func run(_ statement: String, _ values: [SQLValue]) throws -> Int {
        let (changed, with) = sabotage.statement(statement, values)
        return try sql.run(changed, with)
    }

    func announce(_ topic: String) {
        sql.announce(topic)
    }
}

extension Sabotage {
    /// A movement that is sent once more goes out under a new refund number.
    static let secondNumberOnRetry = Sabotage(statement: { statement, values in
        // The statement that an order is put together from.
        guard statement.contains("FROM      movement\nJOIN      payment") else { return (statement, values) }
        let renewed = """
            CASE WHEN movement.state = 'ready' AND movement.attempts > 0
                 THEN movement.refund_number || '-' || movement.attempts
                 ELSE movement.refund_number END AS refund_number,
            """
        return (statement.replacing("movement.refund_number,", with: renewed), values)
    })

    /// Writes for a job do not name the number of its claim.
    static let noLeaseCheck = Sabotage(statement: { statement, values in
        guard statement.contains("UPDATE outbox") else { return (statement, values) }
        let unchecked = ["$2", "$3"].reduce(statement) { text, place in
            text.replacing("AND    lease = \(place)", with: "AND    \(place) = \(place)")
        }
        return (unchecked, values)
    })

    /// What is left of a payment was looked at before anybody else asked, and reserving does not look again.
    static let checkThenInsert = Sabotage(statement: { statement, values in
        let unguarded = statement.split(separator: "\n", omittingEmptySubsequences: false)
            .filter { !$0.hasSuffix("+ $1 <= amount_minor") }.joined(separator: "\n")
        // The look-up of a payment, by which a request is judged.
        guard statement.contains("found_account_id") else { return (unguarded, values) }
        return (statement.replacing("payment.open_minor", with: "0 AS open_minor"), values)
    })

    /// What is posted when a refund is confirmed is one fen too much.
    static let oneFenTooMuch = Sabotage(statement: { statement, values in
        guard statement.contains("INSERT INTO posting_line"), values.count == 6,
            values[3] == .text("channel.settlement"), case .int(let minor) = values[5]
        else { return (statement, values) }
        return (statement, values.dropLast() + [.int(minor + 1)])
    })
}
