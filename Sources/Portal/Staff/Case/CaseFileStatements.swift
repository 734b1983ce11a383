/// The statements of a case's page. The first two tell which case a scope may see; the others read what belongs to it.
enum CaseFileStatements {
    /// $1 number, $2 merchant.
    static let ofMerchant = """
        SELECT id
        FROM   refund_case
        WHERE  number = $1
        AND    merchant_id = $2
        AND    submitted_ms IS NOT NULL
        """

    /// $1 number; for the support desk only.
    static let ofAnyMerchant = """
        SELECT id
        FROM   refund_case
        WHERE  number = $1
        AND    submitted_ms IS NOT NULL
        """

    static let head = """
        SELECT id, number, merchant_id, payment_id, state, version, look_up, language, reason, details_sealed, currency,
               asked_minor, offered_minor, approved_minor, offer_until_ms, offer_reason, name_sealed, email_sealed,
               phone_sealed, assignee_id, due_on, due_exact, decline_reason, remedy, explanation_sealed, decided_by,
               decided_ms, submitted_ms, first_by, first_ms, proposed_minor, undo_until_ms, appeal_until_ms,
               appealed_ms, escalated_ms
        FROM   refund_case
        WHERE  id = $1
        """

    static let merchant = """
        SELECT id, name, name_en, zone
        FROM   merchant
        WHERE  id = $1
        """

    /// $1 payment, $2 merchant.
    static let payment = """
        SELECT channel, currency, amount_minor, fee_minor, fee_given_back_minor, refunded_elsewhere_minor,
               refunded_elsewhere_count, refunded_minor, open_minor, paid_at_ms, paid_on, card_last4, card_kind, issuer,
               terminal_no, batch_no, trace_no, reference_no, auth_code, channel_transaction_no, merchant_order_no,
               settled_on, voided_ms
        FROM   payment
        WHERE  id = $1
        AND    merchant_id = $2
        """

    static let hold = """
        SELECT currency, cost_minor, held_minor
        FROM   hold
        WHERE  case_id = $1
        """

    static let movements = """
        SELECT   id, state, currency, gross_minor, fee_given_back_minor, refund_number, channel_refund_number,
                 destination_text, last_code, attempts, queries, sent_ms, settled_ms, last_checked_ms, next_check_ms,
                 expected_from, expected_on, expected_exact, changed_ms, taken_minor, cost_currency, cost_minor,
                 handling_fee_minor, fee_bearer, exchange_rate, exchange_spent_minor, source, route, replaces_id,
                 corrects_id, overdue_ms, return_code, bank_reference
        FROM     movement
        WHERE    case_id = $1
        ORDER BY sequence DESC, id
        LIMIT    50
        """

    static let blocks = """
        SELECT   id, kind, reference, currency, amount_minor, opened_by, opened_ms
        FROM     block
        WHERE    payment_id = $1
        AND      closed_ms IS NULL
        ORDER BY opened_ms, id
        LIMIT    20
        """

    static let proofs = """
        SELECT    proof.id, proof.kind, proof.media_type, proof.bytes, proof.uploaded_by, proof.created_ms,
                  proof.verdict, proof.verdict_by, proof_check.scan, proof_check.scan_word, proof_check.drawing,
                  proof_check.shown_count, proof_check.page_count
        FROM      proof
        LEFT JOIN proof_check
        ON        proof_check.id = proof.id
        WHERE     proof.case_id = $1
        AND       proof.removed_ms IS NULL
        ORDER BY  proof.created_ms, proof.id
        LIMIT     50
        """

    /// Requests that were sent with a file like one of this case's; same files first.
    static let proofMatches = """
        SELECT   proof_match.proof_id, proof_match.kind, refund_case.number
        FROM     proof
        JOIN     proof_match
        ON       proof_match.proof_id = proof.id
        JOIN     proof AS other
        ON       other.id = proof_match.other_id
        AND      other.removed_ms IS NULL
        JOIN     refund_case
        ON       refund_case.id = other.case_id
        AND      refund_case.submitted_ms IS NOT NULL
        WHERE    proof.case_id = $1
        ORDER BY proof_match.proof_id, proof_match.kind DESC, refund_case.number, proof_match.other_id
        LIMIT    100
        """

    static let questions = """
        SELECT   id, items, question_sealed, answer_sealed, due_on, asked_ms, answered_ms
        FROM     question
        WHERE    case_id = $1
        ORDER BY asked_ms DESC, id DESC
        LIMIT    50
        """

    static let notes = """
        SELECT   note.id, note.visibility, note.text_sealed, note.staff_id, note.created_ms, staff.role
        FROM     note
        JOIN     staff
        ON       staff.id = note.staff_id
        WHERE    note.case_id = $1
        ORDER BY note.created_ms DESC, note.id DESC
        LIMIT    100
        """

    static let events = """
        SELECT   stream, number, at_ms, actor, actor_id, role, what, transition, version, facts, visibility, text_sealed
        FROM     event
        WHERE    case_id = $1
        ORDER BY at_ms DESC, number DESC
        LIMIT    300
        """

    /// $1 payment, $2 this case.
    static let siblings = """
        SELECT   number, state, currency, asked_minor, approved_minor, submitted_ms
        FROM     refund_case
        WHERE    payment_id = $1
        AND      id <> $2
        AND      submitted_ms IS NOT NULL
        ORDER BY id DESC
        LIMIT    20
        """

    static let attempts = """
        SELECT   attempt.number, attempt.started_ms, attempt.ended_ms, attempt.verdict, attempt.code,
                 movement.refund_number
        FROM     attempt
        JOIN     movement
        ON       movement.id = attempt.movement_id
        WHERE    movement.case_id = $1
        ORDER BY attempt.started_ms DESC, attempt.movement_id, attempt.number DESC
        LIMIT    100
        """

    static let postings = """
        SELECT   posting.id, posting.kind, posting.created_ms, posting_line.debit_account, posting_line.credit_account,
                 posting_line.currency, posting_line.amount_minor
        FROM     posting
        JOIN     posting_line
        ON       posting_line.posting_id = posting.id
        WHERE    posting.case_id = $1
        ORDER BY posting.created_ms DESC, posting.id DESC, posting_line.line
        LIMIT    200
        """

    static let messages = """
        SELECT   id, kind, language, medium, created_ms, sent_ms
        FROM     message
        WHERE    case_id = $1
        ORDER BY created_ms DESC, id DESC
        LIMIT    100
        """
}
