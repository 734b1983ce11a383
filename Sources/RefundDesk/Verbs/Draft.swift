public import RefundDomain
import Storage
import Vault

/// A request that is being written, as its owner may see it.
public struct Draft: Sendable, Hashable {
    public let caseID: String?
    public let payment: Seen
    public let eligibility: Eligibility
    /// What was typed at the look-up, by the names of the form's fields.
    public let typed: [String: String]
    public let reason: RequestReason?
    public let details: String?
    public let asked: Money?
    public let name: String?
    public let email: String?
    public let phone: String?
    public let contactIsProved: Bool
    public let proofs: [ProofItem]
    /// Changes with every change of the draft, so that nobody sends what they were not shown; empty without a draft.
    public let mark: String
    /// The merchant's rules of today.
    public let policy: Policy
    /// What refunds of the payment can do; nil where this portal has no client of the channel.
    public let able: RefundAbilities?

    /// What a page may show of the payment; times, fee and issuer only after the contact was proved.
    public struct Seen: Sendable, Hashable {
        public let merchantName: String
        public let merchantNameEnglish: String?
        public let zone: String
        public let amount: Money
        public let channel: Channel?
        public let paidAt: Moment
        public let cardLast4: String?
        /// How the money would go back.
        public let route: RefundRoute
        /// Whether part of it was refunded, or is asked for, already.
        public let isPartlyTaken: Bool
    }

    /// The first step that is still to be done, or ``DraftStep/check`` when everything is there.
    public var nextStep: DraftStep {
        guard let reason else { return .reason }
        if asked == nil { return .amount }
        if policy.proof(for: reason, asking: asked).isDemanded, !proofs.contains(where: \.counts) { return .proof }
        if email == nil && phone == nil { return .contact }
        return contactIsProved ? .check : .code
    }

    /// What the reason asks for as proof of so much; nil before a reason is chosen.
    public var proofDemand: ProofDemand? { reason.map { policy.proof(for: $0, asking: asked) } }

    /// The fee that is kept from the cardholder by the merchant's policy.
    public var handlingFee: Money? {
        asked.map { policy.fees.bearer == .cardholder ? policy.fees.handlingFee(on: $0) : .zero($0.currency) }
    }
}

/// One uploaded file as lists show it.
public struct ProofItem: Sendable, Hashable {
    public let id: String
    public let kind: ProofKind
    public let mediaType: String
    public let bytes: Int64
    public let uploaded: Moment
    public let uploadedBy: String
    public let standing: ProofStanding

    /// Whether it counts where proof is demanded: what the scanner found something in does not.
    public var counts: Bool { standing != .infected }
}

/// Lengths of what people write, in characters.
public enum TextLimits {
    public static let detailsCharactersMax = 1000
    public static let nameCharactersMax = 80
    public static let contactCharactersMax = 120
    public static let explanationCharactersMin = 10
    public static let explanationCharactersMax = 2000
    public static let answerCharactersMax = 2000
    public static let noteCharactersMax = 4000
    /// The versions of the wordings that people agree to.
    public static let termsVersion = "terms-2026-11"
    public static let consentVersion = "consent-2026-11"
}

extension Desk {
    /// What the visitor's session knows: the payment that was found and the draft, if one was begun.
    ///
    /// - Returns: nil when the session or its draft is unknown or too old, or has found nothing.
    public func draft(of visitor: String) async throws -> Draft? {
        let now = clock()
        return try await store.read { sql in
            guard let session = try VisitorTable.find(visitor, at: now, sql), let paymentID = session.paymentID,
                let payment = try PaymentTable.find(paymentID, sql)
            else { return nil }
            let row = try session.draftCaseID.flatMap { try CaseTable.find(id: $0, sql) }
            if let row, try isTooOld(row, at: now, sql) { return nil }
            return try read(row, payment, lookUp: session.lookUp ?? "", at: now, sql)
        }
    }

    /// Notes what went wrong.
    ///
    /// - Throws: ``Refusal/field(_:_:)`` when words are demanded and missing or too long; ``Refusal/notFound``.
    public func chooseReason(_ reason: RequestReason, details: String, visitor: String) async throws {
        let text = details.trimmed
        if text.isEmpty, reason.needsDetails { throw Refusal.field("details", .missing) }
        try check(text, "details", TextLimits.detailsCharactersMax)
        let now = clock()
        try await store.write { sql in
            let row = try ownDraft(visitor, at: now, sql)
            let sealed = try seals.seal(text.isEmpty ? nil : text, row.place("details_sealed", .words), sql)
            try sql.run(
                """
                UPDATE refund_case
                SET    reason = $1, details_sealed = $2, version = version + 1, changed_ms = $3
                WHERE  id = $4
                AND    state = 'draft'
                """, [.text(reason.rawValue), .bytes(sealed), .int(now.milliseconds), .text(row.id)])
        }
    }

    /// Notes how much is asked for; nil asks for all that is left.
    ///
    /// - Parameter behalf: who of the staff types it in for a cardholder, and is a maker by it.
    /// - Throws: ``Refusal/aboveMost(_:)``, ``Refusal/limited(_:by:)``, ``Refusal/onlyWhole(_:)``,
    ///   ``Refusal/ineligible(_:)`` also below the channel's least, ``Refusal/field(_:_:)`` for nothing.
    public func chooseAmount(
        _ amount: Money?, visitor: String, onBehalf behalf: OnBehalf? = nil
    ) async throws {
        let now = clock()
        try await store.write { sql in
            let row = try ownDraft(visitor, at: now, sql)
            try requireAgent(behalf, .submit, of: row.merchantID)
            let asked = try askable(amount, of: row, at: now, sql)
            try sql.run(
                """
                UPDATE refund_case
                SET    asked_minor = $1, version = version + 1, changed_ms = $2
                WHERE  id = $3
                AND    state = 'draft'
                """, [.int(asked.minor), .int(now.milliseconds), .text(row.id)])
            guard let behalf else { return }
            let event = NewEvent(
                stream: row.merchantID, actor: behalf.staff.actor, what: "case.changed", object: "case",
                objectID: row.id, caseID: row.id, version: row.version + 1,
                facts: ["asked_minor": String(asked.minor), "currency": asked.currency.code], visibility: .internal)
            try EventTable.append(event, at: now, seals, sql)
        }
    }

    /// The amount that may be asked for now: the one given, or all that is left.
    func askable(_ amount: Money?, of row: CaseRow, at now: Moment, _ sql: any SQLReading) throws -> Money {
        guard let payment = try PaymentTable.find(row.paymentID, sql) else { throw Refusal.notFound }
        switch try eligibility(payment, at: now, sql) {
        case .refused(let why): throw Refusal.ineligible(why)
        case .askable(let most, let onlyWhole, let ceiling):
            let asked = amount ?? most
            guard asked.minor > 0 else { throw Refusal.field("amount", .missing) }
            guard asked <= most, asked.currency == most.currency else {
                throw ceiling == .left ? Refusal.aboveMost(most) : Refusal.limited(most, by: ceiling)
            }
            if onlyWhole, asked != most { throw Refusal.onlyWhole(most) }
            if let why = try abilities(of: payment, sql)?.refusal(of: asked, captured: payment.amount) {
                throw Refusal.ineligible(why)
            }
            return asked
        }
    }

    /// The draft of a session.
    ///
    /// - Throws: ``Refusal/notFound`` when there is none or it is older than a draft may be.
    func ownDraft(_ visitor: String, at now: Moment, _ sql: any SQLReading) throws -> CaseRow {
        guard let session = try VisitorTable.find(visitor, at: now, sql), let id = session.draftCaseID,
            let row = try CaseTable.find(id: id, sql), row.state == .draft, try !isTooOld(row, at: now, sql)
        else { throw Refusal.notFound }
        return row
    }

    private func isTooOld(_ draft: CaseRow, at now: Moment, _ sql: any SQLReading) throws -> Bool {
        now >= draft.created.adding(seconds: try policy(of: draft, sql).draftHours * 3600)
    }

    /// The date at the merchant's place.
    func today(_ merchantID: String, _ now: Moment, _ sql: any SQLReading) throws -> Day {
        try zone(of: merchantID, sql).day(now)
    }

    /// The merchant's clock; UTC when the system does not know its zone any more.
    func zone(of merchantID: String, _ sql: any SQLReading) throws -> Zone {
        let name = try sql.row("SELECT zone FROM merchant WHERE id = $1", [.text(merchantID)])?.text("zone")
        return name.flatMap { Zone($0) } ?? Zone.utc
    }

    /// Refuses text that is too long or holds control characters.
    func check(_ text: String, _ field: String, _ charactersMax: Int) throws(Refusal) {
        guard text.unicodeScalars.count <= charactersMax else { throw .field(field, .tooLong) }
        for scalar in text.unicodeScalars where scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) {
            if scalar != "\n", scalar != "\r", scalar != "\t" { throw .field(field, .unreadable) }
        }
    }

    private func read(
        _ row: CaseRow?, _ payment: PaymentRow, lookUp: String, at now: Moment, _ sql: any SQLReading
    ) throws -> Draft? {
        guard let seen = try Draft.seen(payment, self, sql) else { return nil }
        return Draft(
            caseID: row?.id, payment: seen,
            eligibility: try eligibility(payment, at: now, sql),
            typed: eventFacts(lookUp), reason: row?.reason,
            details: try row.flatMap { try seals.openText($0.detailsSealed, $0.place("details_sealed", .words), sql) },
            asked: row?.asked,
            name: try row.flatMap { try seals.openText($0.nameSealed, $0.place("name_sealed"), sql) },
            email: try row.flatMap { try seals.openText($0.emailSealed, $0.place("email_sealed"), sql) },
            phone: try row.flatMap { try seals.openText($0.phoneSealed, $0.place("phone_sealed"), sql) },
            contactIsProved: row?.contactProved != nil,
            proofs: try row.map { try ProofTable.list($0.id, sql) } ?? [],
            mark: row.map(\.mark) ?? "",
            policy: try policy(of: payment.merchantID, on: try today(payment.merchantID, now, sql), sql),
            able: try abilities(of: payment, sql))
    }
}

extension CaseRow {
    /// Bytes of a mark; enough that two pages of one person never share one.
    private static let markBytes = 8

    /// What tells one state of this draft from every other, and from every other draft.
    var mark: String { Hex.encode(Array(Digest.sha256("\(id):\(version)").prefix(CaseRow.markBytes))) }
}

extension Draft {
    static func seen(_ payment: PaymentRow, _ desk: Desk, _ sql: any SQLReading) throws -> Seen? {
        guard
            let row = try sql.row(
                """
                SELECT merchant.name, merchant.name_en, merchant.zone, merchant.currency AS own_currency,
                       payment.paid_at_ms, payment.card_first6, payment.card_last4, payment.channel, payment.issuer,
                       payment.card_kind, payment.currency
                FROM   payment
                JOIN   merchant
                ON     merchant.id = payment.merchant_id
                WHERE  payment.id = $1
                """, [.text(payment.id)])
        else { return nil }
        let taken = payment.refundedElsewhere.minor + payment.refunded.minor + payment.open.minor
        return Seen(
            merchantName: try row.text("name"), merchantNameEnglish: try row.textOrNil("name_en"),
            zone: try row.text("zone"), amount: payment.amount, channel: payment.channel,
            paidAt: Moment(milliseconds: try row.int("paid_at_ms")), cardLast4: try row.textOrNil("card_last4"),
            route: try row.refundRoute(desk.cardIssuer(row.textOrNil("card_first6"), sql)), isPartlyTaken: taken > 0)
    }
}

extension String {
    /// Without white space at both ends.
    var trimmed: String {
        var text = self[...]
        while let first = text.first, first.isWhitespace { text.removeFirst() }
        while let last = text.last, last.isWhitespace { text.removeLast() }
        return String(text)
    }
}
