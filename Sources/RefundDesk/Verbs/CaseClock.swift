import RefundDomain
import Storage

/// How long cases wait, where no policy says otherwise.
public enum CaseClock {
    /// Days after a question on which the cardholder is reminded of it.
    public static let reminderDays: [Int64] = [3, 7]
    /// Days after a question ran out in which it can still be answered.
    public static let lateAnswerDays: Int64 = 90
    /// Seconds until a case whose money is not at its end is looked at again: a day.
    static let lookAgainSeconds: Int64 = 86_400
}

extension Desk {
    /// Does what a case's clock asks for: R3, R8, R11, R22, M17 and escalations. Fenced by the job, so that any
    /// number of workers may call it.
    public func keepTime(_ job: Job) async throws {
        switch job.kind {
        case .expireDraft: try await expireDraft(job)
        case .followQuestion: try await followQuestion(job)
        case .lapseOffer: try await lapseOffer(job)
        case .escalate: try await escalate(job)
        case .closeEnded: try await closeEnded(job)
        case .followPayee: try await followPayee(job)
        case .sendMovement, .queryMovement, .retryFunds, .sendMessage, .sendInvitation, .closeCase, .checkArrival,
            .examineProof:
            break
        }
    }

    /// R3: a draft that nobody sent ends.
    func expireDraft(_ job: Job) async throws {
        let now = clock()
        try await store.write { sql in
            guard try OutboxTable.finish(job, at: now, sql), let id = job.caseID,
                let row = try CaseTable.find(id: id, sql),
                let step = RefundCase.transition(.letDraftExpire, from: row.state, by: .system)
            else { return }
            let hours = try policy(of: row, sql).draftHours
            guard row.created.adding(seconds: hours * 3600) <= now else { return }
            try CaseTable.move(row, to: step.to, at: now, sql)
            try record(step, "case.expired", row, visibility: .internal, at: now, sql)
        }
    }

    /// R22: a case that ended without money, or with the part that was granted, is closed when nothing can follow any
    /// more; looked at again the next day while its money is on its way.
    func closeEnded(_ job: Job) async throws {
        let now = clock()
        try await store.write { sql in
            guard try OutboxTable.hold(job, sql), let id = job.caseID, let row = try CaseTable.find(id: id, sql),
                row.wasSent, let step = RefundCase.transition(.closeEnded, from: row.state, by: .system)
            else {
                _ = try OutboxTable.finish(job, at: now, sql)
                return
            }
            guard try areFinal(row, at: now, sql) else {
                _ = try OutboxTable.postpone(job, until: now.adding(seconds: CaseClock.lookAgainSeconds), sql)
                return
            }
            _ = try OutboxTable.finish(job, at: now, sql)
            try CaseTable.move(row, to: step.to, at: now, sql)
            try record(step, "case.closed", row, at: now, sql)
        }
    }

    /// Whether nothing happens to a case's money any more, complaints included.
    private func areFinal(_ row: CaseRow, at now: Moment, _ sql: any SQLReading) throws -> Bool {
        let money = try CaseMoney(of: row, sql)
        if money.isOpen { return false }
        guard let last = money.lastSuccess else { return true }
        let zone = try zone(of: row.merchantID, sql)
        let days = try policy(of: row, sql).closeWorkingDays
        return try calendar(sql).adding(days, to: zone.day(last)).day <= zone.day(now)
    }

    /// A promised day has passed without an answer, a decision or a second approval: the operator's reviewers see the
    /// case, and the cardholder is told the new day, once.
    func escalate(_ job: Job) async throws {
        let now = clock()
        let message = try newMessage(.escalated)
        try await store.write { sql in
            guard try OutboxTable.finish(job, at: now, sql), let id = job.caseID,
                let row = try CaseTable.find(id: id, sql), let late = Late(row.state)
            else { return }
            let due = try newDay(late, row, at: now, sql)
            try sql.run(
                """
                UPDATE refund_case
                SET    escalated_ms = $1, due_on = $2, due_exact = $3
                WHERE  id = $4
                """, [.int(now.milliseconds), .text(due.day.iso), due.exactValue, .text(row.id)])
            if late == .answer { try planEscalation(of: row, after: due.day, at: now, sql) }
            try CaseTable.touch(row.id, at: now, sql)
            let event = NewEvent(
                stream: row.merchantID, actor: .system, what: "case.escalated", object: "case", objectID: row.id,
                caseID: row.id, version: row.version + 1,
                facts: due.facts("due").merging(["late": late.rawValue]) { $1 })
            try EventTable.append(event, at: now, seals, sql)
            if try !wasTold(.escalated, row.id, sql) {
                var told = message
                told.values = due.facts("due")
                try tell(told, about: row, at: now, sql)
            }
        }
    }

    /// What is late; nil while the case waits for the cardholder, or for nobody.
    private enum Late: String {
        case answer, decision, second

        init?(_ state: RefundCase.State) {
            switch state {
            case .submitted: self = .answer
            case .inReview, .appealed: self = .decision
            case .awaitingSecond: self = .second
            case .draft, .infoNeeded, .counterOffered, .approved, .declined, .withdrawn, .expired, .closed: return nil
            }
        }
    }

    private func newDay(
        _ late: Late, _ row: CaseRow, at now: Moment, _ sql: any SQLReading
    ) throws -> WorkingDays.Counted {
        let zone = try zone(of: row.merchantID, sql)
        let policy = try policy(of: row, sql)
        let calendar = try calendar(sql)
        let soon = calendar.adding(
            late == .second ? policy.secondWorkingDays : policy.answerWorkingDays, to: zone.day(now))
        guard late == .answer, let submitted = row.submitted else { return soon }
        let decision = calendar.adding(policy.decisionWorkingDays, to: zone.day(submitted))
        return decision.day > soon.day ? decision : soon
    }

    /// Looks again when a promised day is over.
    func planEscalation(of row: CaseRow, after due: Day, at now: Moment, _ sql: any SQLTransaction) throws {
        guard let moment = try midnight(after: due, of: row.merchantID, sql) else { return }
        try OutboxTable.plan(.escalate, of: row, notBefore: moment, at: now, sql)
    }

    /// The review goes on after it waited for somebody else: the reviewer has at least as long as for a first answer.
    func goOn(_ row: CaseRow, at now: Moment, _ sql: any SQLTransaction) throws {
        let days = try policy(of: row, sql).answerWorkingDays
        let soon = try calendar(sql).adding(days, to: today(row.merchantID, now, sql))
        let due = row.due.map { $0.day > soon.day ? $0 : soon } ?? soon
        try sql.run(
            "UPDATE refund_case SET due_on = $1, due_exact = $2 WHERE id = $3",
            [.text(due.day.iso), due.exactValue, .text(row.id)])
        try planEscalation(of: row, after: due.day, at: now, sql)
    }

    /// The end of a day at the merchant's place.
    func midnight(after day: Day, of merchantID: String, _ sql: any SQLReading) throws -> Moment? {
        guard let local = LocalTime(day: day.adding(days: 1), hour: 0, minute: 0, second: 0) else { return nil }
        return try zone(of: merchantID, sql).moment(local)
    }

    /// An event of a case that the clock made.
    func record(
        _ step: RefundCase.Transition, _ what: String, _ row: CaseRow, visibility: Visibility = .public,
        at now: Moment, _ sql: any SQLTransaction
    ) throws {
        let event = NewEvent(
            stream: row.merchantID, actor: .system, what: what, transition: step.id, object: "case",
            objectID: row.id, caseID: row.id, version: row.version + 1, visibility: visibility)
        try EventTable.append(event, at: now, seals, sql)
    }
}
