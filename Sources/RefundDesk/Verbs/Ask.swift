public import RefundDomain
import Storage

extension Desk {
    /// Asks the cardholder for something (R6), as a reviewer or as support.
    ///
    /// The cardholder is reminded on the days of ``CaseClock/reminderDays``; after both reminders and the last day the
    /// case expires (R8).
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
            try require(turn.step, Attempt(row: row, now: now, staff: staff), sql)
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
            if let first = CaseClock.reminderDays.first {
                try OutboxTable.plan(
                    .followQuestion, of: row, notBefore: now.adding(seconds: first * 86_400), at: now, sql)
            }
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

    /// Reminds the cardholder of an open question, and lets the case expire (R8) when the last day and both reminders
    /// are over: what was held is released (P3).
    func followQuestion(_ job: Job) async throws {
        let now = clock()
        let postingID = try newID()
        let jobID = try newID()
        let reminder = try newMessage(.reminder)
        let expired = try newMessage(.expired)
        try await store.write { sql in
            guard let id = job.caseID, let row = try CaseTable.find(id: id, sql) else { return }
            try EventTable.hold(row.merchantID, sql)
            guard try OutboxTable.hold(job, sql) else { return }
            guard let question = try openQuestion(of: row, sql),
                let step = RefundCase.transition(.letQuestionExpire, from: row.state, by: .system),
                let end = try midnight(after: question.due, of: row.merchantID, sql)
            else {
                _ = try OutboxTable.finish(job, at: now, sql)
                return
            }
            if question.reminders < CaseClock.reminderDays.count {
                try remind(row, question, reminder, at: now, sql)
                let next = question.reminders + 1
                let later =
                    next < CaseClock.reminderDays.count
                    ? question.asked.adding(seconds: CaseClock.reminderDays[next] * 86_400) : end
                _ = try OutboxTable.finish(job, at: now, sql)
                try OutboxTable.add(
                    .followQuestion, id: jobID, caseID: row.id, notBefore: max(later, now), at: now, sql)
            } else if now < end {
                _ = try OutboxTable.postpone(job, until: end, sql)
            } else {
                _ = try OutboxTable.finish(job, at: now, sql)
                try expire(row, step, postingID: postingID, expired, at: now, sql)
            }
        }
    }

    /// A question that waits for its answer.
    private struct OpenQuestion {
        let id: String
        let due: Day
        let asked: Moment
        let reminders: Int
    }

    private func openQuestion(of row: CaseRow, _ sql: any SQLReading) throws -> OpenQuestion? {
        try sql.row(
            """
            SELECT   id, due_on, asked_ms, reminders
            FROM     question
            WHERE    case_id = $1
            AND      answered_ms IS NULL
            ORDER BY asked_ms DESC, id DESC
            LIMIT    1
            """, [.text(row.id)]
        ).map { found in
            OpenQuestion(
                id: try found.text("id"), due: try found.day("due_on"), asked: try found.moment("asked_ms"),
                reminders: Int(try found.int("reminders")))
        }
    }

    private func remind(
        _ row: CaseRow, _ question: OpenQuestion, _ message: NewMessage, at now: Moment, _ sql: any SQLTransaction
    ) throws {
        try sql.run("UPDATE question SET reminders = reminders + 1 WHERE id = $1", [.text(question.id)])
        let event = NewEvent(
            stream: row.merchantID, actor: .system, what: "case.reminded", object: "case", objectID: row.id,
            caseID: row.id, version: row.version,
            facts: ["due_on": question.due.iso, "reminder": String(question.reminders + 1)], visibility: .internal)
        try EventTable.append(event, at: now, seals, sql)
        var told = message
        told.values = ["due_on": question.due.iso]
        try tell(told, about: row, at: now, sql)
    }

    private func expire(
        _ row: CaseRow, _ step: RefundCase.Transition, postingID: String, _ message: NewMessage, at now: Moment,
        _ sql: any SQLTransaction
    ) throws {
        try release(row, postingID: postingID, at: now, sql)
        try CaseTable.move(row, to: step.to, at: now, sql)
        let until = now.adding(seconds: CaseClock.lateAnswerDays * 86_400)
        try OutboxTable.plan(.closeEnded, of: row, notBefore: until, at: now, sql)
        try record(step, "case.expired", row, at: now, sql)
        var told = message
        told.values = ["due_on": try zone(of: row.merchantID, sql).day(until).iso]
        try tell(told, about: row, at: now, sql)
    }
}
