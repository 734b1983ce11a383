import RefundDomain
import Storage

/// Why money is not sent although its row says that it may go: the record does not carry it.
enum ApprovalFault: String, Error, Sendable, Hashable, CaseIterable {
    /// The case or the movement is not as the newest entry about it says.
    case changed
    /// No approval in the record names this movement.
    case unapproved
    /// It takes something else off the payment than was approved.
    case amount
    /// It goes to another account than two people agreed on.
    case destination
    /// Somebody decided who made the case, or gave both approvals.
    case onePerson = "one-person"
}

extension Desk {
    /// Looks, when a movement is about to be sent, whether the record still carries it: the approval that names it, its
    /// amount and route, and the people who gave it.
    ///
    /// Everything is taken from the events and their keyed digests, nothing from the rows that somebody may have
    /// changed behind them.
    func approvalFault(
        of movement: MovementRow, _ row: CaseRow, _ sql: any SQLReading
    ) throws -> ApprovalFault? {
        let record = try CaseRecord.read(row.id, sql)
        let now = try VouchedCase.today(movementID: movement.id, caseID: row.id, keys, sql)
        guard record.vouches(for: now, of: movement.id) else { return .changed }
        let chain = try chain(of: movement, sql)
        guard let root = chain.last, chain.allSatisfy({ $0.gross == movement.gross }) else { return .amount }
        if movement.route == .bankCard {
            guard try !record.confirmed(.reroute, of: Set(chain.map(\.id)), sql).isEmpty else { return .destination }
        }
        if let corrected = root.correctsID {
            // One movement may be corrected more than once.
            let agreed = try record.confirmed(.correctUp, of: [corrected], sql)
            guard !agreed.isEmpty else { return .unapproved }
            return agreed.contains { $0.details.amount?.minor == root.taken.minor } ? nil : .amount
        }
        guard let approval = record.approval(of: root.id) else { return .unapproved }
        if let approved = approval.minor("approved_minor"), let granted = approval.minor("granted_minor"),
            approved - granted != root.taken.minor
        {
            return .amount
        }
        return record.isDecidedByOthers(approval) ? nil : .onePerson
    }

    /// The movement and those that it took the place of, the first one last.
    private func chain(of movement: MovementRow, _ sql: any SQLReading) throws -> [MovementRow] {
        var chain = [movement]
        while let replaced = chain.last?.replacesID, chain.count < 100 {
            guard let older = try MovementTable.find(replaced, sql), older.caseID == movement.caseID else { return [] }
            chain.append(older)
        }
        return chain
    }

    /// Says once why a movement is held back, and nothing that would vouch for the rows as they are now.
    func holdBack(
        _ movement: MovementRow, for fault: ApprovalFault, _ row: CaseRow, at now: Moment, _ sql: any SQLTransaction
    ) throws {
        let told = try sql.row(
            """
            SELECT   number
            FROM     event
            WHERE    object_id = $1
            AND      what = 'movement.held-back'
            ORDER BY number
            LIMIT    1
            """, [.text(movement.id)])
        guard told == nil else { return }
        try recordMovement(
            nil, "movement.held-back", movement.id, row, ["fault": fault.rawValue], visibility: .internal, at: now, sql)
        try CaseTable.touch(row.id, at: now, sql)
    }
}

extension Desk {
    /// What is about to be sent is carried by the record.
    func verifyApprovals(_ sql: any SQLReading, _ faults: inout [Fault]) throws {
        let unsent = try sql.rows(
            """
            SELECT   id
            FROM     movement
            WHERE    state IN ('planned', 'waiting_funds', 'ready')
            ORDER BY id
            LIMIT    100000
            """
        ).map { try $0.text("id") }
        for id in unsent where faults.count < Desk.verifyFaultsMax {
            guard let movement = try MovementTable.find(id, sql),
                let row = try CaseTable.find(id: movement.caseID, sql),
                let fault = try approvalFault(of: movement, row, sql)
            else { continue }
            faults.append(Fault(check: "approval", object: "movement/\(id)", detail: fault.rawValue))
        }
    }
}

/// The events of one case, oldest first, as the check of an approval reads them.
private struct CaseRecord {
    struct Entry {
        let number: Int64
        let what: String
        let transition: String?
        let actorID: String?
        let objectID: String
        let facts: [String: String]

        func minor(_ name: String) -> Int64? { facts[name].flatMap { Int64($0) } }
    }

    /// More than any case has.
    private static let most: Int64 = 10_000

    private let entries: [Entry]

    static func read(_ caseID: String, _ sql: any SQLReading) throws -> CaseRecord {
        let rows = try sql.rows(
            """
            SELECT   number, what, transition, actor_id, object_id, facts
            FROM     event
            WHERE    case_id = $1
            ORDER BY number
            LIMIT    $2
            """, [.text(caseID), .int(most)])
        return CaseRecord(
            entries: try rows.map { row in
                Entry(
                    number: try row.int("number"), what: try row.text("what"),
                    transition: try row.textOrNil("transition"), actorID: try row.textOrNil("actor_id"),
                    objectID: try row.text("object_id"), facts: eventFacts(try row.text("facts")))
            })
    }

    /// Whether the rows are as the record says: what never changes as every entry, what changes as the newest one.
    ///
    /// Entries of earlier versions carry no digest and say nothing.
    func vouches(for now: [String: String], of movementID: String) -> Bool {
        ["case", "case_now", "movement", "movement_now"].allSatisfy { name in
            let said = entries.filter { !name.hasPrefix("movement") || $0.objectID == movementID }
                .compactMap { $0.facts[name] }
            let counting = name.hasSuffix("_now") ? said.suffix(1) : said[...]
            return counting.allSatisfy { $0 == now[name] }
        }
    }

    /// The approval that a movement was planned on.
    ///
    /// Approvals of earlier versions name no movement: the newest before the movement counts then.
    func approval(of movementID: String) -> Entry? {
        let approvals = entries.filter { $0.facts["approved_minor"] != nil && $0.transition != nil }
        if let named = approvals.last(where: { $0.facts["movement_id"] == movementID }) { return named }
        guard let planned = entries.first(where: { $0.objectID == movementID }) else { return nil }
        return approvals.last { $0.facts["movement_id"] == nil && $0.number < planned.number }
    }

    /// The proposals that two people agreed on, about one of these movements.
    func confirmed(
        _ action: JointAction, of movements: Set<String>, _ sql: any SQLReading
    ) throws -> [JointProposal] {
        try entries.filter { entry in
            entry.what == "joint.confirmed" && entry.facts["action"] == action.rawValue
                && entry.facts["proposed_by"] != entry.actorID
        }.compactMap { entry in
            let proposal = try ProposalTable.find(entry.objectID, sql)
            return proposal?.movementID.map(movements.contains) == true ? proposal : nil
        }
    }

    /// Whether those who decided had not made the case by then, and were two where it took two.
    func isDecidedByOthers(_ approval: Entry) -> Bool {
        let before = entries.filter { $0.number < approval.number }
        let first = before.last { ["R9", "R12"].contains($0.transition) }?.actorID
        let deciders: [String?]
        switch approval.transition {
        case "R14": deciders = [first, approval.actorID]
        case "R10": deciders = [first]
        case "R13": deciders = [approval.actorID]
        default: deciders = []
        }
        let people = deciders.compactMap(\.self)
        guard Set(people).count == deciders.count else { return false }
        return Set(people).isDisjoint(with: CaseRecord.makers(before))
    }

    /// As ``Makers`` has them, at an earlier moment.
    private static func makers(_ entries: [Entry]) -> Set<String> {
        let refused = Set(entries.filter { $0.what == "joint.refused" }.map(\.objectID))
        return Set(
            entries.filter { entry in
                if Makers.acts.contains(entry.what) { return true }
                let isJoint = entry.what == "joint.proposed" || entry.what == "joint.confirmed"
                return isJoint && Makers.jointActs.contains(entry.facts["action"] ?? "")
                    && !refused.contains(entry.objectID)
            }.compactMap(\.actorID))
    }
}
