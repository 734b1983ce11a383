extension Schema3 {
    /// Batches of refunds that people pay by a file, and the banks' files that say how they ended.
    static let payouts = [
        """
        CREATE TABLE payout_batch (
            id          TEXT  NOT NULL PRIMARY KEY,
            number      TEXT  NOT NULL UNIQUE,
            merchant_id TEXT  NOT NULL REFERENCES merchant (id),
            account_id  TEXT  NOT NULL REFERENCES channel_account (id),
            currency    TEXT  NOT NULL,
            item_count  INT64 NOT NULL CHECK (item_count > 0),
            total_minor INT64 NOT NULL CHECK (total_minor > 0),
            made_by     TEXT  NOT NULL REFERENCES staff (id),
            made_ms     INT64 NOT NULL,
            state       TEXT  NOT NULL CHECK (state IN ('made', 'released', 'discarded')),
            decided_by  TEXT  REFERENCES staff (id),
            decided_ms  INT64,
            CHECK ((state = 'made' AND decided_by IS NULL AND decided_ms IS NULL)
                   OR (state <> 'made' AND decided_by IS NOT NULL AND decided_ms IS NOT NULL)),
            CHECK (state <> 'released' OR decided_by <> made_by)
        ) STRICT
        """,
        """
        CREATE INDEX payout_batch_newest ON payout_batch (made_ms, id)
        """,
        """
        CREATE TABLE payout_answer (
            id           TEXT  NOT NULL PRIMARY KEY,
            batch_id     TEXT  NOT NULL REFERENCES payout_batch (id),
            merchant_id  TEXT  NOT NULL REFERENCES merchant (id),
            digest       TEXT  NOT NULL,
            answer_lines TEXT  NOT NULL,
            brought_by   TEXT  NOT NULL REFERENCES staff (id),
            brought_ms   INT64 NOT NULL,
            state        TEXT  NOT NULL CHECK (state IN ('open', 'confirmed', 'refused')),
            decided_by   TEXT  REFERENCES staff (id),
            decided_ms   INT64,
            CHECK ((state = 'open' AND decided_by IS NULL AND decided_ms IS NULL)
                   OR (state <> 'open' AND decided_by IS NOT NULL AND decided_ms IS NOT NULL)),
            CHECK (state <> 'confirmed' OR decided_by <> brought_by)
        ) STRICT
        """,
        """
        CREATE INDEX payout_answer_batch ON payout_answer (batch_id, brought_ms, id)
        """,
        """
        CREATE UNIQUE INDEX payout_answer_open ON payout_answer (batch_id) WHERE decided_ms IS NULL
        """,
        """
        CREATE TABLE payout_item (
            id             TEXT  NOT NULL PRIMARY KEY,
            batch_id       TEXT  NOT NULL REFERENCES payout_batch (id),
            merchant_id    TEXT  NOT NULL REFERENCES merchant (id),
            case_id        TEXT  NOT NULL REFERENCES refund_case (id),
            movement_id    TEXT  NOT NULL REFERENCES movement (id),
            line           INT64 NOT NULL CHECK (line > 0),
            gross_minor    INT64 NOT NULL CHECK (gross_minor > 0),
            created_ms     INT64 NOT NULL,
            dropped_ms     INT64,
            answer_id      TEXT  REFERENCES payout_answer (id),
            answer_line    INT64,
            result         TEXT  CHECK (result IN ('paid', 'failed')),
            bank_reference TEXT,
            paid_on        TEXT,
            UNIQUE (batch_id, line),
            CHECK ((answer_id IS NULL AND answer_line IS NULL AND result IS NULL)
                   OR (answer_id IS NOT NULL AND answer_line IS NOT NULL AND result IS NOT NULL)),
            CHECK (dropped_ms IS NULL OR answer_id IS NULL),
            CHECK (result <> 'paid' OR bank_reference IS NOT NULL)
        ) STRICT
        """,
        """
        CREATE UNIQUE INDEX payout_item_movement ON payout_item (movement_id) WHERE dropped_ms IS NULL
        """,
        """
        CREATE INDEX payout_item_case ON payout_item (case_id, id)
        """,
    ]
}
