public import RefundDomain
import Storage

/// How an answer reached us.
public enum AnswerSource: Sendable, Hashable {
    /// The answer to the sending itself, with the number of the attempt.
    case call(attempt: Int64)
    /// The answer to a query that was asked under a job's claim.
    case query(Job)
    /// A notice that the channel sent, with its own id.
    case notice(id: String)
    /// A line of the channel's file that says how the refund ended (M14).
    case statement(line: String)
    /// A batch that people pay: it was released, or the bank's own file was confirmed for it.
    case batch
}

extension Desk {
    /// Writes down what a channel said about a movement: the one door for answers, queries and notices.
    ///
    /// The same message twice changes nothing the second time. A verdict that the transition table does not have from
    /// the present state changes nothing either, except for "last checked".
    ///
    /// - Returns: the state the movement is in now; nil when there is no such movement or the claim is lost.
    @discardableResult
    public func recordOutcome(
        _ answer: ChannelAnswer, of movementID: String, from source: AnswerSource
    ) async throws -> Movement.State? {
        let now = clock()
        let ids = try OutcomeIDs(self)
        return try await store.write { sql in
            guard let movement = try MovementTable.find(movementID, sql),
                let row = try CaseTable.find(id: movement.caseID, sql),
                let account = try account(movement.accountID, sql)
            else { return nil }
            let able = ChannelCapability.of(account.channel)
            let judged = judged(answer, of: movement, source: source)
            let visibleFrom = movement.sent?.adding(seconds: (able?.visibilityDelaySeconds ?? 86_400) / hurry)
            let happening = Movement.happening(
                for: judged.verdict, in: movement.state,
                replayMayPayTwice: !(able?.replaySafe ?? false) || movement.replays >= MovementLimits.replaysMax,
                visible: visibleFrom.map { $0 <= now } ?? false)
            if happening != nil { try EventTable.hold(movement.merchantID, sql) }
            guard try admits(answer, source, movement, at: now, sql) else { return movement.state }
            if case .call(let attempt) = source {
                try MovementTable.endAttempt(movement, number: attempt, answer, at: now, sql)
            }
            try MovementTable.note(judged, of: movement.id, at: now, sql)
            let outcome = Outcome(
                answer: judged, source: source, movement: movement, row: row, account: account,
                now: now, ids: ids)
            let state = try happening.map { try apply($0, outcome, sql) } ?? movement.state
            if happening == nil { try noteContradiction(outcome, sql) }
            try planNextQuery(state, outcome, sql)
            try CaseTable.touch(row.id, at: now, sql)
            return state
        }
    }

    /// Whether an answer may still change something: a call's only while its attempt is the newest, a query's only
    /// under its claim, a notice's only once and only when it was signed: a forged one must not use up its id.
    private func admits(
        _ answer: ChannelAnswer, _ source: AnswerSource, _ movement: MovementRow, at now: Moment,
        _ sql: any SQLTransaction
    ) throws -> Bool {
        switch source {
        case .call(let attempt):
            return movement.attempts == attempt && movement.state == .sending
        case .query(let job):
            return try OutboxTable.finish(job, at: now, sql)
        case .notice(let id):
            // While the order to the other account is on the line, its own answer says more than a notice of before.
            let isOutrun = isDoubtfulBounce(answer, of: movement, source) && movement.state == .sending
            guard answer.verified, !isOutrun else { return false }
            return try NoticeTable.take(id, of: movement, at: now, sql)
        case .statement:
            return movement.state == .accepted || movement.state == .atBank
        case .batch:
            return false  // Two people decide it: ``Desk/releaseBatch(_:by:)``, ``Desk/confirmBankAnswer(_:by:)``.
        }
    }

    /// A final word only counts when it was signed and names our amount; otherwise we do not know.
    private func judged(
        _ answer: ChannelAnswer, of movement: MovementRow, source: AnswerSource
    ) -> ChannelAnswer {
        let isFinal: Bool
        switch answer.verdict {
        case .succeeded, .failed, .needsPayeeAction, .accepted, .returned: isFinal = true
        case .unknown, .notExecuted, .noFunds, .refusedOperator, .neverSeen: isFinal = false
        }
        let fits = answer.amount == nil || answer.amount == movement.gross
        if isDoubtfulBounce(answer, of: movement, source) {
            // The next query tells.
            return ChannelAnswer(verdict: .unknown, code: answer.code, verified: answer.verified)
        }
        guard isFinal, !answer.verified || !fits else { return answer }
        return ChannelAnswer(
            verdict: .unknown, code: answer.verified ? "wrong amount" : "unverified", verified: answer.verified)
    }

    /// Whether a notice says of money on its way to another account that it came back: the same refund came back once
    /// before, and a late notice of that cannot be told from one that it came back again.
    private func isDoubtfulBounce(_ answer: ChannelAnswer, of movement: MovementRow, _ source: AnswerSource) -> Bool {
        guard movement.route == .bankCard, answer.verdict == .needsPayeeAction, case .notice = source else {
            return false
        }
        return true
    }
}

/// Ids that an outcome may need, drawn before the transaction.
struct OutcomeIDs: Sendable {
    let postingIDs: [String]
    let jobID: String
    let queryID: String
    let checkID: String
    let message: NewMessage
    /// For what follows from it for the case: a closed one that is open again.
    let revival: NewMessage

    var postingID: String { postingIDs.first ?? "" }

    init(_ desk: Desk) throws {
        postingIDs = [try desk.newID(), try desk.newID(), try desk.newID()]
        jobID = try desk.newID()
        queryID = try desk.newID()
        checkID = try desk.newID()
        message = try desk.newMessage(.confirmed)
        revival = try desk.newMessage(.moneyReturned)
    }
}

/// Everything that applying an outcome looks at.
struct Outcome {
    let answer: ChannelAnswer
    let source: AnswerSource
    let movement: MovementRow
    let row: CaseRow
    let account: Desk.AccountRow
    let now: Moment
    let ids: OutcomeIDs
}
