/// The second schema: the rest of a case's life, its money and the rules it goes by.
enum Schema2 {
    static let sqlite = casesOnSQLite + movementsOnSQLite + paymentsOnSQLite

    static let both = [
        """
        ALTER TABLE proof ADD COLUMN verdict TEXT
        """,
        """
        ALTER TABLE proof ADD COLUMN verdict_by TEXT REFERENCES staff (id)
        """,
        """
        ALTER TABLE proof ADD COLUMN verdict_ms INT64
        """,
        """
        ALTER TABLE question ADD COLUMN reminders INT64 NOT NULL DEFAULT 0
        """,
        """
        ALTER TABLE refund_case ADD COLUMN due_exact INT64
        """,
        """
        ALTER TABLE movement ADD COLUMN expected_from TEXT
        """,
        """
        CREATE INDEX refund_case_assigned ON refund_case (assignee_id, state, id)
        """,
        """
        CREATE INDEX outbox_case ON outbox (case_id, kind, id)
        """,
        """
        CREATE INDEX movement_replaces ON movement (replaces_id, id) WHERE replaces_id IS NOT NULL
        """,
        """
        CREATE INDEX movement_expected ON movement (state, expected_on, id)
        """,
        """
        CREATE INDEX movement_overdue ON movement (overdue_ms, id) WHERE overdue_ms IS NOT NULL
        """,
        """
        CREATE INDEX refund_case_escalated ON refund_case (state, escalated_ms, id) WHERE escalated_ms IS NOT NULL
        """,
        """
        CREATE INDEX refund_case_day ON refund_case (merchant_id, submitted_ms)
        """,
        """
        CREATE INDEX movement_day ON movement (merchant_id, created_ms)
        """,
        """
        CREATE TABLE working_year (
            region       TEXT  NOT NULL,
            year         INT64 NOT NULL CHECK (year >= 2000 AND year <= 2100),
            source       TEXT  NOT NULL,
            holidays     TEXT  NOT NULL,
            make_up_days TEXT  NOT NULL,
            loaded_ms    INT64 NOT NULL,
            PRIMARY KEY (region, year)
        ) STRICT
        """,
        """
        CREATE TABLE policy (
            id          TEXT  NOT NULL PRIMARY KEY,
            merchant_id TEXT  NOT NULL REFERENCES merchant (id),
            number      INT64 NOT NULL CHECK (number > 0),
            rules       TEXT  NOT NULL,
            from_on     TEXT  NOT NULL,
            state       TEXT  NOT NULL CHECK (state IN ('proposed', 'confirmed', 'refused')),
            proposed_by TEXT  NOT NULL REFERENCES staff (id),
            proposed_ms INT64 NOT NULL,
            decided_by  TEXT  REFERENCES staff (id) CHECK (decided_by <> proposed_by),
            decided_ms  INT64,
            UNIQUE (merchant_id, number),
            CHECK (state = 'proposed' OR (decided_by IS NOT NULL AND decided_ms IS NOT NULL))
        ) STRICT
        """,
        """
        CREATE INDEX policy_in_force ON policy (merchant_id, state, from_on, number)
        """,
        """
        CREATE TABLE joint_proposal (
            id                 TEXT  NOT NULL PRIMARY KEY,
            merchant_id        TEXT  NOT NULL REFERENCES merchant (id),
            case_id            TEXT  NOT NULL REFERENCES refund_case (id),
            movement_id        TEXT  REFERENCES movement (id),
            action             TEXT  NOT NULL,
            facts              TEXT  NOT NULL,
            evidence_sealed    BYTES NOT NULL,
            destination_sealed BYTES,
            state              TEXT  NOT NULL CHECK (state IN ('open', 'confirmed', 'refused')),
            proposed_by        TEXT  NOT NULL REFERENCES staff (id),
            proposer_role      TEXT  NOT NULL,
            proposed_ms        INT64 NOT NULL,
            decided_by         TEXT  REFERENCES staff (id),
            decided_ms         INT64,
            CHECK (state = 'open' OR (decided_by IS NOT NULL AND decided_ms IS NOT NULL)),
            CHECK (state <> 'confirmed' OR decided_by <> proposed_by)
        ) STRICT
        """,
        """
        CREATE UNIQUE INDEX joint_proposal_open ON joint_proposal (case_id) WHERE state = 'open'
        """,
        """
        CREATE INDEX joint_proposal_case ON joint_proposal (case_id, proposed_ms, id)
        """,
        """
        CREATE INDEX joint_proposal_state ON joint_proposal (state, proposed_ms, id)
        """,
        """
        CREATE TABLE payee_destination (
            id             TEXT  NOT NULL PRIMARY KEY,
            case_id        TEXT  NOT NULL REFERENCES refund_case (id),
            movement_id    TEXT  NOT NULL REFERENCES movement (id),
            details_sealed BYTES NOT NULL,
            account_last4  TEXT  NOT NULL,
            created_ms     INT64 NOT NULL
        ) STRICT
        """,
        """
        CREATE INDEX payee_destination_case ON payee_destination (case_id, created_ms, id)
        """,
        """
        CREATE TABLE block (
            id           TEXT  NOT NULL PRIMARY KEY,
            merchant_id  TEXT  NOT NULL REFERENCES merchant (id),
            payment_id   TEXT  NOT NULL REFERENCES payment (id),
            kind         TEXT  NOT NULL,
            reference    TEXT  NOT NULL,
            currency     TEXT  NOT NULL,
            amount_minor INT64 NOT NULL CHECK (amount_minor >= 0),
            counted_minor INT64 NOT NULL CHECK (counted_minor >= 0 AND counted_minor <= amount_minor),
            held_minor   INT64 NOT NULL CHECK (held_minor >= 0),
            note_sealed  BYTES,
            opened_by    TEXT  REFERENCES staff (id),
            opened_ms    INT64 NOT NULL,
            outcome      TEXT  CHECK (outcome IN ('won', 'lost', 'lifted')),
            closed_by    TEXT  REFERENCES staff (id),
            closed_ms    INT64,
            UNIQUE (merchant_id, kind, reference),
            CHECK ((outcome IS NULL AND closed_ms IS NULL) OR (outcome IS NOT NULL AND closed_ms IS NOT NULL))
        ) STRICT
        """,
        """
        CREATE INDEX block_payment ON block (payment_id, closed_ms, id)
        """,
        """
        CREATE INDEX block_open ON block (closed_ms, opened_ms, id)
        """,
        """
        CREATE TABLE enquiry (
            id             TEXT  NOT NULL PRIMARY KEY,
            case_id        TEXT  NOT NULL REFERENCES refund_case (id),
            movement_id    TEXT  REFERENCES movement (id),
            kind           TEXT  NOT NULL CHECK (kind IN ('wrong-amount', 'not-arrived')),
            expected_minor INT64 CHECK (expected_minor > 0),
            details_sealed BYTES,
            answer_sealed  BYTES,
            opened_ms      INT64 NOT NULL,
            answered_by    TEXT  REFERENCES staff (id),
            answered_ms    INT64
        ) STRICT
        """,
        """
        CREATE INDEX enquiry_case ON enquiry (case_id, opened_ms, id)
        """,
        """
        CREATE INDEX enquiry_open ON enquiry (answered_ms, opened_ms, id)
        """,
    ]
}
