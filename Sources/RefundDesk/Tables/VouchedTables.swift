extension Vouched {
    /// Tables whose rows have an event of their own. What a case, its money and its hold are is vouched for by
    /// ``VouchedCase``, questions, proofs and accounts by ``VouchedGroup``, payments by ``VouchedImport``.
    static let all = merchantsAndMoney + payouts

    private static let merchantsAndMoney = [
        Vouched(
            table: "merchant", object: "merchant", events: ["merchant.added"],
            fixed: ["id", "code", "name", "name_en", "zone", "currency", "phone", "created_ms"]),
        Vouched(
            table: "terminal", object: "terminal", events: ["terminal.added"],
            fixed: ["id", "merchant_id", "terminal_no", "family", "refunds", "store", "created_ms"]),
        Vouched(
            table: "channel_account", object: "account",
            events: ["account.added", "account.changed", "account.stopped"],
            fixed: ["id", "merchant_id", "channel", "name", "merchant_number", "callback_name", "created_ms"],
            changing: ["settings_sealed", "stopped_reason"]),
        Vouched(
            table: "staff", object: "staff",
            events: [
                "staff.added", "staff.joined", "staff.began-anew", "staff.role-changed", "staff.shut-out",
                "staff.let-in", "staff.password-changed", "staff.password-rehashed", "staff.authenticator-changed",
                "staff.recovery-renewed", "staff.recovery-used",
            ],
            fixed: ["id", "email_index", "email_sealed", "merchant_id", "created_ms"],
            changing: ["role", "password_hash", "code_sealed", "recovery_hashes", "left_ms"]),
        Vouched(
            table: "staff_invitation", object: "invitation",
            events: [
                "invitation.made", "invitation.proposed", "invitation.confirmed", "invitation.ended",
                "invitation.done",
            ],
            fixed: [
                "id", "tenant", "kind", "email_index", "email_sealed", "role", "language", "secret_sealed", "made_by",
                "made_ms",
            ], changing: ["state", "staff_id", "link_hash", "expires_ms", "decided_by", "ended_ms"]),
        Vouched(
            table: "statement_import", object: "import", events: ["payments.imported"],
            fixed: [
                "id", "merchant_id", "format", "read_count", "new_count", "known_count", "bad_count", "created_ms",
            ]),
        Vouched(
            table: "proof_check", object: "proof-check", events: ["proof.examined"],
            fixed: ["id", "case_id", "merchant_id", "digest", "created_ms"],
            changing: ["scan", "scan_word", "drawing", "shown_count", "page_count", "examined_ms"]),
        Vouched(
            table: "note", object: "note", events: ["note.added"],
            fixed: ["id", "case_id", "visibility", "text_sealed", "staff_id", "created_ms"]),
        Vouched(
            table: "policy", object: "policy", events: ["policy.proposed", "policy.confirmed", "policy.refused"],
            fixed: ["id", "merchant_id", "number", "rules", "from_on", "proposed_by", "proposed_ms"],
            changing: ["state", "decided_by", "decided_ms"]),
        Vouched(
            table: "joint_proposal", object: "proposal",
            events: ["joint.proposed", "joint.confirmed", "joint.refused"],
            fixed: [
                "id", "merchant_id", "case_id", "movement_id", "action", "facts", "evidence_sealed",
                "destination_sealed", "proposed_by", "proposer_role", "proposed_ms",
            ], changing: ["state", "decided_by", "decided_ms"]),
        Vouched(
            table: "block", object: "block", events: ["payment.blocked", "payment.unblocked"],
            fixed: [
                "id", "merchant_id", "payment_id", "kind", "reference", "currency", "amount_minor", "counted_minor",
                "held_minor", "note_sealed", "opened_by", "opened_ms",
            ], changing: ["outcome", "closed_by", "closed_ms"]),
        Vouched(
            table: "enquiry", object: "enquiry",
            events: ["enquiry.not-arrived", "enquiry.wrong-amount", "enquiry.answered"],
            fixed: ["id", "case_id", "movement_id", "kind", "expected_minor", "details_sealed", "opened_ms"],
            changing: ["answered_by", "answer_sealed"]),
        Vouched(
            table: "reconciliation", object: "reconciliation", events: ["refunds.reconciled"],
            fixed: [
                "id", "merchant_id", "format", "digest", "from_on", "to_on", "read_count", "refund_count", "created_ms",
            ]),
        Vouched(
            table: "difference", object: "difference",
            events: ["difference.opened", "difference.fits", "difference.explained"],
            fixed: [
                "id", "merchant_id", "reconciliation_id", "channel", "kind", "line_id", "movement_id", "currency",
                "ours_minor", "theirs_minor", "our_state", "their_status", "opened_ms",
            ], changing: ["outcome", "closed_by", "closed_ms", "note_sealed"]),
    ]

    /// Batches that people pay, their orders, and the banks' files about them.
    private static let payouts = [
        Vouched(
            table: "payout_batch", object: "batch", events: ["batch.made", "batch.released", "batch.discarded"],
            fixed: [
                "id", "number", "merchant_id", "account_id", "currency", "item_count", "total_minor", "made_by",
                "made_ms",
            ], changing: ["state", "decided_by", "decided_ms"]),
        Vouched(
            table: "payout_item", object: "order", events: ["order.batched", "order.unbatched", "order.answered"],
            fixed: [
                "id", "batch_id", "merchant_id", "case_id", "movement_id", "line", "gross_minor", "created_ms",
            ], changing: ["dropped_ms", "answer_id", "answer_line", "result", "bank_reference", "paid_on"]),
        Vouched(
            table: "payout_answer", object: "bank-answer",
            events: ["bank-answer.brought", "bank-answer.confirmed", "bank-answer.refused"],
            fixed: ["id", "batch_id", "merchant_id", "digest", "answer_lines", "brought_by", "brought_ms"],
            changing: ["state", "decided_by", "decided_ms"]),
    ]
}
