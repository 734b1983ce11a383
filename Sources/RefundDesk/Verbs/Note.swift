public import RefundDomain
import Storage

extension Desk {
    /// Adds a note: an internal one for colleagues, or a public one, which is sent to the cardholder as well.
    ///
    /// - Throws: ``Refusal/notFound``, ``Refusal/stale(version:)``, ``Refusal/field(_:_:)``.
    public func addNote(
        _ number: CaseNumber, text: String, visibility: Visibility, version: Int64, by staff: StaffMember
    ) async throws {
        let words = text.trimmed
        guard !words.isEmpty else { throw Refusal.field("note", .missing) }
        try check(words, "note", TextLimits.noteCharactersMax)
        let now = clock()
        let id = try newID()
        let message = try newMessage(.note)
        try await store.write { sql in
            guard let row = try CaseTable.find(number: number, sql), row.wasSent, staff.sees(row.merchantID)
            else { throw Refusal.notFound }
            try requireVersion(version, row)
            try note(words, visibility, on: row, by: staff, id: id, at: now, sql)
            try CaseTable.touch(row.id, at: now, sql)
            if visibility == .public {
                var told = message
                told.values = ["text": words.replacingLineEnds]
                try tell(told, about: row, at: now, sql)
            }
        }
    }

    func note(
        _ text: String, _ visibility: Visibility, on row: CaseRow, by staff: StaffMember, id: String,
        at now: Moment, _ sql: any SQLTransaction
    ) throws {
        let place = SealPlace("note", "text_sealed", row: id, tenant: row.merchantID, .words)
        try sql.run(
            """
            INSERT INTO note (id, case_id, visibility, text_sealed, staff_id, created_ms)
            VALUES ($1, $2, $3, $4, $5, $6)
            """,
            [
                .text(id), .text(row.id), .text(visibility.rawValue),
                .bytes(try seals.seal(Array(text.utf8), place, sql)), .text(staff.id), .int(now.milliseconds),
            ])
        let event = NewEvent(
            stream: row.merchantID, actor: staff.actor, what: "note.added", object: "note", objectID: id,
            caseID: row.id, version: row.version + 1, visibility: visibility, text: text)
        try EventTable.append(event, at: now, seals, sql)
    }
}

extension String {
    /// On one line, for values that are kept a line each.
    fileprivate var replacingLineEnds: String {
        String(map { $0.isNewline ? " " : $0 })
    }
}
