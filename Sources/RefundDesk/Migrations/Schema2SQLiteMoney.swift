/// What the second migration builds anew on SQLite, which cannot change a table's checks: the columns that
/// ``postgres`` adds, in the same order.
extension Schema2 {
    static let movementsOnSQLite = [
        """
        CREATE TABLE movement_new (
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
                                  'unknown', 'accepted', 'at_bank', 'needs_payee_action', 'succeeded', 'arrived',
                                  'failed', 'returned', 'rerouted', 'given_back', 'given_outside', 'unclaimed',
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
            taken_minor           INT64 NOT NULL DEFAULT 0 CHECK (taken_minor >= 0),
            cost_currency         TEXT,
            cost_minor            INT64 CHECK (cost_minor >= 0),
            handling_fee_minor    INT64 NOT NULL DEFAULT 0 CHECK (handling_fee_minor >= 0),
            fee_bearer            TEXT,
            exchange_rate         TEXT,
            exchange_spent_minor  INT64 CHECK (exchange_spent_minor >= 0),
            source                TEXT  NOT NULL DEFAULT 'hold' CHECK (source IN ('hold', 'returned')),
            route                 TEXT  NOT NULL DEFAULT 'original' CHECK (route IN ('original', 'bank-card', 'void')),
            destination_sealed    BYTES,
            replaces_id           TEXT,
            corrects_id           TEXT,
            expected_exact        INT64,
            overdue_ms            INT64,
            unknown_since_ms      INT64,
            arrived_ms            INT64,
            returned_ms           INT64,
            return_code           TEXT,
            bank_reference        TEXT,
            UNIQUE (case_id, sequence),
            CHECK (fee_given_back_minor <= gross_minor OR cost_currency <> currency),
            CHECK (taken_minor >= gross_minor),
            CHECK (route <> 'bank-card' OR destination_sealed IS NOT NULL),
            CHECK (source = 'hold' OR replaces_id IS NOT NULL),
            CHECK (state NOT IN ('sending', 'unknown', 'accepted', 'at_bank', 'needs_payee_action', 'succeeded',
                   'arrived', 'failed', 'returned', 'rerouted', 'given_back', 'unclaimed')
                   OR (attempts > 0 AND sent_ms IS NOT NULL))
        ) STRICT
        """,
        """
        INSERT INTO movement_new (
            id, case_id, payment_id, merchant_id, account_id, sequence, currency, gross_minor,
            fee_given_back_minor, refund_number, state, attempts, replays, queries, last_code,
            channel_refund_number, destination_text, sent_ms, settled_ms, last_checked_ms, next_check_ms,
            expected_on, created_ms, changed_ms,
            taken_minor, cost_currency, cost_minor
        )
        SELECT
            id, case_id, payment_id, merchant_id, account_id, sequence, currency, gross_minor,
            fee_given_back_minor, refund_number, state, attempts, replays, queries, last_code,
            channel_refund_number, destination_text, sent_ms, settled_ms, last_checked_ms, next_check_ms,
            expected_on, created_ms, changed_ms,
            gross_minor, currency, gross_minor - fee_given_back_minor
        FROM movement
        """,
        """
        DROP TABLE movement
        """,
        """
        ALTER TABLE movement_new RENAME TO movement
        """,
        """
        CREATE INDEX movement_payment ON movement (payment_id, id)
        """,
        """
        CREATE INDEX movement_state ON movement (state, changed_ms, id)
        """,
        """
        CREATE TABLE balance_new (
            merchant_id   TEXT  NOT NULL REFERENCES merchant (id),
            account       TEXT  NOT NULL,
            currency      TEXT  NOT NULL,
            balance_minor INT64 NOT NULL,
            PRIMARY KEY (merchant_id, account, currency),
            CHECK (balance_minor >= 0 OR account IN ('fx.position', 'fx.difference'))
        ) STRICT
        """,
        """
        INSERT INTO balance_new (
            merchant_id, account, currency, balance_minor
        )
        SELECT
            merchant_id, account, currency, balance_minor
        FROM balance
        """,
        """
        DROP TABLE balance
        """,
        """
        ALTER TABLE balance_new RENAME TO balance
        """,
    ]

    static let paymentsOnSQLite = [
        """
        CREATE TABLE payment_new (
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
            disputed_minor             INT64 NOT NULL DEFAULT 0 CHECK (disputed_minor >= 0),
            settlement_currency        TEXT,
            settlement_minor           INT64 CHECK (settlement_minor > 0),
            UNIQUE (merchant_id, payment_key),
            CHECK (committed_minor <= open_minor + refunded_minor),
            CHECK (movement_count >= 0),
            CHECK (fee_given_back_minor <= fee_minor),
            CHECK (refunded_elsewhere_minor + open_minor + refunded_minor + disputed_minor <= amount_minor),
            CHECK ((settlement_currency IS NULL AND settlement_minor IS NULL)
                   OR (settlement_currency IS NOT NULL AND settlement_minor IS NOT NULL))
        ) STRICT
        """,
        """
        INSERT INTO payment_new (
            id, merchant_id, payment_key, channel, account_id, merchant_no, terminal_no, batch_no, trace_no,
            reference_no, auth_code, channel_transaction_no, merchant_order_no, paid_at_ms, paid_on,
            card_first6, card_last4, card_kind, issuer, currency, amount_minor, fee_minor, settled_on,
            voided_ms, refunded_elsewhere_minor, refunded_elsewhere_count, open_minor, refunded_minor,
            committed_minor, fee_given_back_minor, movement_count, last_sent_ms, import_id, created_ms
        )
        SELECT
            id, merchant_id, payment_key, channel, account_id, merchant_no, terminal_no, batch_no, trace_no,
            reference_no, auth_code, channel_transaction_no, merchant_order_no, paid_at_ms, paid_on,
            card_first6, card_last4, card_kind, issuer, currency, amount_minor, fee_minor, settled_on,
            voided_ms, refunded_elsewhere_minor, refunded_elsewhere_count, open_minor, refunded_minor,
            committed_minor, fee_given_back_minor, movement_count, last_sent_ms, import_id, created_ms
        FROM payment
        """,
        """
        DROP TABLE payment
        """,
        """
        ALTER TABLE payment_new RENAME TO payment
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
    ]
}
