public import RefundDomain
import Storage

extension Desk {
    /// Asks the channel about a movement now instead of when its query plan says.
    ///
    /// - Throws: ``Refusal/notFound``, ``Refusal/notAllowed`` unless the person serves the support desk,
    ///   ``Refusal/stale(version:)``, ``Refusal/notNow(state:)`` when the channel does not have the movement.
    public func askChannel(
        about movementID: String, of number: CaseNumber, version: Int64, by staff: StaffMember
    ) async throws {
        let now = clock()
        let jobID = try newID()
        try await store.write { sql in
            let row = try staffCase(number, version: version, by: staff, sql)
            guard staff.role.seesSupportDesk else { throw Refusal.notAllowed }
            guard let movement = try MovementTable.find(movementID, sql), movement.caseID == row.id else {
                throw Refusal.notFound
            }
            guard movement.state.isWithChannel else { throw Refusal.notNow(state: row.state) }
            let isPlanned = try OutboxTable.hasten(.queryMovement, ofMovement: movement.id, at: now, sql)
            if !isPlanned {
                try OutboxTable.add(
                    .queryMovement, id: jobID, caseID: row.id, movementID: movement.id, notBefore: now, at: now, sql)
            }
            try MovementTable.setNextCheck(now, of: movement.id, sql)
            try CaseTable.touch(row.id, at: now, sql)
            let event = NewEvent(
                stream: row.merchantID, actor: staff.actor, what: "channel.asked", object: "movement",
                objectID: movement.id, caseID: row.id, version: row.version + 1, visibility: .internal)
            try EventTable.append(event, at: now, seals, sql)
        }
    }

    /// Writes down that somebody at a bank was asked, by telephone or letter; nothing is sent by it.
    ///
    /// - Parameters:
    ///   - who: whom at which bank; sealed with the rest of the words.
    ///   - reference: what the bank calls the enquiry; may be empty.
    ///   - promised: by when they said to answer.
    /// - Throws: ``Refusal/field(_:_:)`` for `who`, `bank_reference` and `details`, ``Refusal/notFound``,
    ///   ``Refusal/notAllowed``, ``Refusal/stale(version:)``.
    public func noteBankContact(
        _ number: CaseNumber, who: String, reference: String, promised: Day?, details: String, version: Int64,
        by staff: StaffMember
    ) async throws {
        let who = who.trimmed
        let reference = reference.trimmed
        let details = details.trimmed
        if who.isEmpty { throw Refusal.field("who", .missing) }
        try check(who, "who", TextLimits.nameCharactersMax)
        try check(reference, "bank_reference", TextLimits.nameCharactersMax)
        try check(details, "details", TextLimits.detailsCharactersMax)
        let text = [who, reference, details].filter { !$0.isEmpty }.joined(separator: "\n")
        let now = clock()
        try await store.write { sql in
            let row = try staffCase(number, version: version, by: staff, sql)
            guard staff.role.seesSupportDesk else { throw Refusal.notAllowed }
            try CaseTable.touch(row.id, at: now, sql)
            let event = NewEvent(
                stream: row.merchantID, actor: staff.actor, what: "bank.contacted", object: "case", objectID: row.id,
                caseID: row.id, version: row.version + 1, facts: promised.map { ["promised_on": $0.iso] } ?? [:],
                visibility: .internal, text: text)
            try EventTable.append(event, at: now, seals, sql)
        }
    }
}
