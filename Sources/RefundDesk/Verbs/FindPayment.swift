public import RefundDomain
import Storage
import Vault

/// What a person read off a slip or out of a wallet.
public enum PaymentQuery: Sendable, Hashable {
    /// The slip's 12-digit reference number.
    case reference(String, cardLast4: String?)
    /// The slip's terminal number and trace number.
    case trace(terminal: String, trace: String, cardLast4: String?)
    /// The wallet's transaction number or the merchant's order number.
    case order(String)
    /// The day, the card's last four digits and the terminal; a day before or after fits too.
    case card(day: Day, cardLast4: String, terminal: String)

    /// The word of the form's field `method`.
    public var method: String {
        switch self {
        case .reference, .trace: "slip"
        case .order: "wallet"
        case .card: "card"
        }
    }
}

/// What a look-up led to.
public enum Finding: Sendable, Hashable {
    /// The payment is known to the session with this new token.
    case found(visitor: String)
    /// Nothing matches all of it; why is not told.
    case notFound
}

/// How often a look-up may miss.
public enum LookUpLimits {
    /// Misses of one address (an IPv6 /64) in an hour.
    public static let missesPerAddress: Int64 = 20
    /// Misses at one terminal in an hour, whoever made them.
    public static let missesPerTerminal: Int64 = 5
    /// Misses of everybody in an hour.
    public static let missesInAll: Int64 = 5000
    static let windowSeconds: Int64 = 3600
    /// How many payments may share the numbers that were typed; more are not looked at.
    static let candidatesMax = 20
    /// How long a visitor's session lasts, in hours.
    public static let sessionHours: Int64 = 24
}

extension Desk {
    /// Looks a payment up, begins a draft when it can be asked for (R1) and makes a session that knows it.
    ///
    /// - Parameters:
    ///   - amountText: the amount as typed; it is read in the payment's own currency.
    ///   - visitor: the token of the session so far; what it had open stays open in the new one.
    ///   - address: the client's network address, for counting misses.
    ///   - behalf: who of the staff types it in for a cardholder; a clerk finds payments of the own merchant alone.
    /// - Throws: ``Refusal/tooMany(retryAfterSeconds:)`` after too many misses; ``StoreFault``; for an agent
    ///   ``Refusal/notAllowed``, ``Refusal/consentMissing``.
    public func find(
        _ query: PaymentQuery, amountText: String, visitor: String?, address: String, language: String,
        onBehalf behalf: OnBehalf? = nil
    ) async throws -> Finding {
        let now = clock()
        let token = try chance.token()
        let caseID = try newID()
        let number = try chance.caseNumber().text
        return try await store.write { sql in
            let buckets = missBuckets(query, address: address)
            try refuseAfterMisses(buckets, at: now, sql)
            guard let payment = try match(query, amountText: amountText, sql),
                behalf?.staff.sees(payment.merchantID) ?? true
            else {
                try countMisses(buckets, at: now, sql)
                return .notFound
            }
            try requireAgent(behalf, .begin, of: payment.merchantID)
            try record(query, of: payment, by: behalf.actor, at: now, sql)
            let session = VisitorTable.NewSession(
                token: token, previous: visitor, paymentID: payment.id, lookUp: typed(query, amountText), now: now)
            try VisitorTable.begin(session, sql)
            try beginDraft(
                of: payment, id: caseID, number: number, token: token, lookUp: query.method, language: language,
                by: behalf, at: now, sql)
            return .found(visitor: token)
        }
    }

    /// R1, when the payment can be asked for now.
    private func beginDraft(
        of payment: PaymentRow, id: String, number: String, token: String, lookUp: String, language: String,
        by behalf: OnBehalf?, at now: Moment, _ sql: any SQLTransaction
    ) throws {
        let standing = payment.standing(try abilities(of: payment, sql))
        guard case .askable = Eligibility.of(standing, on: try today(payment.merchantID, now, sql)) else { return }
        try sql.run(
            """
            INSERT INTO refund_case (id, number, merchant_id, payment_id, state, version, intake, look_up, language,
                                     currency, created_ms, changed_ms)
            VALUES ($1, $2, $3, $4, 'draft', 1, $9, $5, $6, $7, $8, $8)
            """,
            [
                .text(id), .text(number), .text(payment.merchantID), .text(payment.id), .text(lookUp),
                .text(language), .text(payment.currency.code), .int(now.milliseconds),
                .text(behalf.intake),
            ])
        try VisitorTable.setDraft(id, token: token, sql)
        let event = NewEvent(
            stream: payment.merchantID, actor: behalf.actor, what: "case.begun", transition: "R1", object: "case",
            objectID: id, caseID: id, version: 1, facts: ["look_up": lookUp, "intake": behalf.intake],
            visibility: .internal)
        try EventTable.append(event, at: now, seals, sql)
        guard let row = try CaseTable.find(id: id, sql) else { return }
        let until = now.adding(seconds: try policy(of: row, sql).draftHours * 3600)
        try OutboxTable.plan(.expireDraft, of: row, notBefore: until, at: now, sql)
    }

    private func record(
        _ query: PaymentQuery, of payment: PaymentRow, by actor: Actor, at now: Moment, _ sql: any SQLTransaction
    ) throws {
        let event = NewEvent(
            stream: payment.merchantID, actor: actor, what: "payment.found", object: "payment",
            objectID: payment.id, facts: ["look_up": query.method], visibility: .internal)
        try EventTable.append(event, at: now, seals, sql)
    }

    /// What was typed, as the page may show it again: numbers of the slip, never more of a card than four digits.
    private func typed(_ query: PaymentQuery, _ amountText: String) -> String {
        var facts = ["method": query.method, "amount": amountText]
        switch query {
        case .reference(let reference, let last4):
            facts["reference_no"] = reference
            facts["card_last4"] = last4
        case .trace(let terminal, let trace, let last4):
            facts["terminal_no"] = terminal
            facts["trace_no"] = trace
            facts["card_last4"] = last4
        case .order(let order): facts["order_no"] = order
        case .card(let day, let last4, let terminal):
            facts["date"] = day.iso
            facts["card_last4"] = last4
            facts["terminal_no"] = terminal
        }
        return EventTable.factsText(facts)
    }

    /// The newest payment that fits everything that was typed.
    private func match(
        _ query: PaymentQuery, amountText: String, _ sql: any SQLReading
    ) throws -> PaymentRow? {
        for candidate in try PaymentLookUp.candidates(query, sql) {
            guard let payment = try PaymentTable.find(candidate.id, sql) else { continue }
            let amount = try? Money.parse(amountText, in: payment.currency)
            guard amount == payment.amount, fits(query, candidate) else { continue }
            return payment
        }
        return nil
    }

    /// A slip of a card payment must name the card's last digits; a wallet's slip has none.
    private func fits(_ query: PaymentQuery, _ candidate: PaymentLookUp.Candidate) -> Bool {
        switch query {
        case .reference(_, let last4), .trace(_, _, let last4):
            candidate.cardLast4 == nil || candidate.cardLast4 == last4
        case .order, .card: true
        }
    }

    private func missBuckets(_ query: PaymentQuery, address: String) -> [(String, Int64)] {
        var buckets = [("address:\(address)", LookUpLimits.missesPerAddress), ("all", LookUpLimits.missesInAll)]
        switch query {
        case .trace(let terminal, _, _), .card(_, _, let terminal):
            buckets.append(("terminal:\(terminal)", LookUpLimits.missesPerTerminal))
        case .reference, .order: break
        }
        return buckets
    }

    private func refuseAfterMisses(
        _ buckets: [(String, Int64)], at now: Moment, _ sql: any SQLReading
    ) throws {
        let window = now.seconds / LookUpLimits.windowSeconds
        for (bucket, most) in buckets {
            guard try MissTable.misses(keys.keyedName(bucket), window: window, sql) < most else {
                throw Refusal.tooMany(
                    retryAfterSeconds: (window + 1) * LookUpLimits.windowSeconds - now.seconds)
            }
        }
    }

    private func countMisses(_ buckets: [(String, Int64)], at now: Moment, _ sql: any SQLTransaction) throws {
        let window = now.seconds / LookUpLimits.windowSeconds
        for (bucket, _) in buckets {
            try MissTable.count(keys.keyedName(bucket), window: window, sql)
        }
    }
}
