import RefundDomain
import Storage

/// What a joint action works on, read and guarded within its transaction.
struct JointTurn {
    let row: CaseRow
    /// Nil for reopening a case.
    let movement: MovementRow?
    let payment: PaymentRow
}

extension Desk {
    /// Asks everything that has to hold for a joint action, at its proposal and again at its confirmation.
    func jointTurn(
        _ action: JointAction, _ details: JointDetails, _ row: CaseRow, movementID: String?, at now: Moment,
        _ sql: any SQLReading
    ) throws -> JointTurn {
        guard let payment = try PaymentTable.find(row.paymentID, sql) else { throw Refusal.notFound }
        if action == .reopen {
            try requireReopenable(row, payment, sql)
            return JointTurn(row: row, movement: nil, payment: payment)
        }
        guard let id = movementID, let movement = try MovementTable.find(id, sql), movement.caseID == row.id else {
            throw Refusal.notFound
        }
        try requireState(action, movement, row, sql)
        try requireTime(action, movement, under: try policy(of: row, sql), at: now)
        try requireDetails(action, details, movement, row, at: now, sql)
        switch action {
        case .resend, .reroute, .correctUp:
            if let block = payment.block { throw Refusal.blocked(block) }
            guard payment.accountIsReady else { throw Refusal.ineligible(.accountNotReady) }
        case .giveUp, .recordReturn, .giveBack, .leaveUnclaimed, .correctDown, .payOutside, .reopen: break
        }
        if action == .reroute, let destination = details.destinationID,
            try !canPay(movement, to: destination, by: payment.channel, sql)
        {
            throw Refusal.channelCannot
        }
        if action == .correctUp, let more = details.amount, more > payment.left {
            throw Refusal.aboveMost(payment.left)
        }
        return JointTurn(row: row, movement: movement, payment: payment)
    }

    private func requireState(
        _ action: JointAction, _ movement: MovementRow, _ row: CaseRow, _ sql: any SQLReading
    ) throws {
        if let happening = action.happening {
            guard let step = Movement.transition(happening, from: movement.state),
                step.triggers.contains(.twoPeople)
            else { throw Refusal.moneyNotNow(state: movement.state) }
        } else if !movement.state.isPaid {
            throw Refusal.moneyNotNow(state: movement.state)
        }
        // A failed movement that another took the place of owes nothing any more.
        if try MovementTable.isReplaced(movement.id, sql) { throw Refusal.moneyNotNow(state: movement.state) }
        guard row.state == .approved || row.state == .closed else { throw Refusal.notNow(state: row.state) }
    }

    private func requireTime(
        _ action: JointAction, _ movement: MovementRow, under policy: Policy, at now: Moment
    ) throws(Refusal) {
        switch action {
        case .resend, .giveUp:
            let from = (movement.unknownSince ?? movement.changed).adding(
                seconds: JointLimits.unknownHours * 3600 / hurry)
            if now < from { throw .tooEarly(from: from) }
        case .leaveUnclaimed:
            let from = (movement.returned ?? movement.changed).adding(
                seconds: policy.returnedDays * 86_400 / hurry)
            if now < from { throw .tooEarly(from: from) }
        case .recordReturn, .reroute, .giveBack, .correctUp, .correctDown, .payOutside, .reopen: break
        }
    }

    private func requireDetails(
        _ action: JointAction, _ details: JointDetails, _ movement: MovementRow, _ row: CaseRow, at now: Moment,
        _ sql: any SQLReading
    ) throws {
        switch action {
        case .recordReturn:
            guard let code = details.returnCode?.trimmed, !code.isEmpty else {
                throw Refusal.field("return_code", .missing)
            }
            guard code.unicodeScalars.count <= 64 else { throw Refusal.field("return_code", .tooLong) }
            guard let day = details.returnedOn else { throw Refusal.field("returned_on", .missing) }
            let zone = try zone(of: row.merchantID, sql)
            guard day <= zone.day(now), movement.sent.map({ day >= zone.day($0) }) ?? true else {
                throw Refusal.field("returned_on", .notOffered)
            }
        case .reroute:
            guard let id = details.destinationID else { throw Refusal.field("destination", .missing) }
            guard try MovementTable.isDestination(id, of: movement, sql) else {
                throw Refusal.field("destination", .notOffered)
            }
        case .correctUp, .correctDown:
            guard let amount = details.amount, amount.minor > 0 else { throw Refusal.field("amount", .missing) }
            guard amount.currency == movement.gross.currency else { throw Refusal.field("amount", .unreadable) }
            guard action == .correctDown else { return }
            let most = try correctable(movement, sql)
            if amount > most { throw Refusal.aboveMost(most) }
        case .resend, .giveUp, .giveBack, .leaveUnclaimed, .payOutside, .reopen: break
        }
    }

    /// How much of a paid movement has not been corrected downwards yet, in the payment's currency.
    private func correctable(_ movement: MovementRow, _ sql: any SQLReading) throws -> Money {
        var left = movement.gross.minor
        try sql.each(
            """
            SELECT   facts
            FROM     event
            WHERE    object_id = $1
            AND      what = 'movement.corrected-down'
            ORDER BY number
            """, [.text(movement.id)]
        ) { row in
            left -= eventFacts(try row.text("facts"))["amount_minor"].flatMap { Int64($0) } ?? 0
        }
        return Money(minor: left, currency: movement.gross.currency) ?? .zero(movement.gross.currency)
    }
}

extension MovementTable {
    /// Whether another movement took this one's place.
    static func isReplaced(_ id: String, _ sql: any SQLReading) throws -> Bool {
        try sql.row(
            "SELECT id FROM movement WHERE replaces_id = $1 ORDER BY id LIMIT 1", [.text(id)]) != nil
    }

    /// Whether the cardholder named this account for money of the movement's case.
    static func isDestination(_ id: String, of movement: MovementRow, _ sql: any SQLReading) throws -> Bool {
        try sql.row(
            "SELECT id FROM payee_destination WHERE id = $1 AND case_id = $2",
            [.text(id), .text(movement.caseID)]) != nil
    }
}
