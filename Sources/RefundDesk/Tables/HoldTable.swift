import RefundDomain
import Storage

/// What is frozen on a merchant's balance for a case.
enum HoldTable {
    struct Row {
        let cost: Money
        let held: Money
    }

    static func find(_ caseID: String, _ sql: any SQLReading) throws -> Row? {
        try sql.row(
            """
            SELECT currency, cost_minor, held_minor
            FROM   hold
            WHERE  case_id = $1
            """, [.text(caseID)]
        ).map { row in
            let currency = try row.currency()
            return Row(cost: try row.money("cost_minor", in: currency), held: try row.money("held_minor", in: currency))
        }
    }

    /// P1: holds the cost, or as much of it as the merchant's balance has, beside what the case holds already.
    static func place(
        cost: Money, for row: CaseRow, postingID: String, at now: Moment, _ sql: any SQLTransaction
    ) throws {
        let held = try coverable(cost, of: row.merchantID, sql)
        try sql.run(
            """
            INSERT INTO hold (case_id, merchant_id, currency, cost_minor, held_minor, changed_ms)
            VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (case_id) DO UPDATE
            SET    cost_minor = hold.cost_minor + $4, held_minor = hold.held_minor + $5, changed_ms = $6
            """,
            [
                .text(row.id), .text(row.merchantID), .text(cost.currency.code), .int(cost.minor), .int(held.minor),
                .int(now.milliseconds),
            ])
        try LedgerTable.post(.hold(held), id: postingID, for: origin(row), at: now, sql)
    }

    /// P2: makes the hold fit another cost; P3 when the cost is nothing.
    ///
    /// - Returns: what is held now; less than the cost when the merchant's balance does not have more.
    @discardableResult
    static func adjust(
        to cost: Money, for row: CaseRow, postingID: String, at now: Moment, _ sql: any SQLTransaction
    ) throws -> Money {
        guard let hold = try find(row.id, sql) else { return .zero(cost.currency) }
        // Nothing is nothing in every currency; the hold keeps its own.
        let cost = cost.minor == 0 ? .zero(hold.cost.currency) : cost
        var held = cost
        if let more = cost.subtracting(hold.held), more.minor > 0 {
            held = hold.held.adding(try coverable(more, of: row.merchantID, sql)) ?? hold.held
        }
        let posting: Posting =
            cost.minor == 0 ? .holdReleased(hold.held) : .holdAdjusted(from: hold.held, to: held)
        try LedgerTable.post(posting, id: postingID, for: origin(row), at: now, sql)
        try set(row.id, cost: cost, held: held, at: now, sql)
        return held
    }

    /// P2: holds so much more, or as much of it as the merchant's balance has.
    ///
    /// - Returns: whether all that the case costs is held now.
    static func extend(
        by more: Money, for row: CaseRow, postingID: String, at now: Moment, _ sql: any SQLTransaction
    ) throws -> Bool {
        guard let hold = try find(row.id, sql), let cost = hold.cost.adding(more) else {
            throw StoreFault.wrongKind("hold")
        }
        return try adjust(to: cost, for: row, postingID: postingID, at: now, sql) == cost
    }

    /// P2: holds for one movement in the place of another one that cost something else.
    ///
    /// - Returns: whether all that the case costs is held now.
    static func exchange(
        _ old: Money, for new: Money, of row: CaseRow, postingID: String, at now: Moment, _ sql: any SQLTransaction
    ) throws -> Bool {
        guard let hold = try find(row.id, sql), let cost = hold.cost.subtracting(old)?.adding(new) else {
            throw StoreFault.wrongKind("hold")
        }
        return try adjust(to: cost, for: row, postingID: postingID, at: now, sql) == cost
    }

    /// Takes all of a movement's cost out of the hold, for sending it (P4).
    static func take(_ taken: Money, of caseID: String, at now: Moment, _ sql: any SQLTransaction) throws {
        guard let hold = try find(caseID, sql), let held = hold.held.subtracting(taken),
            let cost = hold.cost.subtracting(taken)
        else { throw StoreFault.wrongKind("hold") }
        try set(caseID, cost: cost, held: held, at: now, sql)
    }

    /// Takes a movement's cost off what the case still needs, and what is held above the rest.
    ///
    /// - Returns: what was held for it; a posting has to take it from there.
    static func drop(_ less: Money, of caseID: String, at now: Moment, _ sql: any SQLTransaction) throws -> Money {
        guard let hold = try find(caseID, sql), let cost = hold.cost.subtracting(less) else {
            throw StoreFault.wrongKind("hold")
        }
        let held = min(hold.held, cost)
        try set(caseID, cost: cost, held: held, at: now, sql)
        return hold.held.subtracting(held) ?? .zero(held.currency)
    }

    /// P3: releases what a case holds beyond the cost of its money that is not sent yet.
    static func release(
        keeping cost: Money, for row: CaseRow, postingID: String, at now: Moment, _ sql: any SQLTransaction
    ) throws {
        guard let hold = try find(row.id, sql) else { return }
        let kept = min(hold.held, cost)
        guard let released = hold.held.subtracting(kept) else { return }
        try LedgerTable.post(.holdReleased(released), id: postingID, for: origin(row), at: now, sql)
        try set(row.id, cost: cost, held: kept, at: now, sql)
    }

    /// Writes the figures without a posting, where the posting is P4, its undoing or P9.
    static func set(
        _ caseID: String, cost: Money, held: Money, at now: Moment, _ sql: any SQLTransaction
    ) throws {
        try sql.run(
            """
            UPDATE hold
            SET    cost_minor = $1, held_minor = $2, changed_ms = $3
            WHERE  case_id = $4
            """, [.int(cost.minor), .int(held.minor), .int(now.milliseconds), .text(caseID)])
    }

    private static func coverable(
        _ cost: Money, of merchantID: String, _ sql: any SQLReading
    ) throws -> Money {
        let available = try LedgerTable.balance(.merchantAvailable, cost.currency, of: merchantID, sql)
        return Money(minor: min(cost.minor, max(available, 0)), currency: cost.currency) ?? .zero(cost.currency)
    }

    private static func origin(_ row: CaseRow) -> LedgerTable.Origin {
        LedgerTable.Origin(merchantID: row.merchantID, caseID: row.id)
    }
}
