public import RefundDomain
import Storage

extension Desk {
    /// Writes down between which dates the money should be with the payer, once the channel has taken the refund on.
    /// It is counted anew when the channel takes it on again after the payee has done something.
    ///
    /// - Returns: the dates as facts for the record; empty where nothing was written.
    func expectArrival(
        after happening: Movement.Happening, _ outcome: Outcome, _ sql: any SQLTransaction
    ) throws -> [String: String] {
        let movement = outcome.movement
        guard happening == .accept || happening == .handToBank || happening == .succeed,
            let row = try sql.row(
                """
                SELECT payment.channel, payment.issuer, payment.card_kind, payment.card_first6,
                       payment.currency,
                       merchant.currency AS own_currency, movement.expected_on, movement.route
                FROM   movement
                JOIN   payment
                ON     payment.id = movement.payment_id
                JOIN   merchant
                ON     merchant.id = movement.merchant_id
                WHERE  movement.id = $1
                """, [.text(movement.id)]),
            try happening == .accept || row.textOrNil("expected_on") == nil
        else { return [:] }
        // To another account than the payment's own, nothing is known of how long it takes.
        let days =
            try row.text("route") != "bank-card"
            ? arrivalDays(
                for: try row.refundRoute(cardIssuer(row.textOrNil("card_first6"), sql)),
                try PaymentTable.find(movement.paymentID, sql).flatMap { try abilities(of: $0, sql) })
            : arrivalWindows.outer
        let today = try zone(of: movement.merchantID, sql).day(outcome.now)
        let dates = ArrivalDates(days, after: today, try calendar(sql))
        try sql.run(
            """
            UPDATE movement
            SET    expected_from = $1, expected_on = $2, expected_exact = $3
            WHERE  id = $4
            """,
            [
                .text(dates.earliest.iso), .text(dates.latest.day.iso), dates.latest.exactValue, .text(movement.id),
            ])
        return dates.facts
    }
}

extension Desk {
    /// In how many working days money usually is back: as the payment's row of ``Capabilities`` says, else as
    /// ``ArrivalWindows`` does.
    public func arrivalDays(for route: RefundRoute, _ able: RefundAbilities?) -> ClosedRange<Int> {
        able?.arrival.value ?? arrivalWindows.days(for: route)
    }
}

extension SQLRow {
    /// How a payment's money goes back, from its `channel`, `issuer`, `card_kind` and `currency` and the merchant's
    /// `own_currency`.
    ///
    /// - Parameter card: what the card's first digits tell, where the statement says nothing of bank and kind.
    func refundRoute(_ card: CardIssuers.Issuer?) throws -> RefundRoute {
        let issuer = try textOrNil("issuer") ?? card?.name
        return RefundRoute(
            channel: try wordOrNil("channel"), issuer: issuer,
            paidBy: PaidBy(try wordOrNil("card_kind") ?? card?.kind, issuer: issuer),
            isCrossBorder: try text("currency") != text("own_currency"))
    }
}
