/// What the second migration builds anew on SQLite, which cannot change a table's checks: the columns that
/// ``postgres`` adds, in the same order.
extension Schema2 {
    static let casesOnSQLite = [
        """
        CREATE TABLE refund_case_new (
            id                 TEXT  NOT NULL PRIMARY KEY,
            number             TEXT  NOT NULL UNIQUE,
            merchant_id        TEXT  NOT NULL REFERENCES merchant (id),
            payment_id         TEXT  NOT NULL REFERENCES payment (id),
            state              TEXT  NOT NULL CHECK (state IN ('draft', 'submitted', 'in_review', 'info_needed',
                               'counter_offered', 'awaiting_second', 'approved', 'declined', 'appealed', 'withdrawn',
                               'expired', 'closed')),
            version            INT64 NOT NULL CHECK (version > 0),
            intake             TEXT  NOT NULL,
            look_up            TEXT  NOT NULL,
            language           TEXT  NOT NULL,
            reason             TEXT,
            details_sealed     BYTES,
            currency           TEXT  NOT NULL,
            asked_minor        INT64 CHECK (asked_minor > 0),
            offered_minor      INT64 CHECK (offered_minor > 0 AND offered_minor < asked_minor),
            approved_minor     INT64 CHECK (approved_minor > 0 AND approved_minor <= asked_minor),
            name_sealed        BYTES,
            email_sealed       BYTES,
            phone_sealed       BYTES,
            name_index         BYTES,
            email_index        BYTES,
            phone_index        BYTES,
            contact_proved_ms  INT64,
            consent_version    TEXT,
            terms_version      TEXT,
            policy_version     TEXT,
            submission         TEXT  UNIQUE,
            link_hash          BYTES UNIQUE,
            link_sealed        BYTES,
            assignee_id        TEXT  REFERENCES staff (id),
            flag               TEXT,
            due_on             TEXT,
            offer_until_ms     INT64,
            offer_reason       TEXT,
            decline_reason     TEXT,
            remedy             TEXT,
            explanation_sealed BYTES,
            decided_by         TEXT  REFERENCES staff (id),
            decided_ms         INT64,
            submitted_ms       INT64,
            created_ms         INT64 NOT NULL,
            changed_ms         INT64 NOT NULL,
            first_by           TEXT  REFERENCES staff (id),
            first_ms           INT64,
            proposed_minor     INT64 CHECK (proposed_minor > 0 AND proposed_minor <= asked_minor),
            rule               TEXT,
            undo_until_ms      INT64,
            appeal_until_ms    INT64,
            appealed_ms        INT64,
            escalated_ms       INT64,
            handling_fee_minor INT64 CHECK (handling_fee_minor >= 0),
            fee_bearer         TEXT,
            quote_rate         TEXT,
            quote_currency     TEXT,
            quote_minor        INT64 CHECK (quote_minor >= 0),
            CHECK (state <> 'declined' OR (decline_reason IS NOT NULL AND remedy IS NOT NULL
                   AND explanation_sealed IS NOT NULL)),
            CHECK (state <> 'counter_offered' OR (offered_minor IS NOT NULL AND offer_until_ms IS NOT NULL
                   AND offer_reason IS NOT NULL AND explanation_sealed IS NOT NULL)),
            CHECK ((decided_by IS NULL AND decided_ms IS NULL) OR (decided_by IS NOT NULL AND decided_ms IS NOT NULL)),
            CHECK (state IN ('draft', 'expired') OR (asked_minor IS NOT NULL AND submission IS NOT NULL
                   AND due_on IS NOT NULL AND submitted_ms IS NOT NULL AND reason IS NOT NULL
                   AND policy_version IS NOT NULL)),
            CHECK (state <> 'approved' OR (approved_minor IS NOT NULL
                   AND (decided_by IS NOT NULL OR rule IS NOT NULL))),
            CHECK (state IN ('draft', 'expired') OR contact_proved_ms IS NOT NULL),
            CHECK (state <> 'awaiting_second' OR (first_by IS NOT NULL AND first_ms IS NOT NULL
                   AND proposed_minor IS NOT NULL))
        ) STRICT
        """,
        """
        INSERT INTO refund_case_new (
            id, number, merchant_id, payment_id, state, version, intake, look_up, language, reason,
            details_sealed, currency, asked_minor, offered_minor, approved_minor, name_sealed, email_sealed,
            phone_sealed, name_index, email_index, phone_index, contact_proved_ms, consent_version,
            terms_version, policy_version, submission, link_hash, link_sealed, assignee_id, flag, due_on,
            offer_until_ms, offer_reason, decline_reason, remedy, explanation_sealed, decided_by, decided_ms,
            submitted_ms, created_ms, changed_ms
        )
        SELECT
            id, number, merchant_id, payment_id, state, version, intake, look_up, language, reason,
            details_sealed, currency, asked_minor, offered_minor, approved_minor, name_sealed, email_sealed,
            phone_sealed, name_index, email_index, phone_index, contact_proved_ms, consent_version,
            terms_version, policy_version, submission, link_hash, link_sealed, assignee_id, flag, due_on,
            offer_until_ms, offer_reason, decline_reason, remedy, explanation_sealed, decided_by, decided_ms,
            submitted_ms, created_ms, changed_ms
        FROM refund_case
        """,
        """
        DROP TABLE refund_case
        """,
        """
        ALTER TABLE refund_case_new RENAME TO refund_case
        """,
        """
        CREATE INDEX refund_case_queue ON refund_case (merchant_id, state, due_on, id)
        """,
        """
        CREATE INDEX refund_case_assignee ON refund_case (merchant_id, assignee_id, state, due_on, id)
        """,
        """
        CREATE INDEX refund_case_payment ON refund_case (payment_id, id)
        """,
        """
        CREATE INDEX refund_case_name ON refund_case (name_index)
        """,
        """
        CREATE INDEX refund_case_email ON refund_case (email_index)
        """,
        """
        CREATE INDEX refund_case_phone ON refund_case (phone_index)
        """,
        """
        CREATE INDEX refund_case_changed ON refund_case (state, changed_ms, id)
        """,
    ]
}
