/// Differences with what stands around them: $1 and $2 the key, $3 how many rows; $4 the merchant in those of one.
/// Open ones come oldest first, closed ones newest first; each walks one index from the key on.
enum ReconciliationStatements {
    static let open = """
        SELECT   difference.id, difference.opened_ms AS key_ms, difference.merchant_id, difference.kind,
                 difference.channel, difference.currency, difference.ours_minor, difference.theirs_minor,
                 difference.our_state, difference.their_status, difference.opened_ms, difference.closed_ms,
                 difference.outcome, difference.line_id, difference.movement_id
        FROM     difference
        WHERE    difference.closed_ms IS NULL
        AND      (difference.opened_ms, difference.id) > ($1, $2)
        ORDER BY difference.opened_ms, difference.id
        LIMIT    $3
        """

    static let openOfMerchant = """
        SELECT   difference.id, difference.opened_ms AS key_ms, difference.merchant_id, difference.kind,
                 difference.channel, difference.currency, difference.ours_minor, difference.theirs_minor,
                 difference.our_state, difference.their_status, difference.opened_ms, difference.closed_ms,
                 difference.outcome, difference.line_id, difference.movement_id
        FROM     difference
        WHERE    difference.merchant_id = $4
        AND      difference.closed_ms IS NULL
        AND      (difference.opened_ms, difference.id) > ($1, $2)
        ORDER BY difference.opened_ms, difference.id
        LIMIT    $3
        """

    static let closed = """
        SELECT   difference.id, difference.closed_ms AS key_ms, difference.merchant_id, difference.kind,
                 difference.channel, difference.currency, difference.ours_minor, difference.theirs_minor,
                 difference.our_state, difference.their_status, difference.opened_ms, difference.closed_ms,
                 difference.outcome, difference.line_id, difference.movement_id
        FROM     difference
        WHERE    difference.closed_ms IS NOT NULL
        AND      (difference.closed_ms, difference.id) < ($1, $2)
        ORDER BY difference.closed_ms DESC, difference.id DESC
        LIMIT    $3
        """

    static let closedOfMerchant = """
        SELECT   difference.id, difference.closed_ms AS key_ms, difference.merchant_id, difference.kind,
                 difference.channel, difference.currency, difference.ours_minor, difference.theirs_minor,
                 difference.our_state, difference.their_status, difference.opened_ms, difference.closed_ms,
                 difference.outcome, difference.line_id, difference.movement_id
        FROM     difference
        WHERE    difference.merchant_id = $4
        AND      difference.closed_ms IS NOT NULL
        AND      (difference.closed_ms, difference.id) < ($1, $2)
        ORDER BY difference.closed_ms DESC, difference.id DESC
        LIMIT    $3
        """

    static let one = """
        SELECT difference.id, difference.opened_ms AS key_ms, difference.merchant_id, difference.kind,
               difference.channel, difference.currency, difference.ours_minor, difference.theirs_minor,
               difference.our_state, difference.their_status, difference.opened_ms, difference.closed_ms,
               difference.outcome, difference.line_id, difference.movement_id, difference.closed_by,
               difference.note_sealed, reconciliation.format, reconciliation.from_on, reconciliation.to_on,
               reconciliation.created_ms AS file_ms
        FROM   difference
        JOIN   reconciliation
        ON     reconciliation.id = difference.reconciliation_id
        WHERE  difference.id = $1
        """

    static let line = """
        SELECT line, refund_number, channel_refund_number, transaction_no, refunded_ms
        FROM   reconciliation_line
        WHERE  id = $1
        """

    static let movement = """
        SELECT movement.refund_number, movement.channel_refund_number, movement.sent_ms, refund_case.number
        FROM   movement
        JOIN   refund_case
        ON     refund_case.id = movement.case_id
        WHERE  movement.id = $1
        """

    static let merchant = "SELECT id, name, name_en, zone FROM merchant WHERE id = $1"
}
