/// The queue's statements. Each walks one index from the page's key on, so that a page costs the same wherever it
/// lies among however many cases.
///
/// $1 merchant, $2 state, $3 and $4 the key, $5 the last moment of sending, $6 how many rows. Walking forwards, $7 is
/// the first promised date that is too late; walking backwards the key itself begins below it. The last one is the
/// assignee where one is asked for.
enum QueueStatements {
    static let all = """
        SELECT   id, number, state, due_on, due_exact, asked_minor, currency, reason, assignee_id, submitted_ms
        FROM     refund_case
        WHERE    merchant_id = $1
        AND      state = $2
        AND      (due_on, id) > ($3, $4)
        AND      due_on < $7
        AND      submitted_ms <= $5
        ORDER BY due_on, id
        LIMIT    $6
        """

    static let allLatest = """
        SELECT   id, number, state, due_on, due_exact, asked_minor, currency, reason, assignee_id, submitted_ms
        FROM     refund_case
        WHERE    merchant_id = $1
        AND      state = $2
        AND      (due_on, id) < ($3, $4)
        AND      submitted_ms <= $5
        ORDER BY due_on DESC, id DESC
        LIMIT    $6
        """

    static let assigned = """
        SELECT   id, number, state, due_on, due_exact, asked_minor, currency, reason, assignee_id, submitted_ms
        FROM     refund_case
        WHERE    merchant_id = $1
        AND      assignee_id = $8
        AND      state = $2
        AND      (due_on, id) > ($3, $4)
        AND      due_on < $7
        AND      submitted_ms <= $5
        ORDER BY due_on, id
        LIMIT    $6
        """

    static let assignedLatest = """
        SELECT   id, number, state, due_on, due_exact, asked_minor, currency, reason, assignee_id, submitted_ms
        FROM     refund_case
        WHERE    merchant_id = $1
        AND      assignee_id = $7
        AND      state = $2
        AND      (due_on, id) < ($3, $4)
        AND      submitted_ms <= $5
        ORDER BY due_on DESC, id DESC
        LIMIT    $6
        """

    static let unassigned = """
        SELECT   id, number, state, due_on, due_exact, asked_minor, currency, reason, assignee_id, submitted_ms
        FROM     refund_case
        WHERE    merchant_id = $1
        AND      assignee_id IS NULL
        AND      state = $2
        AND      (due_on, id) > ($3, $4)
        AND      due_on < $7
        AND      submitted_ms <= $5
        ORDER BY due_on, id
        LIMIT    $6
        """

    static let unassignedLatest = """
        SELECT   id, number, state, due_on, due_exact, asked_minor, currency, reason, assignee_id, submitted_ms
        FROM     refund_case
        WHERE    merchant_id = $1
        AND      assignee_id IS NULL
        AND      state = $2
        AND      (due_on, id) < ($3, $4)
        AND      submitted_ms <= $5
        ORDER BY due_on DESC, id DESC
        LIMIT    $6
        """

    /// How many cases are in a state; counting stops at $3. The order is the index's, so that no planner reads the
    /// table.
    static let count = """
        SELECT COUNT(*) AS counted
        FROM   (SELECT   id
                FROM     refund_case
                WHERE    merchant_id = $1
                AND      state = $2
                AND      due_on >= ''
                ORDER BY due_on, id
                LIMIT    $3) AS found
        """

    static let everyPage = [all, allLatest, assigned, assignedLatest, unassigned, unassignedLatest]
}
