/// What the second migration says to PostgreSQL, whose tables can be changed where they stand.
extension Schema2 {
    static let postgres = [
        """
        ALTER TABLE refund_case
            ADD COLUMN first_by TEXT REFERENCES staff (id),
            ADD COLUMN first_ms INT64,
            ADD COLUMN proposed_minor INT64 CHECK (proposed_minor > 0 AND proposed_minor <= asked_minor),
            ADD COLUMN rule TEXT,
            ADD COLUMN undo_until_ms INT64,
            ADD COLUMN appeal_until_ms INT64,
            ADD COLUMN appealed_ms INT64,
            ADD COLUMN escalated_ms INT64,
            ADD COLUMN handling_fee_minor INT64 CHECK (handling_fee_minor >= 0),
            ADD COLUMN fee_bearer TEXT,
            ADD COLUMN quote_rate TEXT,
            ADD COLUMN quote_currency TEXT,
            ADD COLUMN quote_minor INT64 CHECK (quote_minor >= 0)
        """,
        """
        ALTER TABLE refund_case DROP CONSTRAINT refund_case_state_check
        """,
        """
        ALTER TABLE refund_case DROP CONSTRAINT refund_case_check2
        """,
        """
        ALTER TABLE refund_case DROP CONSTRAINT refund_case_check5
        """,
        """
        ALTER TABLE refund_case DROP CONSTRAINT refund_case_check6
        """,
        """
        ALTER TABLE refund_case
            ADD CHECK (state IN ('draft', 'submitted', 'in_review', 'info_needed', 'counter_offered',
                'awaiting_second', 'approved', 'declined', 'appealed',
            'withdrawn', 'expired', 'closed'))
        """,
        """
        ALTER TABLE refund_case
            ADD CHECK (state IN ('draft', 'expired') OR (asked_minor IS NOT NULL AND submission IS NOT NULL
            AND due_on IS NOT NULL AND submitted_ms IS NOT NULL AND reason IS NOT NULL
            AND policy_version IS NOT NULL))
        """,
        """
        ALTER TABLE refund_case
            ADD CHECK (state <> 'approved' OR (approved_minor IS NOT NULL
            AND (decided_by IS NOT NULL OR rule IS NOT NULL)))
        """,
        """
        ALTER TABLE refund_case
            ADD CHECK (state IN ('draft', 'expired') OR contact_proved_ms IS NOT NULL)
        """,
        """
        ALTER TABLE refund_case
            ADD CHECK (state <> 'awaiting_second' OR (first_by IS NOT NULL AND first_ms IS NOT NULL
            AND proposed_minor IS NOT NULL))
        """,
        """
        ALTER TABLE movement
            ADD COLUMN taken_minor INT64 NOT NULL DEFAULT 0 CHECK (taken_minor >= 0),
            ADD COLUMN cost_currency TEXT,
            ADD COLUMN cost_minor INT64 CHECK (cost_minor >= 0),
            ADD COLUMN handling_fee_minor INT64 NOT NULL DEFAULT 0 CHECK (handling_fee_minor >= 0),
            ADD COLUMN fee_bearer TEXT,
            ADD COLUMN exchange_rate TEXT,
            ADD COLUMN exchange_spent_minor INT64 CHECK (exchange_spent_minor >= 0),
            ADD COLUMN source TEXT NOT NULL DEFAULT 'hold' CHECK (source IN ('hold', 'returned')),
            ADD COLUMN route TEXT NOT NULL DEFAULT 'original' CHECK (route IN ('original', 'bank-card', 'void')),
            ADD COLUMN destination_sealed BYTES,
            ADD COLUMN replaces_id TEXT,
            ADD COLUMN corrects_id TEXT,
            ADD COLUMN expected_exact INT64,
            ADD COLUMN overdue_ms INT64,
            ADD COLUMN unknown_since_ms INT64,
            ADD COLUMN arrived_ms INT64,
            ADD COLUMN returned_ms INT64,
            ADD COLUMN return_code TEXT,
            ADD COLUMN bank_reference TEXT
        """,
        """
        ALTER TABLE movement DROP CONSTRAINT movement_state_check
        """,
        """
        ALTER TABLE movement DROP CONSTRAINT movement_check1
        """,
        """
        ALTER TABLE movement DROP CONSTRAINT movement_check2
        """,
        """
        ALTER TABLE movement
            ADD CHECK (state IN ('planned', 'waiting_funds', 'ready', 'sending', 'unknown', 'accepted',
                'at_bank', 'needs_payee_action', 'succeeded',
            'arrived', 'failed', 'returned', 'rerouted', 'given_back', 'given_outside', 'unclaimed', 'cancelled'))
        """,
        """
        UPDATE movement
        SET    taken_minor = gross_minor, cost_currency = currency,
               cost_minor = gross_minor - fee_given_back_minor
        """,
        """
        ALTER TABLE movement
            ADD CHECK (fee_given_back_minor <= gross_minor OR cost_currency <> currency)
        """,
        """
        ALTER TABLE movement
            ADD CHECK (taken_minor >= gross_minor)
        """,
        """
        ALTER TABLE movement
            ADD CHECK (route <> 'bank-card' OR destination_sealed IS NOT NULL)
        """,
        """
        ALTER TABLE movement
            ADD CHECK (source = 'hold' OR replaces_id IS NOT NULL)
        """,
        """
        ALTER TABLE movement
            ADD CHECK (state NOT IN ('sending', 'unknown', 'accepted', 'at_bank', 'needs_payee_action',
                'succeeded', 'arrived',
            'failed', 'returned', 'rerouted', 'given_back', 'unclaimed') OR (attempts > 0 AND sent_ms IS NOT NULL))
        """,
        """
        ALTER TABLE payment
            ADD COLUMN disputed_minor INT64 NOT NULL DEFAULT 0 CHECK (disputed_minor >= 0),
            ADD COLUMN settlement_currency TEXT,
            ADD COLUMN settlement_minor INT64 CHECK (settlement_minor > 0)
        """,
        """
        ALTER TABLE payment DROP CONSTRAINT payment_check1
        """,
        """
        ALTER TABLE payment
            ADD CHECK (refunded_elsewhere_minor + open_minor + refunded_minor + disputed_minor <= amount_minor)
        """,
        """
        ALTER TABLE payment
            ADD CHECK ((settlement_currency IS NULL AND settlement_minor IS NULL)
            OR (settlement_currency IS NOT NULL AND settlement_minor IS NOT NULL))
        """,
        """
        ALTER TABLE balance DROP CONSTRAINT balance_balance_minor_check
        """,
        """
        ALTER TABLE balance
            ADD CHECK (balance_minor >= 0 OR account IN ('fx.position', 'fx.difference'))
        """,
    ]
}
