/// The third schema: the channels' files held against our refunds, which bank a card is of, what refunds can do.
enum Schema3 {
    static let reconciliation = [
        """
        CREATE TABLE reconciliation (
            id           TEXT  NOT NULL PRIMARY KEY,
            merchant_id  TEXT  NOT NULL REFERENCES merchant (id),
            format       TEXT  NOT NULL,
            digest       TEXT  NOT NULL,
            from_on      TEXT,
            to_on        TEXT,
            read_count   INT64 NOT NULL CHECK (read_count >= 0),
            refund_count INT64 NOT NULL CHECK (refund_count >= 0),
            created_ms   INT64 NOT NULL,
            UNIQUE (merchant_id, digest)
        ) STRICT
        """,
        """
        CREATE INDEX reconciliation_newest ON reconciliation (merchant_id, created_ms, id)
        """,
        """
        CREATE TABLE reconciliation_line (
            id                    TEXT  NOT NULL PRIMARY KEY,
            merchant_id           TEXT  NOT NULL REFERENCES merchant (id),
            reconciliation_id     TEXT  NOT NULL REFERENCES reconciliation (id),
            channel               TEXT  NOT NULL,
            refund_key            TEXT  NOT NULL,
            line                  INT64 NOT NULL,
            movement_id           TEXT  UNIQUE REFERENCES movement (id),
            refund_number         TEXT,
            channel_refund_number TEXT,
            transaction_no        TEXT,
            terminal_no           TEXT,
            currency              TEXT  NOT NULL,
            amount_minor          INT64 NOT NULL CHECK (amount_minor > 0),
            status                TEXT  NOT NULL,
            refunded_ms           INT64 NOT NULL,
            UNIQUE (merchant_id, channel, refund_key)
        ) STRICT
        """,
        """
        CREATE TABLE difference (
            id                TEXT  NOT NULL PRIMARY KEY,
            merchant_id       TEXT  NOT NULL REFERENCES merchant (id),
            reconciliation_id TEXT  NOT NULL REFERENCES reconciliation (id),
            channel           TEXT  NOT NULL,
            kind              TEXT  NOT NULL CHECK (kind IN ('unknown-here', 'missing-there', 'amount', 'state')),
            line_id           TEXT  REFERENCES reconciliation_line (id),
            movement_id       TEXT  REFERENCES movement (id),
            currency          TEXT  NOT NULL,
            ours_minor        INT64 CHECK (ours_minor > 0),
            theirs_minor      INT64 CHECK (theirs_minor > 0),
            our_state         TEXT,
            their_status      TEXT,
            opened_ms         INT64 NOT NULL,
            closed_ms         INT64,
            outcome           TEXT  CHECK (outcome IN ('fits', 'explained')),
            closed_by         TEXT  REFERENCES staff (id),
            note_sealed       BYTES,
            CHECK (kind = 'missing-there' OR line_id IS NOT NULL),
            CHECK (kind = 'unknown-here' OR movement_id IS NOT NULL),
            CHECK ((closed_ms IS NULL AND outcome IS NULL) OR (closed_ms IS NOT NULL AND outcome IS NOT NULL)),
            CHECK (outcome <> 'explained' OR (closed_by IS NOT NULL AND note_sealed IS NOT NULL)),
            CHECK (outcome <> 'fits' OR closed_by IS NULL)
        ) STRICT
        """,
        """
        CREATE UNIQUE INDEX difference_of_line ON difference (line_id, kind) WHERE closed_ms IS NULL
        """,
        """
        CREATE UNIQUE INDEX difference_of_movement ON difference (movement_id, kind) WHERE closed_ms IS NULL
        """,
        """
        CREATE INDEX difference_open ON difference (closed_ms, opened_ms, id)
        """,
        """
        CREATE INDEX difference_merchant ON difference (merchant_id, closed_ms, opened_ms, id)
        """,
        """
        CREATE INDEX difference_line ON difference (line_id, kind, opened_ms, id)
        """,
        """
        CREATE INDEX difference_movement ON difference (movement_id, kind, opened_ms, id)
        """,
        """
        CREATE INDEX movement_channel_number ON movement (channel_refund_number)
        """,
        """
        CREATE INDEX movement_sent ON movement (merchant_id, sent_ms, id)
        """,
    ]

    /// A list of card prefixes that was loaded in place of the program's own, and where it comes from.
    static let issuers = [
        """
        CREATE TABLE card_prefix_list (
            id        TEXT  NOT NULL PRIMARY KEY,
            source    TEXT  NOT NULL,
            digest    TEXT  NOT NULL,
            loaded_ms INT64 NOT NULL
        ) STRICT
        """,
        """
        CREATE TABLE card_prefix (
            digits    TEXT  NOT NULL,
            length    INT64 NOT NULL CHECK (length >= 13 AND length <= 19),
            bank      TEXT  NOT NULL,
            bank_name TEXT  NOT NULL,
            kind      TEXT  NOT NULL,
            lowest    INT64 NOT NULL,
            highest   INT64 NOT NULL CHECK (highest >= lowest),
            PRIMARY KEY (digits, length)
        ) STRICT
        """,
        """
        CREATE INDEX card_prefix_span ON card_prefix (lowest, highest)
        """,
    ]

    /// What refunds of channels, acquirers and families of terminals can do, where it was loaded. No acquirer and no
    /// family are empty text.
    static let capabilities = [
        """
        CREATE TABLE capability (
            channel          TEXT  NOT NULL,
            acquirer         TEXT  NOT NULL,
            family           TEXT  NOT NULL,
            merchant_numbers TEXT  NOT NULL,
            refunds          TEXT  CHECK (refunds IN ('partial', 'whole', 'none')),
            refunds_max      INT64 CHECK (refunds_max > 0),
            gap_seconds      INT64 CHECK (gap_seconds >= 0),
            window_days      INT64 CHECK (window_days > 0),
            least_minor      INT64 CHECK (least_minor > 0),
            fee_return       TEXT  CHECK (fee_return IN ('proportional', 'none')),
            void             TEXT  CHECK (void IN ('never', 'unionpay-day')),
            arrival_earliest INT64 CHECK (arrival_earliest >= 0),
            arrival_latest   INT64,
            source           TEXT  NOT NULL,
            verified         INT64 NOT NULL CHECK (verified IN (0, 1)),
            loaded_ms        INT64 NOT NULL,
            PRIMARY KEY (channel, acquirer, family),
            CHECK ((acquirer = '' AND merchant_numbers = '') OR (acquirer <> '' AND merchant_numbers <> '')),
            CHECK ((arrival_earliest IS NULL AND arrival_latest IS NULL)
                   OR (arrival_earliest IS NOT NULL AND arrival_latest >= arrival_earliest))
        ) STRICT
        """
    ]
}
