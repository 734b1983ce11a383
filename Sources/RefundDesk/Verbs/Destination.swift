public import RefundDomain
public import Storage

extension Desk {
    /// The cardholder names an account of theirs for money that came back, or that the bank cannot place. It is only
    /// named by this: two people decide whether the money goes there (M20).
    ///
    /// - Parameter proofs: stored files that show whose account it is; the caller deletes them when this is refused.
    /// - Throws: ``Refusal/notNow(state:)`` when no money waits for it, ``Refusal/proofNeeded``,
    ///   ``Refusal/field(_:_:)``, ``Refusal/tooMuchProof``, ``Refusal/stale(version:)``, ``Refusal/contactUnproved``
    ///   for somebody who came by the link alone.
    public func nameDestination(
        _ number: CaseNumber, account: String, bank: String, holder: String, proofs: [NewProof], version: Int64,
        visitor: String
    ) async throws {
        let destination = try read(account: account, bank: bank, holder: holder)
        if proofs.isEmpty { throw Refusal.proofNeeded }
        let now = clock()
        let id = try newID()
        let proofIDs = try proofs.map { _ in try newID() }
        try await store.write { sql in
            let row = try own(number, of: visitor, at: now, sql)
            try requireVersion(version, row)
            let waiting = try MovementTable.list(ofCase: row.id, sql).last {
                $0.state == .returned || $0.state == .needsPayeeAction
            }
            guard let waiting, row.state == .approved else { throw Refusal.notNow(state: row.state) }
            try DestinationTable.insert(destination, id: id, for: waiting, at: now, seals, sql)
            for (proofID, proof) in zip(proofIDs, proofs) {
                try insert(proof, id: proofID, into: row, by: "cardholder", questionID: nil, at: now, sql)
            }
            try CaseTable.touch(row.id, at: now, sql)
            let event = NewEvent(
                stream: row.merchantID, actor: .cardholder, what: "destination.named", object: "movement",
                objectID: waiting.id, caseID: row.id, version: row.version + 1,
                facts: ["files": String(proofs.count)])
            try EventTable.append(event, at: now, seals, sql)
        }
    }

    private func read(account: String, bank: String, holder: String) throws(Refusal) -> PayeeDestination {
        let number = account.trimmed
        if number.isEmpty { throw .field("account", .missing) }
        for (value, field) in [(bank.trimmed, "bank"), (holder.trimmed, "holder")] {
            if value.isEmpty { throw .field(field, .missing) }
            try check(value, field, TextLimits.nameCharactersMax)
            if value.contains(where: \.isNewline) { throw .field(field, .unreadable) }
        }
        guard let destination = PayeeDestination(account: number, bank: bank.trimmed, holder: holder.trimmed) else {
            throw .field("account", .unreadable)
        }
        return destination
    }
}

/// SQL on accounts that cardholders name; all but the last four signs lies sealed.
public enum DestinationTable {
    static func insert(
        _ destination: PayeeDestination, id: String, for movement: MovementRow, at now: Moment, _ seals: Seals,
        _ sql: any SQLTransaction
    ) throws {
        try sql.run(
            """
            INSERT INTO payee_destination (id, case_id, movement_id, details_sealed, account_last4, created_ms)
            VALUES ($1, $2, $3, $4, $5, $6)
            """,
            [
                .text(id), .text(movement.caseID), .text(movement.id),
                .bytes(try seals.seal(destination.details, place(id, tenant: movement.merchantID), sql)),
                .text(destination.last4), .int(now.milliseconds),
            ])
    }

    /// The account that was named last for a case's money; nil when there is none.
    ///
    /// - Throws: ``StoreFault``; ``VaultFault`` when the value was changed.
    public static func newest(
        ofCase caseID: String, tenant: String, _ seals: Seals, _ sql: any SQLReading
    ) throws -> (id: String, destination: PayeeDestination, named: Moment)? {
        guard
            let row = try sql.row(
                """
                SELECT   id, details_sealed, created_ms
                FROM     payee_destination
                WHERE    case_id = $1
                ORDER BY created_ms DESC, id DESC
                LIMIT    1
                """, [.text(caseID)])
        else { return nil }
        let id = try row.text("id")
        let details = try seals.openText(row.bytes("details_sealed"), place(id, tenant: tenant), sql) ?? ""
        guard let destination = PayeeDestination(details: details) else {
            throw StoreFault.wrongKind("details_sealed")
        }
        return (id, destination, Moment(milliseconds: try row.int("created_ms")))
    }

    /// An account that was named for a case's money; nil when there is none of that id.
    static func find(
        _ id: String, ofCase caseID: String, tenant: String, _ seals: Seals, _ sql: any SQLReading
    ) throws -> PayeeDestination? {
        let row = try sql.row(
            "SELECT details_sealed FROM payee_destination WHERE id = $1 AND case_id = $2", [.text(id), .text(caseID)])
        guard let row else { return nil }
        let details = try seals.openText(row.bytes("details_sealed"), place(id, tenant: tenant), sql)
        return PayeeDestination(details: details ?? "")
    }

    private static func place(_ id: String, tenant: String) -> SealPlace {
        SealPlace("payee_destination", "details_sealed", row: id, tenant: tenant, .contact)
    }
}
