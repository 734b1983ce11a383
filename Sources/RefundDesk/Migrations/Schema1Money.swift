extension Schema1 {
    static let money = [
        """
        CREATE TABLE hold (
            case_id     TEXT  NOT NULL PRIMARY KEY REFERENCES refund_case (id),
            merchant_id TEXT  NOT NULL REFERENCES merchant (id),
            currency    TEXT  NOT NULL,
            cost_minor  INT64 NOT NULL CHECK (cost_minor >= 0),
            held_minor  INT64 NOT NULL CHECK (held_minor >= 0 AND held_minor <= cost_minor),
            changed_ms  INT64 NOT NULL
        ) STRICT
        """,
        """
        CREATE TABLE movement (
            id                    TEXT  NOT NULL PRIMARY KEY,
            case_id               TEXT  NOT NULL REFERENCES refund_case (id),
            payment_id            TEXT  NOT NULL REFERENCES payment (id),
            merchant_id           TEXT  NOT NULL REFERENCES merchant (id),
            account_id            TEXT  NOT NULL REFERENCES channel_account (id),
            sequence              INT64 NOT NULL,
            currency              TEXT  NOT NULL,
            gross_minor           INT64 NOT NULL CHECK (gross_minor > 0),
            fee_given_back_minor  INT64 NOT NULL CHECK (fee_given_back_minor >= 0),
            refund_number         TEXT  NOT NULL UNIQUE,
            state                 TEXT  NOT NULL CHECK (state IN ('planned', 'waiting_funds', 'ready', 'sending',
                                  'unknown', 'accepted', 'at_bank', 'needs_payee_action', 'succeeded', 'failed',
                                  'cancelled')),
            attempts              INT64 NOT NULL CHECK (attempts >= 0),
            replays               INT64 NOT NULL CHECK (replays >= 0 AND replays <= 5 AND replays <= attempts),
            queries               INT64 NOT NULL CHECK (queries >= 0),
            last_code             TEXT,
            channel_refund_number TEXT,
            destination_text      TEXT,
            sent_ms               INT64,
            settled_ms            INT64,
            last_checked_ms       INT64,
            next_check_ms         INT64,
            expected_on           TEXT,
            created_ms            INT64 NOT NULL,
            changed_ms            INT64 NOT NULL,
            UNIQUE (case_id, sequence),
            CHECK (fee_given_back_minor <= gross_minor),
            CHECK (state NOT IN ('sending', 'unknown', 'accepted', 'at_bank', 'needs_payee_action', 'succeeded',
                   'failed') OR (attempts > 0 AND sent_ms IS NOT NULL))
        ) STRICT
        """,
        """
        CREATE INDEX movement_payment ON movement (payment_id, id)
        """,
        """
        CREATE INDEX movement_state ON movement (state, changed_ms, id)
        """,
        """
        CREATE TABLE attempt (
            movement_id  TEXT  NOT NULL REFERENCES movement (id),
            number       INT64 NOT NULL CHECK (number > 0),
            request_hash BYTES NOT NULL,
            started_ms   INT64 NOT NULL,
            ended_ms     INT64,
            verdict      TEXT,
            code         TEXT,
            PRIMARY KEY (movement_id, number)
        ) STRICT
        """,
        """
        CREATE TABLE posting (
            id             TEXT  NOT NULL PRIMARY KEY,
            kind           TEXT  NOT NULL,
            merchant_id    TEXT  NOT NULL REFERENCES merchant (id),
            case_id        TEXT  REFERENCES refund_case (id),
            movement_id    TEXT  REFERENCES movement (id),
            import_id      TEXT  REFERENCES statement_import (id),
            created_ms     INT64 NOT NULL
        ) STRICT
        """,
        """
        CREATE INDEX posting_merchant ON posting (merchant_id, created_ms, id)
        """,
        """
        CREATE INDEX posting_case ON posting (case_id, created_ms, id)
        """,
        """
        CREATE INDEX posting_movement ON posting (movement_id)
        """,
        """
        CREATE TABLE posting_line (
            posting_id     TEXT  NOT NULL REFERENCES posting (id),
            line           INT64 NOT NULL,
            debit_account  TEXT  NOT NULL,
            credit_account TEXT  NOT NULL CHECK (credit_account <> debit_account),
            currency       TEXT  NOT NULL,
            amount_minor   INT64 NOT NULL CHECK (amount_minor > 0),
            PRIMARY KEY (posting_id, line)
        ) STRICT
        """,
        """
        CREATE TABLE balance (
            merchant_id   TEXT  NOT NULL REFERENCES merchant (id),
            account       TEXT  NOT NULL,
            currency      TEXT  NOT NULL,
            balance_minor INT64 NOT NULL,
            PRIMARY KEY (merchant_id, account, currency),
            CHECK (balance_minor >= 0)
        ) STRICT
        """,
        """
        CREATE TABLE outbox (
            id             TEXT  NOT NULL PRIMARY KEY,
            kind           TEXT  NOT NULL,
            case_id        TEXT  REFERENCES refund_case (id),
            movement_id    TEXT  REFERENCES movement (id),
            message_id     TEXT,
            not_before_ms  INT64 NOT NULL,
            attempts       INT64 NOT NULL,
            lease          INT64 NOT NULL,
            lease_until_ms INT64 NOT NULL,
            done_ms        INT64,
            created_ms     INT64 NOT NULL,
            CHECK (kind NOT IN ('send-movement', 'query-movement', 'retry-funds') OR movement_id IS NOT NULL),
            CHECK (kind <> 'send-message' OR message_id IS NOT NULL)
        ) STRICT
        """,
        """
        CREATE INDEX outbox_due ON outbox (not_before_ms, id) WHERE done_ms IS NULL
        """,
        """
        CREATE UNIQUE INDEX outbox_movement ON outbox (movement_id, kind) WHERE done_ms IS NULL
        """,
        """
        CREATE TABLE channel_notice (
            account_id  TEXT  NOT NULL REFERENCES channel_account (id),
            notice_id   TEXT  NOT NULL,
            movement_id TEXT  REFERENCES movement (id),
            received_ms INT64 NOT NULL,
            PRIMARY KEY (account_id, notice_id)
        ) STRICT
        """,
    ]
}
