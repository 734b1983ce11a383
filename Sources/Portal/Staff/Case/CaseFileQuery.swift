import RefundDesk
import RefundDomain
import Storage

/// Reads a case for staff; sealed words are opened on the way.
struct CaseFileQuery {
    private let desk: Desk
    private let seals: Seals
    private let sql: any SQLReading
    private var names: StaffNames

    init(_ desk: Desk, _ sql: any SQLReading) {
        self.desk = desk
        seals = desk.seals
        self.sql = sql
        names = StaffNames(seals, sql)
    }

    /// The case of a number.
    ///
    /// - Throws: ``Refusal/notFound`` when there is none in the scope.
    mutating func read(_ number: CaseNumber, in scope: CaseScope) throws -> CaseFile {
        guard let id = try id(number, scope), let head = try sql.row(CaseFileStatements.head, [.text(id)]) else {
            throw Refusal.notFound
        }
        let merchant = try merchant(try head.text("merchant_id"))
        let decidedBy = try names.short(try head.textOrNil("decided_by"))
        let assigneeID = try head.textOrNil("assignee_id")
        return CaseFile(
            id: id, number: number, version: try head.int("version"), state: try head.word("state"),
            merchant: merchant, request: try asked(head, merchant), contact: try contact(head, merchant),
            payment: try payment(try head.text("payment_id"), merchant),
            decision: try decision(head, merchant, by: decidedBy), process: try process(head),
            blocks: try blocks(try head.text("payment_id")), assigneeID: assigneeID,
            assignee: try names.short(assigneeID), due: try head.counted("due_on", exact: "due_exact"),
            hold: try hold(id),
            movements: try movements(id), proofs: try proofs(id), questions: try questions(id, merchant),
            notes: try notes(id, merchant), events: try events(id, merchant),
            makers: try Makers.of(caseID: id, sql),
            siblings: try siblings(try head.text("payment_id"), except: id))
    }

    private func id(_ number: CaseNumber, _ scope: CaseScope) throws -> String? {
        switch scope {
        case .merchant(let merchant):
            try sql.row(CaseFileStatements.ofMerchant, [.text(number.text), .text(merchant.merchantID)])?.text("id")
        case .every: try sql.row(CaseFileStatements.ofAnyMerchant, [.text(number.text)])?.text("id")
        }
    }

    private func merchant(_ id: String) throws -> CaseFile.Merchant {
        guard let row = try sql.row(CaseFileStatements.merchant, [.text(id)]) else {
            throw StoreFault.unexpectedNull("merchant_id")
        }
        return CaseFile.Merchant(
            id: id, name: try row.text("name"), nameEnglish: try row.textOrNil("name_en"),
            zone: Zone(try row.text("zone")) ?? .utc)
    }

    private func asked(_ head: SQLRow, _ merchant: CaseFile.Merchant) throws -> CaseFile.Asked {
        CaseFile.Asked(
            amount: try head.money("asked_minor"), offered: try head.moneyOrNil("offered_minor"),
            offerUntil: try head.momentOrNil("offer_until_ms"), approved: try head.moneyOrNil("approved_minor"),
            reason: try head.wordOrNil("reason"), details: try opened("details_sealed", head, merchant, .words),
            lookUp: try head.text("look_up"), language: try head.text("language"),
            submitted: try head.moment("submitted_ms"))
    }

    private func contact(_ head: SQLRow, _ merchant: CaseFile.Merchant) throws -> MaskedContact {
        MaskedContact(
            name: try opened("name_sealed", head, merchant, .contact),
            email: try opened("email_sealed", head, merchant, .contact),
            phone: try opened("phone_sealed", head, merchant, .contact))
    }

    private func decision(
        _ head: SQLRow, _ merchant: CaseFile.Merchant, by name: String?
    ) throws -> CaseFile.Decision? {
        guard let at = try head.momentOrNil("decided_ms") else { return nil }
        return CaseFile.Decision(
            by: name, at: at, declineReason: try head.wordOrNil("decline_reason"),
            offerReason: try head.wordOrNil("offer_reason"), remedy: try head.wordOrNil("remedy"),
            explanation: try opened("explanation_sealed", head, merchant, .words))
    }

    private mutating func process(_ head: SQLRow) throws -> CaseFile.Process {
        let firstBy = try head.textOrNil("first_by")
        return CaseFile.Process(
            firstByID: firstBy, firstBy: try names.short(firstBy), firstAt: try head.momentOrNil("first_ms"),
            proposed: try head.moneyOrNil("proposed_minor"), decidedByID: try head.textOrNil("decided_by"),
            undoUntil: try head.momentOrNil("undo_until_ms"), appealUntil: try head.momentOrNil("appeal_until_ms"),
            appealed: try head.momentOrNil("appealed_ms"), escalated: try head.momentOrNil("escalated_ms"))
    }

    private mutating func blocks(_ paymentID: String) throws -> [CaseFile.BlockLine] {
        var blocks: [CaseFile.BlockLine] = []
        for row in try sql.rows(CaseFileStatements.blocks, [.text(paymentID)]) {
            blocks.append(
                CaseFile.BlockLine(
                    id: try row.text("id"), kind: try row.wordOrNil("kind"), reference: try row.text("reference"),
                    amount: try row.money("amount_minor"), openedBy: try names.short(try row.textOrNil("opened_by")),
                    opened: try row.moment("opened_ms")))
        }
        return blocks
    }

    /// A sealed column of the case itself.
    private func opened(
        _ column: String, _ head: SQLRow, _ merchant: CaseFile.Merchant, _ kind: SealClass
    ) throws -> String? {
        let place = SealPlace("refund_case", column, row: try head.text("id"), tenant: merchant.id, kind)
        return try seals.openText(try head.bytesOrNil(column), place, sql)
    }

    private func payment(_ id: String, _ merchant: CaseFile.Merchant) throws -> CaseFile.Payment {
        guard let row = try sql.row(CaseFileStatements.payment, [.text(id), .text(merchant.id)]) else {
            throw StoreFault.unexpectedNull("payment_id")
        }
        return CaseFile.Payment(
            id: id, channel: try row.wordOrNil("channel"), amount: try row.money("amount_minor"),
            fee: try row.money("fee_minor"), feeGivenBack: try row.money("fee_given_back_minor"),
            refundedElsewhere: try row.money("refunded_elsewhere_minor"), refunded: try row.money("refunded_minor"),
            open: try row.money("open_minor"), paidAt: try row.moment("paid_at_ms"),
            card: CaseFile.Card(
                last4: try row.textOrNil("card_last4"), kind: try row.textOrNil("card_kind"),
                issuer: try row.textOrNil("issuer")),
            numbers: CaseFile.Numbers(
                terminal: try row.textOrNil("terminal_no"), batch: try row.textOrNil("batch_no"),
                trace: try row.textOrNil("trace_no"), reference: try row.textOrNil("reference_no"),
                authorisation: try row.textOrNil("auth_code"),
                transaction: try row.textOrNil("channel_transaction_no"),
                order: try row.textOrNil("merchant_order_no")),
            settledOn: try row.dayOrNil("settled_on"), isVoided: try row.intOrNil("voided_ms") != nil,
            refundedElsewhereCount: try row.int("refunded_elsewhere_count"), paidOn: try row.day("paid_on"),
            able: try desk.abilities(ofPayment: id, sql))
    }

    private func hold(_ id: String) throws -> CaseFile.Hold? {
        try sql.row(CaseFileStatements.hold, [.text(id)]).map { row in
            CaseFile.Hold(cost: try row.money("cost_minor"), held: try row.money("held_minor"))
        }
    }

    private func movements(_ id: String) throws -> [CaseFile.MovementLine] {
        try sql.rows(CaseFileStatements.movements, [.text(id)]).map { row in
            CaseFile.MovementLine(
                id: try row.text("id"), state: try row.word("state"), gross: try row.money("gross_minor"),
                quote: try row.quote(), isFromReturned: try row.text("source") == "returned",
                isVoid: try row.text("route") == "void" && desk.isVoid(movement: try row.text("id"), sql),
                replacesID: try row.textOrNil("replaces_id"), correctsID: try row.textOrNil("corrects_id"),
                overdue: try row.momentOrNil("overdue_ms"), returnCode: try row.textOrNil("return_code"),
                bankReference: try row.textOrNil("bank_reference"), refundNumber: try row.text("refund_number"),
                channelNumber: try row.textOrNil("channel_refund_number"),
                destination: try row.textOrNil("destination_text"), code: try row.textOrNil("last_code"),
                attempts: try row.int("attempts"), queries: try row.int("queries"),
                sent: try row.momentOrNil("sent_ms"), settled: try row.momentOrNil("settled_ms"),
                lastChecked: try row.momentOrNil("last_checked_ms"), nextCheck: try row.momentOrNil("next_check_ms"),
                expected: try row.expectedArrival(), changed: try row.moment("changed_ms"))
        }
    }

    private mutating func proofs(_ id: String) throws -> [CaseFile.ProofLine] {
        var proofs: [CaseFile.ProofLine] = []
        let matches = try proofMatches(id)
        for row in try sql.rows(CaseFileStatements.proofs, [.text(id)]) {
            let proofID = try row.text("id")
            let scan = try row.textOrNil("scan").flatMap(ProofScan.init(rawValue:))
            proofs.append(
                CaseFile.ProofLine(
                    id: proofID, kind: try row.wordOrNil("kind") ?? .other,
                    mediaType: try row.text("media_type"), bytes: try row.int("bytes"),
                    uploadedBy: try row.text("uploaded_by"), uploaded: try row.moment("created_ms"),
                    verdict: try row.wordOrNil("verdict"),
                    verdictBy: try names.short(try row.textOrNil("verdict_by")), standing: try ProofStanding(row),
                    isScanned: scan != .off, scanWord: try row.textOrNil("scan_word"),
                    matches: matches[proofID, default: []]))
        }
        return proofs
    }

    /// By the file; each request once, as the same file where it is.
    private func proofMatches(_ id: String) throws -> [String: [CaseFile.ProofMatch]] {
        var matches: [String: [CaseFile.ProofMatch]] = [:]
        for row in try sql.rows(CaseFileStatements.proofMatches, [.text(id)]) {
            let match = CaseFile.ProofMatch(
                isSame: try row.text("kind") == "same", number: try row.text("number"))
            let proofID = try row.text("proof_id")
            let isKnown = matches[proofID, default: []].contains { $0.number == match.number }
            if !isKnown { matches[proofID, default: []].append(match) }
        }
        return matches
    }

    private func questions(_ id: String, _ merchant: CaseFile.Merchant) throws -> [CaseFile.Question] {
        try sql.rows(CaseFileStatements.questions, [.text(id)]).map { row in
            let rowID = try row.text("id")
            let asked = SealPlace("question", "question_sealed", row: rowID, tenant: merchant.id, .words)
            let answered = SealPlace("question", "answer_sealed", row: rowID, tenant: merchant.id, .words)
            return CaseFile.Question(
                items: try row.text("items").split(separator: ",").compactMap { ProofKind(rawValue: String($0)) },
                text: try seals.openText(try row.bytes("question_sealed"), asked, sql) ?? "",
                answer: try seals.openText(try row.bytesOrNil("answer_sealed"), answered, sql),
                due: try row.day("due_on"), asked: try row.moment("asked_ms"),
                answered: try row.momentOrNil("answered_ms"))
        }
    }

    private mutating func notes(_ id: String, _ merchant: CaseFile.Merchant) throws -> [CaseFile.NoteLine] {
        var notes: [CaseFile.NoteLine] = []
        for row in try sql.rows(CaseFileStatements.notes, [.text(id)]) {
            let place = SealPlace("note", "text_sealed", row: try row.text("id"), tenant: merchant.id, .words)
            notes.append(
                CaseFile.NoteLine(
                    text: try seals.openText(try row.bytes("text_sealed"), place, sql) ?? "",
                    visibility: try row.word("visibility"), who: try names.short(try row.text("staff_id")) ?? "",
                    role: try row.wordOrNil("role"), at: try row.moment("created_ms")))
        }
        return notes
    }

    private mutating func events(_ id: String, _ merchant: CaseFile.Merchant) throws -> [CaseFile.EventLine] {
        var events: [CaseFile.EventLine] = []
        for row in try sql.rows(CaseFileStatements.events, [.text(id)]) {
            let stream = try row.text("stream")
            let number = try row.int("number")
            let place = SealPlace("event", "text", row: "\(stream)/\(number)", tenant: stream, .words)
            events.append(
                CaseFile.EventLine(
                    number: number, at: try row.moment("at_ms"), actor: try row.word("actor"),
                    actorID: try row.textOrNil("actor_id"), who: try names.short(try row.textOrNil("actor_id")),
                    role: try row.wordOrNil("role"),
                    what: try row.text("what"), transition: try row.textOrNil("transition"),
                    version: try row.intOrNil("version"), facts: eventFacts(try row.text("facts")),
                    visibility: try row.word("visibility"),
                    text: try seals.openText(try row.bytesOrNil("text_sealed"), place, sql)))
        }
        return events
    }

    private func siblings(_ paymentID: String, except id: String) throws -> [CaseFile.Sibling] {
        try sql.rows(CaseFileStatements.siblings, [.text(paymentID), .text(id)]).map { row in
            CaseFile.Sibling(
                number: try row.text("number"), state: try row.word("state"), asked: try row.money("asked_minor"),
                approved: try row.moneyOrNil("approved_minor"), submitted: try row.moment("submitted_ms"))
        }
    }
}
