public import RefundDomain
public import Storage

/// Which rules hold: a case keeps the version that it was submitted under, everything new goes by the merchant's
/// policy of its day.
extension Desk {
    /// The policy that a case was submitted under; for a draft, the merchant's of the day it was begun.
    func policy(of row: CaseRow, _ sql: any SQLReading) throws -> Policy {
        guard let version = row.policyVersion else {
            return try policy(of: row.merchantID, on: try today(row.merchantID, row.created, sql), sql)
        }
        return try policy(version: version, of: row.merchantID, sql)
    }

    /// The policy that the case with an id was submitted under.
    ///
    /// - Throws: ``Refusal/notFound``.
    public func policy(ofCase id: String, _ sql: any SQLReading) throws -> Policy {
        guard let row = try CaseTable.find(id: id, sql) else { throw Refusal.notFound }
        return try policy(of: row, sql)
    }

    /// The policy of a merchant in force on a day: the newest confirmed one that had begun by then, else the desk's.
    public func policy(of merchantID: String, on day: Day, _ sql: any SQLReading) throws -> Policy {
        try PolicyTable.inForce(of: merchantID, on: day, sql) ?? policy
    }

    /// The policy of a merchant that bears a version; the desk's own for a version that is no merchant's.
    public func policy(version: String, of merchantID: String, _ sql: any SQLReading) throws -> Policy {
        if version == policy.version { return policy }
        return try PolicyTable.rules(version: version, of: merchantID, sql) ?? policy
    }

    /// The versions of a merchant's policy, newest first, at most a hundred.
    public func policyVersions(of merchantID: String, _ sql: any SQLReading) throws -> [PolicyVersion] {
        try PolicyTable.list(merchantID, sql)
    }

    /// Whether, and how much of, a payment can be asked for today by the merchant's policy.
    func eligibility(_ payment: PaymentRow, at now: Moment, _ sql: any SQLReading) throws -> Eligibility {
        let today = try today(payment.merchantID, now, sql)
        let policy = try policy(of: payment.merchantID, on: today, sql)
        let asked =
            policy[.dayMax] == nil
            ? nil : try DayTable.asked(payment.merchantID, payment.currency, dayOf(payment.merchantID, now, sql), sql)
        let standing = payment.standing(try abilities(of: payment, sql))
        return Eligibility.of(standing, under: policy, askedToday: asked, on: today)
    }

    /// Refuses to approve more on one day than the case's policy gives back. An offer that is accepted is a promise
    /// that was made before, and is kept.
    ///
    /// - Throws: ``Refusal/limited(_:by:)`` with what can still be approved today.
    func requireDayLimit(_ amount: Money, of row: CaseRow, at now: Moment, _ sql: any SQLReading) throws {
        // What an earlier decision granted counted on its own day.
        let more = row.approved.flatMap(amount.subtracting) ?? amount
        guard let left = try leftOfDay(amount.currency, of: row, at: now, sql), more > left else { return }
        throw Refusal.limited(left, by: .day)
    }

    /// What can still be approved today; nil without a limit.
    func leftOfDay(
        _ currency: Currency, of row: CaseRow, at now: Moment, _ sql: any SQLReading
    ) throws -> Money? {
        guard let most = try policy(of: row, sql)[.dayMax] else { return nil }
        let approved = try DayTable.approved(row.merchantID, currency, dayOf(row.merchantID, now, sql), sql)
        return Money(minor: max(most - approved.minor, 0), currency: currency) ?? .zero(currency)
    }

    /// From midnight to midnight on the merchant's clock.
    private func dayOf(_ merchantID: String, _ now: Moment, _ sql: any SQLReading) throws -> Range<Moment> {
        let zone = try zone(of: merchantID, sql)
        let today = zone.day(now)
        guard let begin = LocalTime(day: today, hour: 0, minute: 0, second: 0),
            let end = LocalTime(day: today.adding(days: 1), hour: 0, minute: 0, second: 0)
        else { return now..<now }
        return zone.moment(begin)..<zone.moment(end)
    }
}

/// What one day has seen. Two that would together pass a limit meet: on PostgreSQL the transactions are serializable,
/// on SQLite there is one at a time.
enum DayTable {
    /// What was asked for in a time and neither refused, withdrawn nor left to expire since.
    static func asked(
        _ merchantID: String, _ currency: Currency, _ time: Range<Moment>, _ sql: any SQLReading
    ) throws -> Money {
        let asked = try sql.row(
            """
            SELECT COALESCE(SUM(asked_minor), 0) AS asked
            FROM   refund_case
            WHERE  merchant_id = $1
            AND    submitted_ms >= $2
            AND    submitted_ms < $3
            AND    currency = $4
            AND    state NOT IN ('declined', 'withdrawn', 'expired')
            """, values(merchantID, currency, time))?.int("asked")
        return Money(minor: asked ?? 0, currency: currency) ?? .zero(currency)
    }

    /// What was planned in a time and neither called off nor failed since; a replacement counts once.
    static func approved(
        _ merchantID: String, _ currency: Currency, _ time: Range<Moment>, _ sql: any SQLReading
    ) throws -> Money {
        let approved = try sql.row(
            """
            SELECT COALESCE(SUM(taken_minor), 0) AS approved
            FROM   movement
            WHERE  merchant_id = $1
            AND    created_ms >= $2
            AND    created_ms < $3
            AND    currency = $4
            AND    replaces_id IS NULL
            AND    state NOT IN ('cancelled', 'failed')
            """, values(merchantID, currency, time))?.int("approved")
        return Money(minor: approved ?? 0, currency: currency) ?? .zero(currency)
    }

    private static func values(_ merchantID: String, _ currency: Currency, _ time: Range<Moment>) -> [SQLValue] {
        [
            .text(merchantID), .int(time.lowerBound.milliseconds), .int(time.upperBound.milliseconds),
            .text(currency.code),
        ]
    }
}
