public import RefundDomain
public import Storage

/// Something that one person proposed and another confirms or refuses.
public struct JointProposal: Sendable, Hashable {
    public let id: String
    public let action: JointAction
    public let caseID: String
    public let movementID: String?
    public let details: JointDetails
    public let state: State
    /// The staff id and role of who proposed it.
    public let proposedBy: String
    public let proposerRole: Role
    public let proposed: Moment
    /// Who confirmed or refused it.
    public let decidedBy: String?
    public let decided: Moment?
    let merchantID: String
    let evidenceSealed: [UInt8]

    /// How far it has come.
    public enum State: String, Sendable, Hashable, CaseIterable {
        case open
        case confirmed
        case refused
    }

    /// The evidence in words.
    ///
    /// - Throws: ``StoreFault``; ``VaultFault`` when the value was changed.
    public func evidence(_ seals: Seals, _ sql: any SQLReading) throws -> String {
        try seals.openText(evidenceSealed, ProposalTable.place(id, merchantID), sql) ?? ""
    }
}

/// SQL on what takes two people.
public enum ProposalTable {
    struct New {
        let id: String
        let action: JointAction
        let movementID: String?
        let details: JointDetails
        let evidence: String
    }

    static func insert(
        _ new: New, for row: CaseRow, by staff: StaffMember, at now: Moment, _ seals: Seals,
        _ sql: any SQLTransaction
    ) throws {
        let evidence = try seals.seal(Array(new.evidence.utf8), place(new.id, row.merchantID), sql)
        try sql.run(
            """
            INSERT INTO joint_proposal (id, merchant_id, case_id, movement_id, action, facts, evidence_sealed, state,
                                        proposed_by, proposer_role, proposed_ms)
            VALUES ($1, $2, $3, $4, $5, $6, $7, 'open', $8, $9, $10)
            """,
            [
                .text(new.id), .text(row.merchantID), .text(row.id), .text(new.movementID),
                .text(new.action.rawValue), .text(EventTable.factsText(new.details.facts)), .bytes(evidence),
                .text(staff.id), .text(staff.role.rawValue), .int(now.milliseconds),
            ])
    }

    /// Ends an open proposal; false when somebody else was faster.
    static func decide(
        _ id: String, _ state: JointProposal.State, by staff: StaffMember, at now: Moment, _ sql: any SQLTransaction
    ) throws -> Bool {
        try sql.run(
            """
            UPDATE joint_proposal
            SET    state = $1, decided_by = $2, decided_ms = $3
            WHERE  id = $4
            AND    state = 'open'
            """, [.text(state.rawValue), .text(staff.id), .int(now.milliseconds), .text(id)]) == 1
    }

    static func isOpen(ofCase caseID: String, _ sql: any SQLReading) throws -> Bool {
        try sql.row(
            "SELECT id FROM joint_proposal WHERE case_id = $1 AND state = 'open'", [.text(caseID)]) != nil
    }

    /// A proposal by its id; nil when there is none.
    public static func find(_ id: String, _ sql: any SQLReading) throws -> JointProposal? {
        try sql.row(
            """
            SELECT joint_proposal.id, joint_proposal.merchant_id, joint_proposal.case_id, joint_proposal.movement_id,
                   joint_proposal.action, joint_proposal.facts, joint_proposal.evidence_sealed, joint_proposal.state,
                   joint_proposal.proposed_by, joint_proposal.proposer_role, joint_proposal.proposed_ms,
                   joint_proposal.decided_by, joint_proposal.decided_ms, refund_case.currency
            FROM   joint_proposal
            JOIN   refund_case
            ON     refund_case.id = joint_proposal.case_id
            WHERE  joint_proposal.id = $1
            """, [.text(id)]
        ).map(read)
    }

    /// What was proposed for a case, the newest first; at most 50.
    public static func list(ofCase caseID: String, _ sql: any SQLReading) throws -> [JointProposal] {
        try sql.rows(
            """
            SELECT   joint_proposal.id, joint_proposal.merchant_id, joint_proposal.case_id, joint_proposal.movement_id,
                     joint_proposal.action, joint_proposal.facts, joint_proposal.evidence_sealed, joint_proposal.state,
                     joint_proposal.proposed_by, joint_proposal.proposer_role, joint_proposal.proposed_ms,
                     joint_proposal.decided_by, joint_proposal.decided_ms, refund_case.currency
            FROM     joint_proposal
            JOIN     refund_case
            ON       refund_case.id = joint_proposal.case_id
            WHERE    joint_proposal.case_id = $1
            ORDER BY joint_proposal.proposed_ms DESC, joint_proposal.id DESC
            LIMIT    50
            """, [.text(caseID)]
        ).map(read)
    }

    static func place(_ id: String, _ tenant: String) -> SealPlace {
        SealPlace("joint_proposal", "evidence_sealed", row: id, tenant: tenant, .words)
    }

    private static func read(_ row: SQLRow) throws -> JointProposal {
        JointProposal(
            id: try row.text("id"), action: try row.word("action"), caseID: try row.text("case_id"),
            movementID: try row.textOrNil("movement_id"),
            details: JointDetails(facts: eventFacts(try row.text("facts")), try row.currency()),
            state: try row.word("state"), proposedBy: try row.text("proposed_by"),
            proposerRole: try row.word("proposer_role"), proposed: try row.moment("proposed_ms"),
            decidedBy: try row.textOrNil("decided_by"), decided: try row.momentOrNil("decided_ms"),
            merchantID: try row.text("merchant_id"), evidenceSealed: try row.bytes("evidence_sealed"))
    }
}

extension JointDetails {
    /// As lines of a record; free words are not among them.
    var facts: [String: String] {
        var facts: [String: String] = [:]
        facts["return_code"] = returnCode
        facts["returned_on"] = returnedOn?.iso
        facts["amount_minor"] = amount.map { String($0.minor) }
        facts["goodwill"] = isGoodwill ? "yes" : nil
        facts["destination_id"] = destinationID
        return facts
    }

    init(facts: [String: String], _ currency: Currency) {
        self.init(
            returnCode: facts["return_code"], returnedOn: facts["returned_on"].flatMap(Day.init(iso:)),
            amount: facts["amount_minor"].flatMap { Int64($0) }.flatMap { Money(minor: $0, currency: currency) },
            isGoodwill: facts["goodwill"] == "yes", destinationID: facts["destination_id"])
    }
}
