import RefundDomain
import Storage

extension Desk {
    /// Takes a signed notice of a channel that wants to be asked before its notices are believed: the query that is
    /// planned anyway is asked at once. The same notice again changes nothing.
    ///
    /// A movement that is still being sent is left alone: its answer, or the query that follows a lost one, is near.
    public func askAfterNotice(_ noticeID: String, of movementID: String) async throws {
        let now = clock()
        try await store.write { sql in
            guard let movement = try MovementTable.find(movementID, sql),
                try NoticeTable.take(noticeID, of: movement, at: now, sql),
                movement.state.isWithChannel, movement.state != .sending
            else { return }
            guard try OutboxTable.hasten(.queryMovement, ofMovement: movement.id, at: now, sql) else { return }
            try MovementTable.setNextCheck(now, of: movement.id, sql)
        }
    }
}

/// SQL on the notices that channels sent.
enum NoticeTable {
    /// Writes a notice down; false when it was taken before.
    static func take(
        _ noticeID: String, of movement: MovementRow, at now: Moment, _ sql: any SQLTransaction
    ) throws -> Bool {
        try sql.run(
            """
            INSERT INTO channel_notice (account_id, notice_id, movement_id, received_ms)
            VALUES ($1, $2, $3, $4)
            ON CONFLICT (account_id, notice_id) DO NOTHING
            """,
            [.text(movement.accountID), .text(noticeID), .text(movement.id), .int(now.milliseconds)]) == 1
    }
}
