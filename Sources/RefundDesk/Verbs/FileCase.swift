public import RefundDomain
import Storage
import Vault

/// A case that was sent, as the page after it shows.
public struct FiledCase: Sendable, Hashable {
    public let number: CaseNumber
    public let merchantName: String
    public let merchantNameEnglish: String?
    public let asked: Money
    /// The day by which the merchant answers.
    public let answerBy: WorkingDays.Counted
    /// The token of the private link.
    public let linkToken: String
}

extension Desk {
    /// Sends a request (R2): reserves the amount, holds the merchant's cost (P1) and writes everything down.
    ///
    /// - Parameters:
    ///   - submission: the value the check page gave; the same value never makes two cases and answers with the first
    ///     one again.
    ///   - mark: the ``Draft/mark`` of the page that is sent; nil where no page was shown.
    ///   - behalf: who of the staff sends it for a cardholder; nobody's session then opens the case.
    /// - Throws: ``Refusal/stale(version:)`` when the draft changed since that page; ``Refusal/stepMissing(_:)``,
    ///   ``Refusal/ineligible(_:)``, ``Refusal/aboveMost(_:)``, ``Refusal/limited(_:by:)``, ``Refusal/field(_:_:)``,
    ///   ``Refusal/notFound``.
    public func fileCase(
        submission: String, mark: String? = nil, termsAccepted: Bool, visitor: String,
        onBehalf behalf: OnBehalf? = nil
    ) async throws -> CaseNumber {
        guard (16...64).contains(submission.utf8.count) else { throw Refusal.field("submission", .unreadable) }
        let now = clock()
        let drawn = try Drawn(
            postingID: newID(), link: chance.token(), message: newMessage(.submitted), plan: Plan(self),
            approved: newMessage(.approved))
        return try await store.write { sql in
            if let number = try filed(submission, visitor: visitor, behalf, at: now, sql) { return number }
            let row = try ownDraft(visitor, at: now, sql)
            try requireAgent(behalf, .submit, of: row.merchantID)
            if let mark, mark != row.mark { throw Refusal.stale(version: row.version) }
            guard termsAccepted else { throw Refusal.field("accept_terms", .missing) }
            return try file(row, submission: submission, drawn, visitor: visitor, behalf, at: now, sql)
        }
    }

    /// The case that the visitor's session sent last, for the page that follows it.
    public func filedCase(of visitor: String) async throws -> FiledCase? {
        let now = clock()
        return try await store.read { sql in
            guard let session = try VisitorTable.find(visitor, at: now, sql), let id = session.lastCaseID,
                let row = try CaseTable.find(id: id, sql), let asked = row.asked,
                let number = try? CaseNumber.parse(row.number),
                let payment = try PaymentTable.find(row.paymentID, sql),
                let seen = try Draft.seen(payment, self, sql),
                let due = try sql.row("SELECT due_on, due_exact FROM refund_case WHERE id = $1", [.text(id)]),
                let link = try seals.openText(row.linkSealed, row.place("link_sealed"), sql)
            else { return nil }
            return FiledCase(
                number: number, merchantName: seen.merchantName, merchantNameEnglish: seen.merchantNameEnglish,
                asked: asked, answerBy: try due.counted("due_on", exact: "due_exact"), linkToken: link)
        }
    }

    private struct Drawn: Sendable {
        let postingID: String
        let link: String
        let message: NewMessage
        /// For R5, which may follow at once.
        let plan: Plan
        let approved: NewMessage
    }

    /// The case that this submission made before, for the same visitor.
    private func filed(
        _ submission: String, visitor: String, _ behalf: OnBehalf?, at now: Moment, _ sql: any SQLReading
    ) throws -> CaseNumber? {
        guard
            let row = try sql.row(
                "SELECT id, number, merchant_id FROM refund_case WHERE submission = $1", [.text(submission)])
        else { return nil }
        if let behalf {
            try requireAgent(behalf, .submit, of: try row.text("merchant_id"))
            return try? CaseNumber.parse(try row.text("number"))
        }
        guard try viewer(of: try row.text("id"), token: visitor, at: now, sql) != nil else { throw Refusal.notFound }
        return try? CaseNumber.parse(try row.text("number"))
    }

    private func file(
        _ row: CaseRow, submission: String, _ drawn: Drawn, visitor: String, _ behalf: OnBehalf?,
        at now: Moment, _ sql: any SQLTransaction
    ) throws -> CaseNumber {
        try EventTable.hold(row.merchantID, sql)
        let today = try today(row.merchantID, now, sql)
        let policy = try policy(of: row.merchantID, on: today, sql)
        let asked = try requireComplete(row, under: policy, at: now, sql)
        guard let payment = try PaymentTable.find(row.paymentID, sql) else { throw Refusal.notFound }
        guard try PaymentTable.reserve(asked.minor, of: payment.id, sql) else {
            throw Refusal.aboveMost(payment.left)
        }
        let quote = try quote(asked, of: payment, policy.fees, sql)
        let handlingFee = policy.fees.handlingFee(on: asked)
        let due = try calendar(sql).adding(policy.answerWorkingDays, to: today)
        try submit(row, submission: submission, link: drawn.link, due: due, under: policy, at: now, sql)
        try show(quote, handlingFee: handlingFee, on: row, sql)
        try HoldTable.place(cost: quote.cost, for: row, postingID: drawn.postingID, at: now, sql)
        try OutboxTable.cancel(.expireDraft, ofCase: row.id, at: now, sql)
        try planEscalation(of: row, after: due.day, at: now, sql)
        // An agent's browser never becomes the person's.
        if behalf == nil {
            try VisitorTable.setSubmitted(row.id, token: visitor, sql)
            try VisitorTable.grant(row.id, as: .cardholder, linkHash: nil, token: visitor, at: now, sql)
        }
        let applied = try abilities(of: payment, sql)?.scopesText
        let event = NewEvent(
            stream: row.merchantID, actor: behalf.actor, what: "case.submitted", transition: "R2", object: "case",
            objectID: row.id, caseID: row.id, version: row.version + 1,
            facts: [
                "asked_minor": String(asked.minor), "currency": asked.currency.code,
                "cost_minor": String(quote.cost.minor), "fee_minor": String(quote.feeGivenBack.minor),
                "handling_fee_minor": String(handlingFee.minor), "fee_bearer": quote.bearer.rawValue,
                "policy": policy.version, "terms": TextLimits.termsVersion, "consent": row.consentVersion ?? "",
                "reason": row.reason?.rawValue ?? "",
            ].merging(due.facts("due")) { $1 }.merging(applied.map { ["capability": $0] } ?? [:]) { $1 })
        try EventTable.append(event, at: now, seals, sql)
        var message = drawn.message
        message.values = ["asked_minor": String(asked.minor), "link": drawn.link].merging(due.facts("due")) { $1 }
        try tell(message, about: row, at: now, sql)
        if let sent = try CaseTable.find(id: row.id, sql) {
            try approveByRule(sent, under: policy, drawn.plan, drawn.approved, at: now, sql)
        }
        guard let number = try? CaseNumber.parse(row.number) else { throw StoreFault.wrongKind("number") }
        return number
    }

    /// Keeps what the cardholder was shown of fees and rates.
    private func show(
        _ quote: RefundQuote, handlingFee: Money, on row: CaseRow, _ sql: any SQLTransaction
    ) throws {
        try sql.run(
            """
            UPDATE refund_case
            SET    handling_fee_minor = $1, fee_bearer = $2, quote_rate = $3, quote_currency = $4, quote_minor = $5
            WHERE  id = $6
            """,
            [
                .int(handlingFee.minor), .text(quote.bearer.rawValue), .text(quote.exchange?.rate),
                .text(quote.cost.currency.code), .int(quote.cost.minor), .text(row.id),
            ])
    }

    /// What is asked for, when every step is done.
    private func requireComplete(
        _ row: CaseRow, under policy: Policy, at now: Moment, _ sql: any SQLReading
    ) throws -> Money {
        guard let reason = row.reason else { throw Refusal.stepMissing(.reason) }
        guard let asked = row.asked else { throw Refusal.stepMissing(.amount) }
        if policy.proof(for: reason, asking: asked).isDemanded,
            try !ProofTable.list(row.id, sql).contains(where: \.counts)
        {
            throw Refusal.stepMissing(.proof)
        }
        guard row.emailSealed != nil || row.phoneSealed != nil else { throw Refusal.stepMissing(.contact) }
        guard row.contactProved != nil else { throw Refusal.stepMissing(.code) }
        return try askable(asked, of: row, at: now, sql)
    }

    private func submit(
        _ row: CaseRow, submission: String, link: String, due: WorkingDays.Counted, under policy: Policy,
        at now: Moment,
        _ sql: any SQLTransaction
    ) throws {
        let sent = try sql.run(
            """
            UPDATE refund_case
            SET    state = 'submitted', version = version + 1, submission = $1, link_hash = $2, link_sealed = $3,
                   terms_version = $4, policy_version = $5, due_on = $6, due_exact = $9, submitted_ms = $7,
                   changed_ms = $7
            WHERE  id = $8
            AND    state = 'draft'
            """,
            [
                .text(submission), .bytes(VisitorTable.hash(link)),
                .bytes(try seals.seal(link, row.place("link_sealed"), sql)), .text(TextLimits.termsVersion),
                .text(policy.version), .text(due.day.iso), .int(now.milliseconds), .text(row.id), due.exactValue,
            ])
        guard sent == 1 else { throw Refusal.notNow(state: row.state) }
        sql.announce(CaseTopic.of(row.id))
    }
}
