import RefundDomain
import Storage

/// What somebody is about to do, as the guards of the transition table look at it.
struct Attempt {
    let row: CaseRow
    let now: Moment
    /// The person of the staff; nil for the cardholder and for the clock.
    var staff: StaffMember?
    var amount: Money?
    /// The most that the person may sign for, in minor units; nil for any amount.
    var limitMinor: Int64?
    var checks: Set<Check> = []
    /// The moment that ``TransitionGuard/withinTime`` and ``TransitionGuard/timePassed`` compare with.
    var deadline: Moment?
}

extension Desk {
    /// Asks every guard of a row of the table.
    ///
    /// - Throws: the ``Refusal`` of the first that fails.
    func require(_ step: RefundCase.Transition, _ attempt: Attempt, _ sql: any SQLReading) throws {
        for asked in step.guards { try require(asked, attempt, sql) }
    }

    private func require(_ asked: TransitionGuard, _ attempt: Attempt, _ sql: any SQLReading) throws {
        switch asked {
        case .inScope, .notMaker, .notEarlierDecider, .notFirstApprover, .ownDecision:
            guard let staff = attempt.staff else { return }
            try require(asked, of: staff, attempt.row, sql)
        case .checksTicked:
            if let open = Check.allCases.first(where: { !attempt.checks.contains($0) }) {
                throw Refusal.checkMissing(open)
            }
        case .upToAsked, .lessThanAsked, .withinLimit: try require(asked, amount: attempt)
        case .lessApprovedThanAsked:
            guard let asked = attempt.row.asked, let approved = attempt.row.approved, approved < asked else {
                throw Refusal.notNow(state: attempt.row.state)
            }
        case .withinUndo:
            guard let until = attempt.row.undoUntil, attempt.now < until else { throw Refusal.undoOver }
        case .withinTime:
            guard let until = attempt.deadline, attempt.now < until else {
                throw Refusal.notNow(state: attempt.row.state)
            }
        case .timePassed:
            guard let until = attempt.deadline, until <= attempt.now else {
                throw Refusal.notNow(state: attempt.row.state)
            }
        case .noBlock:
            if let kind = try block(of: attempt.row.paymentID, sql) { throw Refusal.blocked(kind) }
        case .contactProved:
            guard attempt.row.contactProved != nil else { throw Refusal.contactUnproved }
        case .explained, .noted, .questionNamed, .answerGiven, .newGrounds, .termsAccepted, .answersComplete,
            .eligible, .withinPolicy, .ruleFits, .evidence, .twoPeople:
            break  // Asked of what was typed or proposed, by the verb that reads it.
        case .amountLeft, .nothingSent, .reminded, .allFinal:
            break  // Asked by the statements that reserve, call off, expire and close.
        }
    }

    private func require(
        _ asked: TransitionGuard, of staff: StaffMember, _ row: CaseRow, _ sql: any SQLReading
    ) throws {
        if asked == .inScope, !staff.sees(row.merchantID) { throw Refusal.notFound }
        if asked == .notMaker { try requireNotMaker(staff, of: row, sql) }
        if asked == .notEarlierDecider, try hasDecidedBefore(staff.id, row, sql) { throw Refusal.decidedBefore }
        if asked == .notFirstApprover, row.firstBy == staff.id { throw Refusal.firstApprover }
        if asked == .ownDecision, row.decidedBy != staff.id { throw Refusal.notYours }
    }

    private func require(_ asked: TransitionGuard, amount attempt: Attempt) throws(Refusal) {
        let row = attempt.row
        guard let amount = attempt.amount, let most = row.asked, amount.currency == most.currency, amount.minor > 0,
            amount <= most
        else { throw .aboveMost(row.asked ?? .zero(row.currency)) }
        if asked == .lessThanAsked, amount == most { throw .aboveMost(most) }
        // What an earlier decision granted is on its way: after an appeal there can only be more.
        if let approved = row.approved, amount <= approved { throw .belowApproved(approved) }
        if asked == .withinLimit, let limit = attempt.limitMinor, amount.minor > limit {
            throw .aboveLimit(Money(minor: limit, currency: amount.currency) ?? .zero(amount.currency))
        }
    }

    /// Whoever made a case decides nothing about it, whatever role they have now.
    func requireNotMaker(_ staff: StaffMember, of row: CaseRow, _ sql: any SQLReading) throws {
        if try Makers.of(caseID: row.id, sql).contains(staff.id) { throw Refusal.makerMayNotDecide }
    }

    /// Whether somebody decided the case, or took a decision back, before its newest appeal.
    func hasDecidedBefore(_ staffID: String, _ row: CaseRow, _ sql: any SQLReading) throws -> Bool {
        guard row.appealed != nil else { return false }
        return try sql.row(
            """
            SELECT   number
            FROM     event
            WHERE    case_id = $1
            AND      actor_id = $2
            AND      transition IN ('R9', 'R12', 'R13', 'R14', 'R16', 'R26')
            AND      number < (SELECT MAX(appeal.number)
                               FROM   event AS appeal
                               WHERE  appeal.case_id = $1
                               AND    appeal.transition IN ('R17', 'R18'))
            ORDER BY number
            LIMIT    1
            """, [.text(row.id), .text(staffID)]) != nil
    }
}
