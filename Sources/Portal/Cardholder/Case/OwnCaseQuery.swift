import RefundDesk
import RefundDomain
import Storage
import Vault

/// What a visitor may see of a case, and in which version it is: the one cheap question in front of kept pages.
struct CaseSight: Sendable {
    let caseID: String
    let viewer: Viewer
    let version: Int64
}

/// Reads one case for its owner's pages.
struct OwnCaseQuery: Sendable {
    /// Entries of the record that a page shows; no case comes near it.
    private static let happeningsMax: Int64 = 500
    private static let movementsMax: Int64 = 50

    let desk: Desk

    /// How a visitor may see a case; nil when not at all, whatever the reason.
    func sight(_ number: CaseNumber, visitor: String) async throws -> CaseSight? {
        let hash = Digest.sha256(Array(visitor.utf8))
        let now = desk.clock().milliseconds
        return try await desk.store.read { sql in
            try sql.row(
                """
                SELECT refund_case.id, refund_case.version, visitor_case.viewer
                FROM   refund_case
                JOIN   visitor_case
                ON     visitor_case.case_id = refund_case.id
                JOIN   visitor_session
                ON     visitor_session.token_hash = visitor_case.token_hash
                WHERE  refund_case.number = $1
                AND    refund_case.submitted_ms IS NOT NULL
                AND    visitor_case.token_hash = $2
                AND    visitor_session.expires_ms > $3
                AND    (visitor_case.link_hash IS NULL OR visitor_case.link_hash = refund_case.link_hash)
                """, [.text(number.text), .bytes(hash), .int(now)]
            ).flatMap { row in
                try Viewer(rawValue: row.text("viewer")).map { viewer in
                    CaseSight(caseID: try row.text("id"), viewer: viewer, version: try row.int("version"))
                }
            }
        }
    }

    /// Everything that the pages of a case show.
    ///
    /// - Throws: ``Refusal/notFound``, ``StoreFault``. Whether the visitor may see it is asked before.
    func read(_ number: CaseNumber) async throws -> OwnCase {
        try await desk.store.read { sql in
            guard let row = try sql.row(OwnCaseQuery.caseStatement, [.text(number.text)]),
                let state = RefundCase.State(rawValue: try row.text("state")),
                let currency = Currency(code: try row.text("currency"))
            else { throw Refusal.notFound }
            let id = try row.text("id")
            let merchant = try row.text("merchant_id")
            let place = SealPlace("refund_case", "explanation_sealed", row: id, tenant: merchant, .words)
            return OwnCase(
                number: number, state: state, version: try row.int("version"), merchantName: try row.text("name"),
                merchantNameEnglish: try row.textOrNil("name_en"), zone: try row.text("zone"),
                paid: try row.money("amount_minor", in: currency),
                asked: try row.money("asked_minor", in: currency),
                offered: try row.moneyOrNil("offered_minor", in: currency),
                approved: try row.moneyOrNil("approved_minor", in: currency),
                dueOn: try row.countedOrNil("due_on", exact: "due_exact"),
                offerUntil: try row.momentOrNil("offer_until_ms"),
                declineReason: try row.textOrNil("decline_reason").flatMap(DeclineReason.init(rawValue:)),
                remedy: try row.textOrNil("remedy").flatMap(Remedy.init(rawValue:)),
                explanation: try desk.seals.openText(row.bytesOrNil("explanation_sealed"), place, sql),
                channel: try row.textOrNil("channel").flatMap(Channel.init(rawValue:)),
                issuer: try row.textOrNil("issuer") ?? desk.cardIssuer(row.textOrNil("card_first6"), sql)?.name,
                isExchanged: try row.textOrNil("settlement_currency").map { $0 != currency.code } ?? false,
                feeQuoted: try fee(row, state, currency, try desk.policy(ofCase: id, sql).fees),
                blocks: try blocks(try row.text("payment_id"), sql),
                appealUntil: try row.momentOrNil("appeal_until_ms"),
                lateAnswerUntil: state == .expired
                    ? try row.moment("changed_ms").adding(seconds: CaseClock.lateAnswerDays * 86_400) : nil,
                isEscalated: try row.intOrNil("escalated_ms") != nil,
                submitted: try row.moment("submitted_ms"),
                changed: try row.moment("changed_ms"),
                movements: try movements(id, currency, sql), happenings: try happenings(id, sql),
                proofs: try proofs(id, sql), question: try question(id, merchant, sql),
                enquiries: try enquiries(id, merchant, currency, sql),
                destinationNamed: try destinationNamed(id, sql))
        }
    }

    private static let caseStatement = """
        SELECT refund_case.id, refund_case.merchant_id, refund_case.state, refund_case.version,
               refund_case.currency, refund_case.asked_minor, refund_case.offered_minor,
               refund_case.approved_minor, refund_case.due_on, refund_case.due_exact, refund_case.offer_until_ms,
               refund_case.decline_reason, refund_case.remedy, refund_case.explanation_sealed,
               refund_case.submitted_ms, refund_case.changed_ms, refund_case.payment_id,
               refund_case.appeal_until_ms, refund_case.escalated_ms, merchant.name, merchant.name_en, merchant.zone,
               payment.amount_minor, payment.channel, payment.issuer, payment.card_first6,
               payment.settlement_currency
        FROM   refund_case
        JOIN   merchant
        ON     merchant.id = refund_case.merchant_id
        JOIN   payment
        ON     payment.id = refund_case.payment_id
        WHERE  refund_case.number = $1
        AND    refund_case.submitted_ms IS NOT NULL
        """

    /// What the case's policy keeps of the amount that the case is about now.
    private func fee(
        _ row: SQLRow, _ state: RefundCase.State, _ currency: Currency, _ rule: FeeRule
    ) throws -> Money? {
        guard rule.bearer == .cardholder else { return nil }
        let offered = state == .counterOffered ? try row.moneyOrNil("offered_minor", in: currency) : nil
        let amount = try row.moneyOrNil("approved_minor", in: currency) ?? offered
        return rule.handlingFee(on: try amount ?? row.money("asked_minor", in: currency))
    }

    private func happenings(_ id: String, _ sql: any SQLReading) throws -> [OwnCase.Happening] {
        try sql.rows(
            """
            SELECT   stream, number, at_ms, version, what, facts, text_sealed, actor
            FROM     event
            WHERE    case_id = $1
            AND      visibility = 'public'
            ORDER BY number
            LIMIT    $2
            """, [.text(id), .int(OwnCaseQuery.happeningsMax)]
        ).map { row in
            let stream = try row.text("stream")
            let place = SealPlace(
                "event", "text", row: "\(stream)/\(try row.int("number"))", tenant: stream, .words)
            // The cardholder's own words may name people; the page is kept and leaves them out.
            let isOwn = try row.text("actor") == ActorKind.cardholder.rawValue
            return OwnCase.Happening(
                at: try row.moment("at_ms"), version: try row.intOrNil("version"),
                what: try row.text("what"), facts: eventFacts(try row.text("facts")),
                text: isOwn ? nil : try desk.seals.openText(row.bytesOrNil("text_sealed"), place, sql))
        }
    }
}
