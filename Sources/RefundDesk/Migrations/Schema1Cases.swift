extension Schema1 {
    static let cases = [
        """
        CREATE TABLE refund_case (
            id                 TEXT  NOT NULL PRIMARY KEY,
            number             TEXT  NOT NULL UNIQUE,
            merchant_id        TEXT  NOT NULL REFERENCES merchant (id),
            payment_id         TEXT  NOT NULL REFERENCES payment (id),
            state              TEXT  NOT NULL CHECK (state IN ('draft', 'submitted', 'in_review', 'info_needed',
                               'counter_offered', 'approved', 'declined', 'withdrawn', 'closed')),
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
            CHECK (state = 'draft' OR (asked_minor IS NOT NULL AND submission IS NOT NULL AND due_on IS NOT NULL
                   AND submitted_ms IS NOT NULL AND reason IS NOT NULL AND policy_version IS NOT NULL)),
            CHECK (state <> 'declined' OR (decline_reason IS NOT NULL AND remedy IS NOT NULL
                   AND explanation_sealed IS NOT NULL)),
            CHECK (state <> 'counter_offered' OR (offered_minor IS NOT NULL AND offer_until_ms IS NOT NULL
                   AND offer_reason IS NOT NULL AND explanation_sealed IS NOT NULL)),
            CHECK (state <> 'approved' OR (approved_minor IS NOT NULL AND decided_by IS NOT NULL)),
            CHECK (state = 'draft' OR contact_proved_ms IS NOT NULL),
            CHECK ((decided_by IS NULL AND decided_ms IS NULL) OR (decided_by IS NOT NULL AND decided_ms IS NOT NULL))
        ) STRICT
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
        """
        CREATE TABLE question (
            id              TEXT  NOT NULL PRIMARY KEY,
            case_id         TEXT  NOT NULL REFERENCES refund_case (id),
            items           TEXT  NOT NULL,
            question_sealed BYTES NOT NULL,
            answer_sealed   BYTES,
            due_on          TEXT  NOT NULL,
            asked_by        TEXT  NOT NULL REFERENCES staff (id),
            asked_ms        INT64 NOT NULL,
            answered_ms     INT64
        ) STRICT
        """,
        """
        CREATE INDEX question_case ON question (case_id, asked_ms, id)
        """,
        """
        CREATE TABLE proof (
            id            TEXT  NOT NULL PRIMARY KEY,
            case_id       TEXT  NOT NULL REFERENCES refund_case (id),
            kind          TEXT  NOT NULL,
            media_type    TEXT  NOT NULL,
            bytes         INT64 NOT NULL CHECK (bytes > 0),
            sha256        BYTES NOT NULL,
            stored_name   TEXT  NOT NULL UNIQUE,
            key_sealed    BYTES NOT NULL,
            uploaded_by   TEXT  NOT NULL,
            question_id   TEXT  REFERENCES question (id),
            created_ms    INT64 NOT NULL,
            removed_ms    INT64
        ) STRICT
        """,
        """
        CREATE INDEX proof_case ON proof (case_id, created_ms, id)
        """,
        """
        CREATE TABLE note (
            id          TEXT  NOT NULL PRIMARY KEY,
            case_id     TEXT  NOT NULL REFERENCES refund_case (id),
            visibility  TEXT  NOT NULL CHECK (visibility IN ('internal', 'public')),
            text_sealed BYTES NOT NULL,
            staff_id    TEXT  NOT NULL REFERENCES staff (id),
            created_ms  INT64 NOT NULL
        ) STRICT
        """,
        """
        CREATE INDEX note_case ON note (case_id, created_ms, id)
        """,
        """
        CREATE TABLE contact_code (
            id            TEXT  NOT NULL PRIMARY KEY,
            case_id       TEXT  REFERENCES refund_case (id),
            purpose       TEXT  NOT NULL CHECK (purpose IN ('contact', 'track')),
            session_hash  BYTES NOT NULL,
            contact_index BYTES NOT NULL,
            code_hash     BYTES NOT NULL,
            tries_given   INT64 NOT NULL CHECK (tries_given > 0 AND tries_given <= 5),
            tries_left    INT64 NOT NULL CHECK (tries_left >= 0 AND tries_left <= tries_given),
            expires_ms    INT64 NOT NULL,
            used_ms       INT64,
            created_ms    INT64 NOT NULL,
            CHECK (case_id IS NOT NULL OR (purpose = 'track' AND used_ms IS NULL))
        ) STRICT
        """,
        """
        CREATE INDEX contact_code_case ON contact_code (case_id, purpose, created_ms, id)
        """,
        """
        CREATE INDEX contact_code_session ON contact_code (session_hash, purpose, created_ms, id)
        """,
        """
        CREATE INDEX contact_code_contact ON contact_code (contact_index, created_ms, id)
        """,
    ]
}
