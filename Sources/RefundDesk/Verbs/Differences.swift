public import RefundDomain
import Storage

extension Desk {
    /// Closes a difference that a person has looked into; why stays with it and in the record.
    ///
    /// - Throws: ``Refusal/notFound`` for one that is closed or not this person's to see, ``Refusal/notAllowed`` for
    ///   roles that do not keep the books, ``Refusal/field(_:_:)`` without a note.
    public func explainDifference(_ id: String, note: String, by staff: StaffMember) async throws {
        let words = note.trimmed
        guard !words.isEmpty else { throw Refusal.field("note", .missing) }
        try check(words, "note", TextLimits.noteCharactersMax)
        let now = clock()
        try await store.write { sql in
            guard let item = try DifferenceTable.open(id, sql), staff.sees(item.merchantID) else {
                throw Refusal.notFound
            }
            guard staff.role.closesDifferences else { throw Refusal.notAllowed }
            let sealed = try seals.seal(Array(words.utf8), DifferenceTable.place(id, item.merchantID), sql)
            guard try DifferenceTable.closeExplained(id, note: sealed, by: staff.id, at: now, sql) else {
                throw Refusal.notFound
            }
            let caseID = try item.movementID.flatMap { try ReconciliationTable.ours($0, sql) }?.caseID
            try recordDifference(
                "difference.explained", id, of: item.merchantID, caseID: caseID, kind: item.kind, by: staff.actor,
                note: words, at: now, sql)
        }
    }

    /// Closes a difference where both sides say the same now.
    func closeIfFitting(_ item: DifferenceTable.Open, at now: Moment, _ sql: any SQLTransaction) throws -> Bool {
        guard try !differs(item, sql), try DifferenceTable.closeFitting(item.id, at: now, sql) else { return false }
        let caseID = try item.movementID.flatMap { try ReconciliationTable.ours($0, sql) }?.caseID
        try recordDifference(
            "difference.fits", item.id, of: item.merchantID, caseID: caseID, kind: item.kind, by: .system, at: now,
            sql)
        return true
    }

    /// Closes what a movement's new state has put right.
    func closeFitting(ofMovement id: String, at now: Moment, _ sql: any SQLTransaction) throws {
        for item in try DifferenceTable.open(ofMovement: id, sql) { _ = try closeIfFitting(item, at: now, sql) }
    }

    /// Whether what was found still differs.
    func differs(_ item: DifferenceTable.Open, _ sql: any SQLReading) throws -> Bool {
        if item.kind == .missingThere, let id = item.movementID {
            guard try ReconciliationTable.line(ofMovement: id, sql) == nil,
                let ours = try ReconciliationTable.ours(id, sql)
            else { return false }
            return ours.state.mustBeInFile(linesAreFinal: ours.channel.refundLinesAreFinal)
        }
        guard let line = try item.lineID.flatMap({ try ReconciliationTable.line($0, sql) }) else { return false }
        return try ReconcileRun.findings(line, of: item.merchantID, sql).contains { $0.kind == item.kind }
    }

    /// Writes down what became of a difference, in its case's record too where there is a case.
    func recordDifference(
        _ what: String, _ id: String, of merchantID: String, caseID: String?, kind: Difference, by actor: Actor,
        note: String? = nil, at now: Moment, _ sql: any SQLTransaction
    ) throws {
        let event = NewEvent(
            stream: merchantID, actor: actor, what: what, object: "difference", objectID: id, caseID: caseID,
            facts: ["difference": kind.rawValue], visibility: .internal, text: note)
        try EventTable.append(event, at: now, seals, sql)
    }
}

extension Role {
    /// Whether people of this role may close what differs between a channel's file and our refunds.
    public var closesDifferences: Bool {
        switch self {
        case .finance, .operatorReviewer: true
        case .clerk, .reviewer, .approver, .merchantAdmin, .support, .operatorAdmin: false
        }
    }
}
