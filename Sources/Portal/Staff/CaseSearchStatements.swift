/// The look-ups of a search: $1 what is looked for, $2 how many cases, $3 whose, empty for the support desk, which sees
/// every merchant's. Drafts are nobody's but the cardholder's.
enum CaseSearchStatements {
    static let byNumber = """
        SELECT id
        FROM   refund_case
        WHERE  number = $1
        AND    submitted_ms IS NOT NULL
        AND    (CAST($3 AS TEXT) = '' OR merchant_id = $3)
        LIMIT  $2
        """

    static let byLast4 = """
        SELECT   refund_case.id
        FROM     payment
        JOIN     refund_case
        ON       refund_case.payment_id = payment.id
        WHERE    payment.card_last4 = $1
        AND      refund_case.submitted_ms IS NOT NULL
        AND      (CAST($3 AS TEXT) = '' OR refund_case.merchant_id = $3)
        ORDER BY payment.paid_on DESC, refund_case.id
        LIMIT    $2
        """

    static let byReference = """
        SELECT   refund_case.id
        FROM     payment
        JOIN     refund_case
        ON       refund_case.payment_id = payment.id
        WHERE    payment.reference_no = $1
        AND      refund_case.submitted_ms IS NOT NULL
        AND      (CAST($3 AS TEXT) = '' OR refund_case.merchant_id = $3)
        ORDER BY refund_case.id DESC
        LIMIT    $2
        """

    static let byTrace = """
        SELECT   refund_case.id
        FROM     payment
        JOIN     refund_case
        ON       refund_case.payment_id = payment.id
        WHERE    payment.trace_no = $1
        AND      refund_case.submitted_ms IS NOT NULL
        AND      (CAST($3 AS TEXT) = '' OR refund_case.merchant_id = $3)
        ORDER BY refund_case.id DESC
        LIMIT    $2
        """

    static let byTransaction = """
        SELECT   refund_case.id
        FROM     payment
        JOIN     refund_case
        ON       refund_case.payment_id = payment.id
        WHERE    payment.channel_transaction_no = $1
        AND      refund_case.submitted_ms IS NOT NULL
        AND      (CAST($3 AS TEXT) = '' OR refund_case.merchant_id = $3)
        ORDER BY refund_case.id DESC
        LIMIT    $2
        """

    static let byOrder = """
        SELECT   refund_case.id
        FROM     payment
        JOIN     refund_case
        ON       refund_case.payment_id = payment.id
        WHERE    payment.merchant_order_no = $1
        AND      refund_case.submitted_ms IS NOT NULL
        AND      (CAST($3 AS TEXT) = '' OR refund_case.merchant_id = $3)
        ORDER BY refund_case.id DESC
        LIMIT    $2
        """

    static let byEmail = """
        SELECT   id
        FROM     refund_case
        WHERE    email_index = $1
        AND      submitted_ms IS NOT NULL
        AND      (CAST($3 AS TEXT) = '' OR merchant_id = $3)
        ORDER BY id DESC
        LIMIT    $2
        """

    static let byPhone = """
        SELECT   id
        FROM     refund_case
        WHERE    phone_index = $1
        AND      submitted_ms IS NOT NULL
        AND      (CAST($3 AS TEXT) = '' OR merchant_id = $3)
        ORDER BY id DESC
        LIMIT    $2
        """

    static let byName = """
        SELECT   id
        FROM     refund_case
        WHERE    name_index = $1
        AND      submitted_ms IS NOT NULL
        AND      (CAST($3 AS TEXT) = '' OR merchant_id = $3)
        ORDER BY id DESC
        LIMIT    $2
        """

    static let byPaymentNumber = [byReference, byTrace, byTransaction, byOrder]
    static let all = byPaymentNumber + [byNumber, byLast4, byEmail, byPhone, byName]

    /// What a result shows of a case: $1 its id, $2 whose.
    static let line = """
        SELECT refund_case.id, refund_case.number, refund_case.state, refund_case.due_on, refund_case.due_exact,
               refund_case.asked_minor, refund_case.currency, refund_case.reason, refund_case.assignee_id,
               refund_case.submitted_ms, refund_case.merchant_id, merchant.name AS merchant_name,
               merchant.name_en AS merchant_name_en, payment.card_last4, payment.paid_on
        FROM   refund_case
        JOIN   payment
        ON     payment.id = refund_case.payment_id
        JOIN   merchant
        ON     merchant.id = refund_case.merchant_id
        WHERE  refund_case.id = $1
        AND    (CAST($2 AS TEXT) = '' OR refund_case.merchant_id = $2)
        """
}
