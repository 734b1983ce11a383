public import RefundDomain
public import Storage

/// How a block ended.
public enum BlockOutcome: String, Sendable, Hashable, CaseIterable {
    /// The merchant kept the disputed amount.
    case won
    /// The channel took the disputed amount.
    case lost
    /// There is no reason for it any more.
    case lifted
}

/// Something that stops, or stopped, a payment's money.
public struct PaymentBlock: Sendable, Hashable {
    public let id: String
    public let kind: Block
    /// What the bank, court or person calls it.
    public let reference: String
    /// What is disputed; nothing for the other kinds.
    public let amount: Money
    /// What of it was set aside of the merchant's balance, in the currency that the merchant is settled in.
    public let held: Money
    public let opened: Moment
    public let outcome: BlockOutcome?
    public let closed: Moment?
}

extension Desk {
    /// What stops a payment's money now; nil when nothing does.
    func block(of paymentID: String, _ sql: any SQLReading) throws -> Block? {
        try sql.row(
            "SELECT kind FROM block WHERE payment_id = $1 AND closed_ms IS NULL ORDER BY closed_ms, id LIMIT 1",
            [.text(paymentID)])?.word("kind")
    }

    /// Everything that stops or stopped a payment's money, the newest first; at most 50.
    public func blocks(of paymentID: String, _ sql: any SQLReading) throws -> [PaymentBlock] {
        try sql.rows(
            """
            SELECT   block.id, block.kind, block.reference, block.currency, block.amount_minor, block.held_minor,
                     block.opened_ms, block.outcome, block.closed_ms, payment.settlement_currency
            FROM     block
            JOIN     payment
            ON       payment.id = block.payment_id
            WHERE    block.payment_id = $1
            ORDER BY block.opened_ms DESC, block.id DESC
            LIMIT    50
            """, [.text(paymentID)]
        ).map(read)
    }

    /// Stops a payment's money (M25): nothing is approved or sent until it is closed, and for a dispute the amount is
    /// set aside as far as the merchant has it (P17). Refunds that are on their way already cannot be stopped.
    ///
    /// - Parameters:
    ///   - reference: as the bank or court calls it; the same one twice is refused.
    ///   - amount: what is disputed; nil for the other kinds.
    ///   - staff: nil when the channel says so.
    /// - Returns: the block's id.
    /// - Throws: ``Refusal/notAllowed`` for others than support, finance and operator-reviewer,
    ///   ``Refusal/notFound``, ``Refusal/alreadyThere(_:)`` also for a second open dispute of one payment,
    ///   ``Refusal/field(_:_:)``.
    @discardableResult
    public func openBlock(
        _ kind: Block, reference: String, payment paymentID: String, amount: Money?, note: String,
        by staff: StaffMember?
    ) async throws -> String {
        let reference = reference.trimmed
        guard !reference.isEmpty else { throw Refusal.field("reference", .missing) }
        try check(reference, "reference", TextLimits.nameCharactersMax)
        let text = note.trimmed
        try check(text, "note", TextLimits.noteCharactersMax)
        if kind == .dispute, (amount?.minor ?? 0) == 0 { throw Refusal.field("amount", .missing) }
        if kind != .dispute, amount != nil { throw Refusal.field("amount", .notOffered) }
        let now = clock()
        let ids = (block: try newID(), posting: try newID())
        let messages = try (0..<Self.casesOfPaymentMax).map { _ in try newMessage(.paused) }
        try await store.write { sql in
            guard let payment = try PaymentTable.find(paymentID, sql),
                staff?.sees(payment.merchantID) ?? true
            else { throw Refusal.notFound }
            guard staff?.role.seesSupportDesk ?? true else { throw Refusal.notAllowed }
            guard (amount ?? .zero(payment.currency)).currency == payment.currency else {
                throw Refusal.field("amount", .unreadable)
            }
            try EventTable.hold(payment.merchantID, sql)
            try requireNew(kind, reference, payment, sql)
            let actor = staff?.actor ?? .channel
            let aside = try setAside(amount, of: payment, postingID: ids.posting, at: now, sql)
            let place = SealPlace("block", "note_sealed", row: ids.block, tenant: payment.merchantID, .words)
            try sql.run(
                """
                INSERT INTO block (id, merchant_id, payment_id, kind, reference, currency, amount_minor,
                                   counted_minor, held_minor, note_sealed, opened_by, opened_ms)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
                """,
                [
                    .text(ids.block), .text(payment.merchantID), .text(payment.id), .text(kind.rawValue),
                    .text(reference), .text(payment.currency.code), .int(amount?.minor ?? 0),
                    .int(aside.disputed.minor), .int(aside.held.minor),
                    .bytes(text.isEmpty ? nil : try seals.seal(Array(text.utf8), place, sql)), .text(staff?.id),
                    .int(now.milliseconds),
                ])
            try record(
                "payment.blocked", ids.block, payment,
                [
                    "block": kind.rawValue, "amount_minor": String(amount?.minor ?? 0),
                    "counted_minor": String(aside.disputed.minor), "held_minor": String(aside.held.minor),
                ], actor, now, sql)
            for (row, message) in zip(try cases(of: payment, sql), messages) {
                if kind == .dispute { try revive(row, by: actor, at: now, sql) }
                try say("case.paused", ["block": kind.rawValue], message, row.id, by: actor, at: now, sql)
            }
        }
        return ids.block
    }

    /// Ends a block; what was set aside goes back to the merchant, or to the channel when a dispute was lost (P17). The
    /// payment can be refunded again, as far as something is left of it.
    ///
    /// - Throws: ``Refusal/notAllowed``, ``Refusal/notFound`` also for one that ended already,
    ///   ``Refusal/field(_:_:)`` for winning or losing what is no dispute.
    public func closeBlock(_ id: String, _ outcome: BlockOutcome, by staff: StaffMember?) async throws {
        let now = clock()
        let postingID = try newID()
        let ids = try (0..<Self.casesOfPaymentMax).map { _ in (job: try newID(), message: try newMessage(.resumed)) }
        try await store.write { sql in
            guard
                let found = try sql.row(
                    "SELECT payment_id FROM block WHERE id = $1 AND closed_ms IS NULL", [.text(id)]),
                let payment = try PaymentTable.find(try found.text("payment_id"), sql),
                let block = try blocks(of: payment.id, sql).first(where: { $0.id == id }),
                staff?.sees(payment.merchantID) ?? true
            else { throw Refusal.notFound }
            guard staff?.role.seesSupportDesk ?? true else { throw Refusal.notAllowed }
            guard outcome == .lifted || block.kind == .dispute else {
                throw Refusal.field("outcome", .notOffered)
            }
            try EventTable.hold(payment.merchantID, sql)
            let actor = staff?.actor ?? .channel
            if block.kind == .dispute {
                try settle(block, outcome, payment, postingID: postingID, at: now, sql)
            }
            try sql.run(
                """
                UPDATE block
                SET    outcome = $1, closed_by = $2, closed_ms = $3
                WHERE  id = $4
                """, [.text(outcome.rawValue), .text(staff?.id), .int(now.milliseconds), .text(id)])
            let facts = ["block": block.kind.rawValue, "outcome": outcome.rawValue]
            try record("payment.unblocked", id, payment, facts, actor, now, sql)
            for (row, ids) in zip(try cases(of: payment, sql), ids) {
                guard row.state != .closed else { continue }
                try say("case.resumed", facts, ids.message, row.id, by: actor, at: now, sql)
                try OutboxTable.add(.closeCase, id: ids.job, caseID: row.id, notBefore: now, at: now, sql)
            }
        }
    }

    /// The most cases of one payment that a block tells of.
    private static var casesOfPaymentMax: Int { 100 }

    /// Writes into a case that its payment was stopped or goes on, and tells the cardholder while anything is expected
    /// of the case: a decision, or money that has not come.
    private func say(
        _ what: String, _ facts: [String: String], _ message: NewMessage, _ caseID: String, by actor: Actor,
        at now: Moment, _ sql: any SQLTransaction
    ) throws {
        guard let row = try CaseTable.find(id: caseID, sql), row.state != .closed else { return }
        try CaseTable.touch(row.id, at: now, sql)
        let event = NewEvent(
            stream: row.merchantID, actor: actor, what: what, object: "case", objectID: row.id, caseID: row.id,
            version: row.version + 1, facts: facts)
        try EventTable.append(event, at: now, seals, sql)
        let waits = try MovementTable.list(ofCase: row.id, sql).contains { $0.state.canBeStopped }
        guard row.state.isUndecided || (row.state == .approved && waits) else { return }
        var told = message
        told.values = ["asked_minor": String((row.approved ?? row.asked)?.minor ?? 0)]
        try tell(told, about: row, at: now, sql)
    }

    private func requireNew(
        _ kind: Block, _ reference: String, _ payment: PaymentRow, _ sql: any SQLReading
    ) throws {
        let same = try sql.row(
            """
            SELECT   id
            FROM     block
            WHERE    merchant_id = $1
            AND      kind = $2
            AND      (reference = $3
                      OR (kind = 'dispute' AND payment_id = $4 AND closed_ms IS NULL))
            ORDER BY id
            LIMIT    1
            """, [.text(payment.merchantID), .text(kind.rawValue), .text(reference), .text(payment.id)])
        if same != nil { throw Refusal.alreadyThere(reference) }
    }

    /// P17: as much of the disputed amount as is left of the payment cannot be refunded, and as much of that as the
    /// merchant has is set aside.
    private func setAside(
        _ amount: Money?, of payment: PaymentRow, postingID: String, at now: Moment, _ sql: any SQLTransaction
    ) throws -> (disputed: Money, held: Money) {
        let currency = payment.settlement?.currency ?? payment.currency
        guard let amount else { return (.zero(payment.currency), .zero(currency)) }
        let disputed = min(amount, payment.left)
        try sql.run(
            "UPDATE payment SET disputed_minor = disputed_minor + $1 WHERE id = $2",
            [.int(disputed.minor), .text(payment.id)])
        let worth = worth(disputed, of: payment)
        let available = try LedgerTable.balance(.merchantAvailable, currency, of: payment.merchantID, sql)
        let held = Money(minor: min(worth.minor, max(available, 0)), currency: currency) ?? .zero(currency)
        let origin = LedgerTable.Origin(merchantID: payment.merchantID)
        try LedgerTable.post(.disputeOpened(held), id: postingID, for: origin, at: now, sql)
        return (disputed, held)
    }

    private func settle(
        _ block: PaymentBlock, _ outcome: BlockOutcome, _ payment: PaymentRow, postingID: String, at now: Moment,
        _ sql: any SQLTransaction
    ) throws {
        let isLost = outcome == .lost
        let posting: Posting
        if !isLost {
            posting = .disputeWon(block.held)
        } else if let exchange = payment.settlement {
            let worth = worth(payment.disputed, of: payment)
            let short = worth.subtracting(block.held) ?? .zero(exchange.currency)
            posting = .disputeLost(block.held, advanced: short, taken: payment.disputed)
        } else {
            let short = payment.disputed.subtracting(block.held) ?? .zero(payment.currency)
            posting = .disputeLost(block.held, advanced: short)
        }
        let origin = LedgerTable.Origin(merchantID: payment.merchantID)
        try LedgerTable.post(posting, id: postingID, for: origin, at: now, sql)
        try sql.run(
            """
            UPDATE payment
            SET    disputed_minor = 0, refunded_elsewhere_minor = refunded_elsewhere_minor + $1,
                   refunded_elsewhere_count = refunded_elsewhere_count + $2
            WHERE  id = $3
            """, [.int(isLost ? payment.disputed.minor : 0), .int(isLost ? 1 : 0), .text(payment.id)])
    }

    /// An amount of a payment in the currency that the merchant is settled in, by the rate of the sale.
    private func worth(_ amount: Money, of payment: PaymentRow) -> Money {
        guard let settlement = payment.settlement else { return amount }
        let share = Fee.share(of: settlement.minor, amount.minor, outOf: payment.amount.minor)
        return Money(minor: share, currency: settlement.currency) ?? .zero(settlement.currency)
    }

    private func cases(of payment: PaymentRow, _ sql: any SQLReading) throws -> [CaseRow] {
        try sql.rows(
            """
            SELECT   id
            FROM     refund_case
            WHERE    payment_id = $1
            AND      state <> 'draft'
            ORDER BY id
            LIMIT    $2
            """, [.text(payment.id), .int(Int64(Self.casesOfPaymentMax))]
        ).compactMap { try CaseTable.find(id: try $0.text("id"), sql) }
    }

    private func record(
        _ what: String, _ id: String, _ payment: PaymentRow, _ facts: [String: String], _ actor: Actor,
        _ now: Moment, _ sql: any SQLTransaction
    ) throws {
        var facts = facts
        facts["payment"] = payment.id
        let event = NewEvent(
            stream: payment.merchantID, actor: actor, what: what, object: "block", objectID: id, facts: facts,
            visibility: .internal)
        try EventTable.append(event, at: now, seals, sql)
    }

    private func read(_ row: SQLRow) throws -> PaymentBlock {
        let currency = try row.currency()
        let paidIn = try row.textOrNil("settlement_currency").flatMap(Currency.init(code:)) ?? currency
        return PaymentBlock(
            id: try row.text("id"), kind: try row.word("kind"), reference: try row.text("reference"),
            amount: try row.money("amount_minor", in: currency), held: try row.money("held_minor", in: paidIn),
            opened: try row.moment("opened_ms"), outcome: try row.wordOrNil("outcome"),
            closed: try row.momentOrNil("closed_ms"))
    }
}

extension Movement.State {
    /// Whether a block keeps money of this state from the cardholder; what is with the bank cannot be stopped.
    fileprivate var canBeStopped: Bool {
        switch self {
        case .planned, .waitingFunds, .ready, .failed, .returned: true
        case .sending, .unknown, .accepted, .atBank, .needsPayeeAction, .succeeded, .arrived, .rerouted, .givenBack,
            .givenOutside, .unclaimed, .cancelled:
            false
        }
    }
}
