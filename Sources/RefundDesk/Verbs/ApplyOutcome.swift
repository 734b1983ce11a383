import RefundDomain
import Storage

extension Desk {
    /// Moves a movement on, with the postings, jobs and messages that belong to it.
    ///
    /// - Returns: the state afterwards.
    func apply(
        _ happening: Movement.Happening, _ outcome: Outcome, _ sql: any SQLTransaction
    ) throws -> Movement.State {
        let movement = outcome.movement
        guard let step = Movement.transition(happening, from: movement.state) else { return movement.state }
        // M11 is what leaves unknown, M8/M9 what leaves sending; the table names each.
        try MovementTable.move(movement, to: step.to, code: outcome.answer.code, at: outcome.now, sql)
        switch happening {
        case .accept: try tell(.withBank, outcome, sql)
        case .succeed: try succeed(outcome, sql)
        case .fail: try fail(outcome, sql)
        case .needPayee:
            try tell(.payeeAction, outcome, sql)
            try planPayeeLook(movement, 0, id: outcome.ids.jobID, at: outcome.now, sql)
        case .refuseForFunds: try undo(outcome, then: .retryFunds, after: MovementLimits.fundsRetrySeconds, sql)
        case .refuseUnexecuted: try sendAgain(outcome, isReplay: false, sql)
        case .proveUnsent: try sendAgain(outcome, isReplay: true, sql)
        case .comeBack: try comeBack(outcome, sql)
        case .loseTrack, .handToBank: break
        case .plan, .cover, .fallShort, .fundsArrive, .cancel, .take, .resend, .giveUp, .arrive, .reroute,
            .giveBack, .leaveUnclaimed, .replace, .correct, .payOutside:
            break
        }
        let expected = try expectArrival(after: happening, outcome, sql)
        if !expected.isEmpty { try planArrivalCheck(outcome, sql) }
        if outcome.answer.verdict == .refusedOperator { try stopAccount(outcome, sql) }
        let isUnfinished = happening == .refuseForFunds || happening == .refuseUnexecuted || happening == .proveUnsent
        try recordMovement(
            step.id, "movement.\(step.to.rawValue)", movement.id, outcome.row,
            expected.merging(["code": outcome.answer.code.withoutLineEnds, "source": source(outcome.source)]) { $1 },
            by: happening == .loseTrack ? .system : .channel, visibility: isUnfinished ? .internal : .public,
            at: outcome.now, sql)
        return step.to
    }

    /// Writes down that the channel's signed word does not fit how the movement ended here: money may be out that the
    /// books do not show, or the other way round, and a person has to look.
    func noteContradiction(_ outcome: Outcome, _ sql: any SQLTransaction) throws {
        let state = outcome.movement.state
        let contradicts: Bool
        switch outcome.answer.verdict {
        case .succeeded: contradicts = try !state.isPaid && !hadSucceeded(outcome.movement, sql)
        case .failed: contradicts = state.isPaid
        case .returned: contradicts = state != .returned
        case .accepted, .unknown, .notExecuted, .noFunds, .refusedOperator, .needsPayeeAction, .neverSeen:
            contradicts = false
        }
        // An answer that ends an attempt is in the record whatever it says.
        var endsAttempt = false
        if case .call = outcome.source { endsAttempt = true }
        guard contradicts || endsAttempt else { return }
        try recordMovement(
            nil, "movement.contradicted", outcome.movement.id, outcome.row,
            [
                "verdict": outcome.answer.verdict.rawValue, "code": outcome.answer.code.withoutLineEnds,
                "source": source(outcome.source),
            ], by: .channel, visibility: .internal, at: outcome.now, sql)
    }

    /// Whether the channel had confirmed a movement before: the news of its success may come late or twice.
    private func hadSucceeded(_ movement: MovementRow, _ sql: any SQLReading) throws -> Bool {
        try sql.row(
            """
            SELECT   number
            FROM     event
            WHERE    case_id = $1
            AND      object_id = $2
            AND      what = 'movement.succeeded'
            ORDER BY number
            LIMIT    1
            """, [.text(movement.caseID), .text(movement.id)]) != nil
    }

    /// Plans the next question to the channel while only the channel can tell how it ends.
    func planNextQuery(_ state: Movement.State, _ outcome: Outcome, _ sql: any SQLTransaction) throws {
        let movement = outcome.movement
        guard state.isWithChannel else {
            try OutboxTable.cancel(.queryMovement, ofMovement: movement.id, at: outcome.now, sql)
            try MovementTable.setNextCheck(nil, of: movement.id, sql)
            return
        }
        if case .notice = outcome.source { return }
        let done: Int64
        if case .query = outcome.source { done = movement.queries + 1 } else { done = movement.queries }
        let able = ChannelCapability.of(outcome.account.channel)
        let seconds = max((able?.queryDelay(after: Int(done)) ?? 3600) / hurry, 1)
        let next = outcome.now.adding(seconds: seconds)
        try OutboxTable.cancel(.queryMovement, ofMovement: movement.id, at: outcome.now, sql)
        try OutboxTable.add(
            .queryMovement, id: outcome.ids.queryID, caseID: movement.caseID, movementID: movement.id,
            notBefore: next, at: outcome.now, sql)
        try sql.run(
            "UPDATE movement SET queries = $1 WHERE id = $2", [.int(done), .text(movement.id)])
        try MovementTable.setNextCheck(next, of: movement.id, sql)
    }

    /// P7, or P18 for a payment that was called off; the case closes when nobody has complained for the policy's
    /// working days.
    private func succeed(_ outcome: Outcome, _ sql: any SQLTransaction) throws {
        let movement = outcome.movement
        try PaymentTable.settle(movement.taken.minor, of: movement.paymentID, sql)
        let isVoid = try OrderTable.order(of: movement.id, at: outcome.now, detour: nil, sql).purpose == .void
        try LedgerTable.post(
            isVoid ? movement.quote.voided : movement.quote.confirmation, ids: outcome.ids.postingIDs,
            for: movement.origin, at: outcome.now, sql)
        let zone = try zone(of: movement.merchantID, sql)
        let policy = try policy(of: outcome.row, sql)
        let closeOn = try calendar(sql).adding(policy.closeWorkingDays, to: zone.day(outcome.now)).day
        guard let midnight = LocalTime(day: closeOn, hour: 0, minute: 0, second: 0) else { return }
        try OutboxTable.add(
            .closeCase, id: outcome.ids.jobID, caseID: movement.caseID, notBefore: zone.moment(midnight),
            at: outcome.now, sql)
        try tell(.confirmed, outcome, sql)
    }

    /// P9: nothing was paid; what was on its way is held again.
    private func fail(_ outcome: Outcome, _ sql: any SQLTransaction) throws {
        try endUnpaid(outcome.movement, postingID: outcome.ids.postingID, at: outcome.now, sql)
        try tell(.moneyFailed, outcome, sql)
    }

    /// P10: the money is the cardholder's still, and waits for two people to say where it goes.
    private func comeBack(_ outcome: Outcome, _ sql: any SQLTransaction) throws {
        try takeBack(
            outcome.movement, code: outcome.answer.code, on: outcome.now, postingID: outcome.ids.postingID,
            at: outcome.now, sql)
        try revive(outcome.row, by: .channel, at: outcome.now, sql)
        var told = outcome.ids.revival
        told.values = ["gross_minor": String(outcome.movement.gross.minor)]
        try tell(told, about: outcome.row, at: outcome.now, sql)
    }

    /// M27, M28: the same order goes again, later each time.
    private func sendAgain(_ outcome: Outcome, isReplay: Bool, _ sql: any SQLTransaction) throws {
        if isReplay {
            try sql.run(
                "UPDATE movement SET replays = replays + 1 WHERE id = $1", [.text(outcome.movement.id)])
        }
        var seconds = MovementLimits.retrySeconds
        for _ in 1..<max(outcome.movement.attempts, 1) where seconds < MovementLimits.retrySecondsMax { seconds *= 2 }
        try undo(outcome, then: .sendMovement, after: min(seconds, MovementLimits.retrySecondsMax), sql)
    }

    /// P4 undone; the job that tries again is planned.
    private func undo(
        _ outcome: Outcome, then kind: JobKind, after seconds: Int64, _ sql: any SQLTransaction
    ) throws {
        let movement = outcome.movement
        try unsend(movement, postingID: outcome.ids.postingID, at: outcome.now, sql)
        try OutboxTable.add(
            kind, id: outcome.ids.jobID, caseID: movement.caseID, movementID: movement.id,
            notBefore: outcome.now.adding(seconds: max(seconds / hurry, 1)), at: outcome.now, sql)
        // Hourly tries must not send a message each.
        if kind == .retryFunds, try !wasTold(.waitingFunds, movement.caseID, sql) {
            try tell(.waitingFunds, outcome, sql)
        }
    }

    /// The channel does not take our orders: nothing more is sent by this account until its settings were changed.
    private func stopAccount(_ outcome: Outcome, _ sql: any SQLTransaction) throws {
        try sql.run(
            "UPDATE channel_account SET stopped_reason = $1 WHERE id = $2",
            [.text(outcome.answer.code), .text(outcome.movement.accountID)])
        let event = NewEvent(
            stream: outcome.row.merchantID, actor: .channel, what: "account.stopped", object: "account",
            objectID: outcome.movement.accountID, facts: ["code": outcome.answer.code.withoutLineEnds],
            visibility: .internal)
        try EventTable.append(event, at: outcome.now, seals, sql)
    }

    /// Whether a case was told something before; hourly tries must not send a message each.
    func wasTold(_ kind: MessageKind, _ caseID: String, _ sql: any SQLReading) throws -> Bool {
        try sql.row(
            "SELECT id FROM message WHERE case_id = $1 AND kind = $2 ORDER BY created_ms, id LIMIT 1",
            [.text(caseID), .text(kind.rawValue)]) != nil
    }

    private func tell(_ kind: MessageKind, _ outcome: Outcome, _ sql: any SQLTransaction) throws {
        let message = NewMessage(
            id: outcome.ids.message.id, jobID: outcome.ids.message.jobID, kind: kind,
            values: ["gross_minor": String(outcome.movement.gross.minor)])
        try tell(message, about: outcome.row, at: outcome.now, sql)
    }

    private func source(_ source: AnswerSource) -> String {
        switch source {
        case .call: "call"
        case .query: "query"
        case .notice: "notice"
        case .statement: "statement"
        case .batch: "batch"
        }
    }
}

extension String {
    /// At most 64 characters on one line, for values that a channel chose.
    fileprivate var withoutLineEnds: String {
        String(prefix(64).map { $0.isNewline ? " " : $0 })
    }
}
