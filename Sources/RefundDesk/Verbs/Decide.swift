public import RefundDomain
import Storage

/// Shared by the verbs of reviewers: who may act on which version of which case.
extension Desk {
    /// A case that a reviewer acts on, taken (R4) when it was only submitted, and the reviewer's step from there.
    struct Turn {
        let row: CaseRow
        let step: RefundCase.Transition
    }

    /// Reads the case for a reviewer and does R4 on the way when nobody has taken it.
    ///
    /// - Throws: ``Refusal/notFound`` for another merchant's case, ``Refusal/notAllowed``,
    ///   ``Refusal/stale(version:)``, ``Refusal/notNow(state:)``.
    func turn(
        _ command: RefundCase.Command, _ number: CaseNumber, version: Int64, by staff: StaffMember,
        at now: Moment, _ sql: any SQLTransaction
    ) throws -> Turn {
        guard var row = try CaseTable.find(number: number, sql), row.state != .draft, staff.sees(row.merchantID)
        else { throw Refusal.notFound }
        guard staff.role.mayDecide else { throw Refusal.notAllowed }
        try requireVersion(version, row)
        try EventTable.hold(row.merchantID, sql)
        if row.state == .submitted, command != .take {
            try take(row, by: staff, at: now, sql)
            guard let taken = try CaseTable.find(id: row.id, sql) else { throw Refusal.notFound }
            row = taken
        }
        guard let step = RefundCase.transition(command, from: row.state, by: .reviewer) else {
            throw Refusal.notNow(state: row.state)
        }
        return Turn(row: row, step: step)
    }

    /// R4: the reviewer takes the case; the decision is due within the policy's working days of its submission.
    func take(_ row: CaseRow, by staff: StaffMember, at now: Moment, _ sql: any SQLTransaction) throws {
        guard let step = RefundCase.transition(.take, from: row.state, by: .reviewer) else {
            throw Refusal.notNow(state: row.state)
        }
        let from = try zone(of: row.merchantID, sql).day(row.submitted ?? now)
        let due = try calendar(sql).adding(try policy(of: row, sql).decisionWorkingDays, to: from)
        try CaseTable.move(row, to: step.to, at: now, sql)
        try sql.run(
            """
            UPDATE refund_case
            SET    assignee_id = $1, due_on = $2, due_exact = $3
            WHERE  id = $4
            """, [.text(staff.id), .text(due.day.iso), due.exactValue, .text(row.id)])
        let event = NewEvent(
            stream: row.merchantID, actor: staff.actor, what: "case.taken", transition: step.id, object: "case",
            objectID: row.id, caseID: row.id, version: row.version + 1, facts: due.facts("due"))
        try EventTable.append(event, at: now, seals, sql)
    }

    /// Words that are shown to the cardholder: long enough to explain something, not too long to read.
    func checkExplanation(_ text: String, _ field: String) throws(Refusal) -> String {
        let text = text.trimmed
        guard !text.isEmpty else { throw .field(field, .missing) }
        guard text.unicodeScalars.count >= TextLimits.explanationCharactersMin else { throw .field(field, .tooShort) }
        try check(text, field, TextLimits.explanationCharactersMax)
        return text
    }

    /// Sets what only decisions set.
    func writeDecision(
        _ row: CaseRow, by staff: StaffMember, at now: Moment, _ sql: any SQLTransaction
    ) throws {
        try sql.run(
            """
            UPDATE refund_case
            SET    decided_by = $1, decided_ms = $2
            WHERE  id = $3
            """, [.text(staff.id), .int(now.milliseconds), .text(row.id)])
    }
}

extension Desk {
    /// Takes a case for review (R4).
    public func take(_ number: CaseNumber, version: Int64, by staff: StaffMember) async throws {
        let now = clock()
        let message = try newMessage(.inReview)
        try await store.write { sql in
            let turn = try turn(.take, number, version: version, by: staff, at: now, sql)
            try take(turn.row, by: staff, at: now, sql)
            try tell(message, about: turn.row, at: now, sql)
        }
    }

    /// Says no (R16): with a coded reason, an explanation for the cardholder and what they can do now (P3).
    ///
    /// - Throws: ``Refusal/field(_:_:)`` and those of a reviewer's turn.
    public func decline(
        _ number: CaseNumber, reason: DeclineReason, explanation: String, remedy: Remedy, version: Int64,
        by staff: StaffMember
    ) async throws {
        let text = try checkExplanation(explanation, "explanation")
        let now = clock()
        let postingID = try newID()
        let message = try newMessage(.declined, ["reason": reason.rawValue, "remedy": remedy.rawValue])
        try await store.write { sql in
            let turn = try turn(.decline, number, version: version, by: staff, at: now, sql)
            let row = turn.row
            try release(row, postingID: postingID, at: now, sql)
            let sealed = try seals.seal(Array(text.utf8), row.place("explanation_sealed", .words), sql)
            try sql.run(
                """
                UPDATE refund_case
                SET    decline_reason = $1, remedy = $2, explanation_sealed = $3
                WHERE  id = $4
                """, [.text(reason.rawValue), .text(remedy.rawValue), .bytes(sealed), .text(row.id)])
            try writeDecision(row, by: staff, at: now, sql)
            try CaseTable.move(row, to: turn.step.to, at: now, sql)
            let event = NewEvent(
                stream: row.merchantID, actor: staff.actor, what: "case.declined", transition: turn.step.id,
                object: "case", objectID: row.id, caseID: row.id, version: row.version + 1,
                facts: ["reason": reason.rawValue, "remedy": remedy.rawValue], text: text)
            try EventTable.append(event, at: now, seals, sql)
            try tell(message, about: row, at: now, sql)
        }
    }

    /// Offers less than was asked (R9); the hold stays until the cardholder answers.
    ///
    /// - Throws: ``Refusal/aboveMost(_:)`` unless the offer is below what was asked, ``Refusal/aboveLimit(_:)``,
    ///   ``Refusal/field(_:_:)`` and those of a reviewer's turn.
    public func offer(
        _ number: CaseNumber, amount: Money, reason: DeclineReason, explanation: String, version: Int64,
        by staff: StaffMember
    ) async throws {
        let text = try checkExplanation(explanation, "explanation")
        let now = clock()
        let jobID = try newID()
        let message = try newMessage(.counterOffered, ["offered_minor": String(amount.minor)])
        try await store.write { sql in
            let turn = try turn(.offer, number, version: version, by: staff, at: now, sql)
            let row = turn.row
            guard let asked = row.asked, amount.currency == asked.currency, amount.minor > 0, amount < asked else {
                throw Refusal.aboveMost(row.asked ?? .zero(row.currency))
            }
            let policy = try policy(of: row, sql)
            try requireLimit(amount, of: staff, under: policy)
            let until = now.adding(seconds: policy.offerDays * 86_400)
            // An offer that is accepted is an approval.
            try requireNotMaker(staff, of: row, sql)
            let sealed = try seals.seal(Array(text.utf8), row.place("explanation_sealed", .words), sql)
            try sql.run(
                """
                UPDATE refund_case
                SET    offered_minor = $1, offer_until_ms = $2, offer_reason = $3, explanation_sealed = $4
                WHERE  id = $5
                """,
                [
                    .int(amount.minor), .int(until.milliseconds), .text(reason.rawValue), .bytes(sealed),
                    .text(row.id),
                ])
            try writeDecision(row, by: staff, at: now, sql)
            try CaseTable.move(row, to: turn.step.to, at: now, sql)
            try OutboxTable.add(.lapseOffer, id: jobID, caseID: row.id, notBefore: until, at: now, sql)
            let event = NewEvent(
                stream: row.merchantID, actor: staff.actor, what: "case.offered", transition: turn.step.id,
                object: "case", objectID: row.id, caseID: row.id, version: row.version + 1,
                facts: [
                    "offered_minor": String(amount.minor), "asked_minor": String(asked.minor),
                    "currency": amount.currency.code, "reason": reason.rawValue,
                ], text: text)
            try EventTable.append(event, at: now, seals, sql)
            try tell(message, about: row, at: now, sql)
        }
    }

    /// Asks the cardholder for something (R6).
    ///
    /// - Parameter dueOn: nil means the policy's usual number of days.
    /// - Throws: ``Refusal/field(_:_:)`` and those of a reviewer's turn.
    public func ask(
        _ number: CaseNumber, items: Set<ProofKind>, question: String, dueOn: Day?, version: Int64,
        by staff: StaffMember
    ) async throws {
        let text = try checkExplanation(question, "question")
        let now = clock()
        let id = try newID()
        let message = try newMessage(.infoNeeded)
        try await store.write { sql in
            let turn = try turn(.ask, number, version: version, by: staff, at: now, sql)
            let row = turn.row
            let today = try today(row.merchantID, now, sql)
            let due = try dueOn ?? today.adding(days: policy(of: row, sql).questionDays)
            guard due > today, due <= today.adding(days: 90) else { throw Refusal.field("due", .notOffered) }
            let place = SealPlace("question", "question_sealed", row: id, tenant: row.merchantID, .words)
            let names = items.map(\.rawValue).sorted().joined(separator: ",")
            try sql.run(
                """
                INSERT INTO question (id, case_id, items, question_sealed, due_on, asked_by, asked_ms)
                VALUES ($1, $2, $3, $4, $5, $6, $7)
                """,
                [
                    .text(id), .text(row.id), .text(names),
                    .bytes(try seals.seal(Array(text.utf8), place, sql)), .text(due.iso), .text(staff.id),
                    .int(now.milliseconds),
                ])
            try CaseTable.move(row, to: turn.step.to, at: now, sql)
            let event = NewEvent(
                stream: row.merchantID, actor: staff.actor, what: "case.asked", transition: turn.step.id,
                object: "case", objectID: row.id, caseID: row.id, version: row.version + 1,
                facts: ["items": names, "due_on": due.iso], text: text)
            try EventTable.append(event, at: now, seals, sql)
            var told = message
            told.values = ["due_on": due.iso]
            try tell(told, about: row, at: now, sql)
        }
    }

    /// Refuses what is above a role's own limit.
    func requireLimit(_ amount: Money, of staff: StaffMember, under policy: Policy) throws(Refusal) {
        let limit = policy.approvalLimitMinor(of: staff.role)
        guard amount.minor <= limit else {
            throw .aboveLimit(Money(minor: limit, currency: amount.currency) ?? .zero(amount.currency))
        }
    }
}
