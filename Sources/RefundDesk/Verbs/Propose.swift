public import RefundDomain
import Storage

extension Desk {
    /// Proposes what only two people can do; nothing moves until somebody else confirms it.
    ///
    /// - Parameters:
    ///   - movementID: which of the case's movements; nil for reopening the case.
    ///   - evidence: what shows that it is right, at least ``JointLimits/evidenceCharactersMin`` characters; sealed.
    /// - Returns: the proposal's id.
    /// - Throws: ``Refusal/notAllowed``, ``Refusal/notFound``, ``Refusal/stale(version:)``,
    ///   ``Refusal/proposalOpen``, ``Refusal/field(_:_:)`` for what is missing, and whatever would be refused at the
    ///   confirmation.
    @discardableResult
    public func propose(
        _ action: JointAction, on number: CaseNumber, movement movementID: String?, details: JointDetails,
        evidence: String, version: Int64, by staff: StaffMember
    ) async throws -> String {
        let text = evidence.trimmed
        guard !text.isEmpty else { throw Refusal.field("evidence", .missing) }
        guard text.unicodeScalars.count >= JointLimits.evidenceCharactersMin else {
            throw Refusal.field("evidence", .tooShort)
        }
        try check(text, "evidence", TextLimits.explanationCharactersMax)
        let now = clock()
        let id = try newID()
        try await store.write { sql in
            guard let row = try CaseTable.find(number: number, sql), row.state != .draft, staff.sees(row.merchantID)
            else { throw Refusal.notFound }
            guard action.proposers.contains(staff.role) else { throw Refusal.notAllowed }
            try requireVersion(version, row)
            try EventTable.hold(row.merchantID, sql)
            if try ProposalTable.isOpen(ofCase: row.id, sql) { throw Refusal.proposalOpen }
            _ = try jointTurn(action, details, row, movementID: movementID, at: now, sql)
            let new = ProposalTable.New(
                id: id, action: action, movementID: movementID, details: details, evidence: text)
            try ProposalTable.insert(new, for: row, by: staff, at: now, seals, sql)
            var facts = details.facts
            facts["action"] = action.rawValue
            try record("joint.proposed", id, row, facts, text: text, by: staff, at: now, sql)
            try CaseTable.touch(row.id, at: now, sql)
        }
        return id
    }

    /// Confirms what somebody else proposed and does it, in one transaction; every guard is asked again.
    ///
    /// - Throws: ``Refusal/makerMayNotDecide`` for the one who proposed it or made the case, ``Refusal/notAllowed``,
    ///   ``Refusal/notFound``, ``Refusal/moneyNotNow(state:)`` and others when the case or its money went on meanwhile:
    ///   the proposal then stays open until somebody refuses it.
    public func confirmProposal(_ id: String, by staff: StaffMember) async throws {
        let now = clock()
        let ids = try JointIDs(self)
        try await store.write { sql in
            let (proposal, row) = try openProposal(id, for: staff, sql)
            guard proposal.action.mayConfirm(staff.role, proposedBy: proposal.proposerRole) else {
                throw Refusal.notAllowed
            }
            guard staff.id != proposal.proposedBy else { throw Refusal.makerMayNotDecide }
            try requireNotMaker(staff, of: row, sql)
            try EventTable.hold(row.merchantID, sql)
            let turn = try jointTurn(
                proposal.action, proposal.details, row, movementID: proposal.movementID, at: now, sql)
            guard try ProposalTable.decide(id, .confirmed, by: staff, at: now, sql) else { throw Refusal.notFound }
            try record(
                "joint.confirmed", id, row, ["action": proposal.action.rawValue, "proposed_by": proposal.proposedBy],
                by: staff, at: now, sql)
            try perform(proposal, turn, ids, by: staff, at: now, sql)
            try CaseTable.touch(row.id, at: now, sql)
        }
    }

    /// Refuses a proposal, or takes back one's own; nothing moves.
    ///
    /// - Throws: ``Refusal/field(_:_:)`` without a reason, ``Refusal/notAllowed``, ``Refusal/notFound``.
    public func refuseProposal(_ id: String, reason: String, by staff: StaffMember) async throws {
        let text = reason.trimmed
        guard !text.isEmpty else { throw Refusal.field("reason", .missing) }
        try check(text, "reason", TextLimits.noteCharactersMax)
        let now = clock()
        try await store.write { sql in
            let (proposal, row) = try openProposal(id, for: staff, sql)
            guard staff.id == proposal.proposedBy || proposal.action.confirmers.contains(staff.role) else {
                throw Refusal.notAllowed
            }
            try EventTable.hold(row.merchantID, sql)
            guard try ProposalTable.decide(id, .refused, by: staff, at: now, sql) else { throw Refusal.notFound }
            try record(
                "joint.refused", id, row, ["action": proposal.action.rawValue], text: text, by: staff, at: now, sql)
            try CaseTable.touch(row.id, at: now, sql)
        }
    }

    private func openProposal(
        _ id: String, for staff: StaffMember, _ sql: any SQLReading
    ) throws -> (JointProposal, CaseRow) {
        guard let proposal = try ProposalTable.find(id, sql), staff.sees(proposal.merchantID),
            let row = try CaseTable.find(id: proposal.caseID, sql), proposal.state == .open
        else { throw Refusal.notFound }
        return (proposal, row)
    }

    private func record(
        _ what: String, _ id: String, _ row: CaseRow, _ facts: [String: String], text: String? = nil,
        by staff: StaffMember, at now: Moment, _ sql: any SQLTransaction
    ) throws {
        let event = NewEvent(
            stream: row.merchantID, actor: staff.actor, what: what, object: "proposal", objectID: id, caseID: row.id,
            version: row.version + 1, facts: facts, visibility: .internal, text: text)
        try EventTable.append(event, at: now, seals, sql)
    }
}

/// Ids that a confirmation may need, drawn before the transaction.
struct JointIDs: Sendable {
    let plan: Plan
    let postingID: String
    let returnID: String
    let closeID: String
    let message: NewMessage

    init(_ desk: Desk) throws {
        plan = try Plan(desk)
        postingID = try desk.newID()
        returnID = try desk.newID()
        closeID = try desk.newID()
        message = try desk.newMessage(.moneyReturned)
    }
}
