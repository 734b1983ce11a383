/// The first schema: merchants and what was paid to them.
enum Schema1 {
    static let merchants = [
        """
        CREATE TABLE data_key (
            id          INT64 NOT NULL PRIMARY KEY,
            tenant      TEXT  NOT NULL,
            class       TEXT  NOT NULL,
            kek_id      TEXT  NOT NULL,
            wrapped     BYTES NOT NULL,
            created_ms  INT64 NOT NULL,
            retired_ms  INT64
        ) STRICT
        """,
        """
        CREATE INDEX data_key_tenant ON data_key (tenant, class, id)
        """,
        """
        CREATE TABLE merchant (
            id          TEXT  NOT NULL PRIMARY KEY,
            code        TEXT  NOT NULL UNIQUE,
            name        TEXT  NOT NULL,
            name_en     TEXT,
            zone        TEXT  NOT NULL,
            currency    TEXT  NOT NULL,
            phone       TEXT,
            created_ms  INT64 NOT NULL
        ) STRICT
        """,
        """
        CREATE TABLE terminal (
            id          TEXT  NOT NULL PRIMARY KEY,
            merchant_id TEXT  NOT NULL REFERENCES merchant (id),
            terminal_no TEXT  NOT NULL,
            family      TEXT  NOT NULL,
            refunds     TEXT  NOT NULL CHECK (refunds IN ('partial', 'whole', 'none')),
            store       TEXT,
            created_ms  INT64 NOT NULL,
            UNIQUE (merchant_id, terminal_no)
        ) STRICT
        """,
        """
        CREATE TABLE channel_account (
            id              TEXT  NOT NULL PRIMARY KEY,
            merchant_id     TEXT  NOT NULL REFERENCES merchant (id),
            channel         TEXT  NOT NULL,
            name            TEXT  NOT NULL,
            merchant_number TEXT  NOT NULL,
            callback_name   TEXT  NOT NULL UNIQUE,
            settings_sealed BYTES NOT NULL,
            stopped_reason  TEXT,
            created_ms      INT64 NOT NULL,
            UNIQUE (merchant_id, channel, merchant_number)
        ) STRICT
        """,
        """
        CREATE TABLE staff (
            id              TEXT  NOT NULL PRIMARY KEY,
            email_index     BYTES NOT NULL UNIQUE,
            email_sealed    BYTES NOT NULL,
            role            TEXT  NOT NULL,
            merchant_id     TEXT  REFERENCES merchant (id),
            password_hash   TEXT  NOT NULL,
            code_sealed     BYTES NOT NULL,
            last_code_step  INT64 NOT NULL,
            left_ms         INT64,
            created_ms      INT64 NOT NULL,
            CHECK ((merchant_id IS NOT NULL) = (role IN ('clerk', 'reviewer', 'approver', 'merchant-admin')))
        ) STRICT
        """,
    ]

    static let payments = [
        """
        CREATE TABLE statement_import (
            id          TEXT  NOT NULL PRIMARY KEY,
            merchant_id TEXT  NOT NULL REFERENCES merchant (id),
            format      TEXT  NOT NULL,
            read_count  INT64 NOT NULL,
            new_count   INT64 NOT NULL,
            known_count INT64 NOT NULL,
            bad_count   INT64 NOT NULL,
            created_ms  INT64 NOT NULL
        ) STRICT
        """,
        """
        CREATE TABLE payment (
            id                         TEXT  NOT NULL PRIMARY KEY,
            merchant_id                TEXT  NOT NULL REFERENCES merchant (id),
            payment_key                TEXT  NOT NULL,
            channel                    TEXT,
            account_id                 TEXT  REFERENCES channel_account (id),
            merchant_no                TEXT,
            terminal_no                TEXT,
            batch_no                   TEXT,
            trace_no                   TEXT,
            reference_no               TEXT,
            auth_code                  TEXT,
            channel_transaction_no     TEXT,
            merchant_order_no          TEXT,
            paid_at_ms                 INT64 NOT NULL,
            paid_on                    TEXT  NOT NULL,
            card_first6                TEXT,
            card_last4                 TEXT,
            card_kind                  TEXT,
            issuer                     TEXT,
            currency                   TEXT  NOT NULL,
            amount_minor               INT64 NOT NULL CHECK (amount_minor > 0),
            fee_minor                  INT64 NOT NULL CHECK (fee_minor >= 0 AND fee_minor <= amount_minor),
            settled_on                 TEXT,
            voided_ms                  INT64,
            refunded_elsewhere_minor   INT64 NOT NULL CHECK (refunded_elsewhere_minor >= 0),
            refunded_elsewhere_count   INT64 NOT NULL CHECK (refunded_elsewhere_count >= 0),
            open_minor                 INT64 NOT NULL CHECK (open_minor >= 0),
            refunded_minor             INT64 NOT NULL CHECK (refunded_minor >= 0),
            committed_minor            INT64 NOT NULL CHECK (committed_minor >= 0),
            fee_given_back_minor       INT64 NOT NULL CHECK (fee_given_back_minor >= 0),
            movement_count             INT64 NOT NULL,
            last_sent_ms               INT64,
            import_id                  TEXT  REFERENCES statement_import (id),
            created_ms                 INT64 NOT NULL,
            UNIQUE (merchant_id, payment_key),
            CHECK (refunded_elsewhere_minor + open_minor + refunded_minor <= amount_minor),
            CHECK (committed_minor <= open_minor + refunded_minor),
            CHECK (movement_count >= 0),
            CHECK (fee_given_back_minor <= fee_minor)
        ) STRICT
        """,
        """
        CREATE INDEX payment_reference ON payment (reference_no)
        """,
        """
        CREATE INDEX payment_slip ON payment (trace_no, terminal_no)
        """,
        """
        CREATE INDEX payment_transaction ON payment (channel_transaction_no)
        """,
        """
        CREATE INDEX payment_order ON payment (merchant_order_no)
        """,
        """
        CREATE INDEX payment_card ON payment (card_last4, paid_on)
        """,
        """
        CREATE TABLE statement_refund (
            id             TEXT  NOT NULL PRIMARY KEY,
            merchant_id    TEXT  NOT NULL REFERENCES merchant (id),
            channel        TEXT  NOT NULL,
            refund_key     TEXT  NOT NULL,
            payment_id     TEXT  REFERENCES payment (id),
            movement_id    TEXT,
            amount_minor   INT64 NOT NULL CHECK (amount_minor > 0),
            currency       TEXT  NOT NULL,
            status         TEXT  NOT NULL,
            import_id      TEXT  NOT NULL REFERENCES statement_import (id),
            created_ms     INT64 NOT NULL,
            UNIQUE (merchant_id, channel, refund_key)
        ) STRICT
        """,
        """
        CREATE INDEX statement_refund_payment ON statement_refund (payment_id)
        """,
    ]
}
