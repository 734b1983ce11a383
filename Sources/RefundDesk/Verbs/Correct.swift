import RefundDomain
import Storage

/// Other movements in the place of, or besides, one that there is (M20, M23, M24).
extension Desk {
    /// M20, P11: a movement of its own, under a new number, pays the returned money to the account that the
    /// cardholder named. Money that waits with the channel for the payee (M17) has come back that far: P10 first.
    func reroute(_ effect: JointEffect, _ sql: any SQLTransaction) throws {
        let old = effect.movement
        guard let destination = effect.details.destinationID else { throw Refusal.field("destination", .missing) }
        let new = MovementTable.New(
            id: effect.ids.plan.movementID, caseID: old.caseID, payment: effect.turn.payment, accountID: old.accountID,
            quote: old.quote, refundNumber: effect.ids.plan.refundNumber, source: .returned,
            destinationSealed: try sealedDestination(destination, for: effect.ids.plan.movementID, old, sql),
            replacesID: old.id, correctsID: old.correctsID)
        if old.state == .needsPayeeAction {
            try takeBack(
                old, code: "needs another account", on: effect.now, postingID: effect.ids.returnID, at: effect.now, sql)
        }
        try move(effect, .reroute, ["by": new.id], sql)
        try plan(new, .plan, isCovered: true, effect.ids.plan, for: effect.turn.row, at: effect.now, sql)
        try LedgerTable.post(
            .rerouted(gross: old.gross), id: effect.ids.postingID,
            for: LedgerTable.Origin(merchantID: old.merchantID, caseID: old.caseID, movementID: new.id),
            at: effect.now, sql)
        try tell(.moneyRerouted, effect, sql)
    }

    /// M24, P15: another movement pays what was missing; never more than is left of the payment.
    func correctUp(_ effect: JointEffect, _ sql: any SQLTransaction) throws {
        let (row, payment) = (effect.turn.row, effect.turn.payment)
        guard let more = effect.details.amount, try PaymentTable.reserve(more.minor, of: payment.id, sql) else {
            throw Refusal.aboveMost(payment.left)
        }
        let quote = try quote(more, of: payment, try policy(of: row, sql).fees.withoutHandlingFee, sql)
        let isCovered = try HoldTable.extend(
            by: quote.cost, for: row, postingID: effect.ids.postingID, at: effect.now, sql)
        try PaymentTable.commit(more, feeGivenBack: quote.feeGivenBack, of: payment.id, sql)
        let new = MovementTable.New(
            id: effect.ids.plan.movementID, caseID: row.id, payment: payment, accountID: effect.movement.accountID,
            quote: quote, refundNumber: effect.ids.plan.refundNumber, correctsID: effect.movement.id)
        try plan(
            new, .correct, isCovered: isCovered, effect.ids.plan, for: row, by: effect.actor, at: effect.now, sql)
        try revive(row, by: effect.actor, at: effect.now, sql)
        try tell(.moneyCorrected, effect, amount: more, sql)
    }

    /// M24, P16: too much was paid. The merchant is made whole; the cardholder agreed to owe it, or it is given away.
    func correctDown(_ effect: JointEffect, _ sql: any SQLTransaction) throws {
        let movement = effect.movement
        guard let less = effect.details.amount else { throw Refusal.field("amount", .missing) }
        try LedgerTable.post(
            .correctedDown(movement.quote.overpaid(less), isGoodwill: effect.details.isGoodwill),
            id: effect.ids.postingID,
            for: movement.origin, at: effect.now, sql)
        try recordMovement(
            nil, "movement.corrected-down", movement.id, effect.turn.row,
            [
                "amount_minor": String(less.minor), "currency": less.currency.code,
                "borne_by": effect.details.isGoodwill ? "operator" : "cardholder",
            ], by: effect.actor, at: effect.now, sql)
        try tell(.moneyOverpaid, effect, amount: less, sql)
    }

    /// The account as the cardholder named it, sealed for another row.
    func sealedDestination(
        _ id: String, for newID: String, _ movement: MovementRow, _ sql: any SQLReading
    ) throws -> [UInt8] {
        guard
            let row = try sql.row(
                "SELECT details_sealed FROM payee_destination WHERE id = $1 AND case_id = $2",
                [.text(id), .text(movement.caseID)])
        else { throw Refusal.field("destination", .notOffered) }
        let from = SealPlace("payee_destination", "details_sealed", row: id, tenant: movement.merchantID, .contact)
        let plain = try seals.open(try row.bytes("details_sealed"), from, sql)
        return try seals.seal(plain, destinationPlace(newID, movement), sql)
    }

    func destinationPlace(_ id: String, _ movement: MovementRow) -> SealPlace {
        SealPlace("movement", "destination_sealed", row: id, tenant: movement.merchantID, .contact)
    }
}
