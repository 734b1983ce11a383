extension Schema4 {
    /// What was found out about uploaded files, the pages that they are shown as, and files that are like others.
    static let uploads =
        [
            """
            CREATE TABLE proof_check (
                id          TEXT  NOT NULL PRIMARY KEY REFERENCES proof (id),
                case_id     TEXT  NOT NULL REFERENCES refund_case (id),
                merchant_id TEXT  NOT NULL REFERENCES merchant (id),
                digest      BYTES NOT NULL,
                created_ms  INT64 NOT NULL,
                scan        TEXT  NOT NULL CHECK (scan IN ('off', 'clean', 'infected', 'held')),
                scan_word   TEXT,
                drawing     TEXT  CHECK (drawing IN ('drawn', 'password', 'unreadable', 'too-much')),
                shown_count INT64 NOT NULL CHECK (shown_count >= 0),
                page_count  INT64 NOT NULL CHECK (page_count >= shown_count),
                examined_ms INT64 NOT NULL,
                CHECK (scan IN ('off', 'clean') OR drawing IS NULL),
                CHECK (scan NOT IN ('infected', 'held') OR scan_word IS NOT NULL),
                CHECK ((drawing IS NOT NULL AND drawing = 'drawn' AND shown_count > 0)
                       OR ((drawing IS NULL OR drawing <> 'drawn') AND shown_count = 0))
            ) STRICT
            """,
            """
            CREATE INDEX proof_check_same ON proof_check (merchant_id, digest, id)
            """,
            """
            CREATE TABLE proof_page (
                id          TEXT  NOT NULL PRIMARY KEY,
                case_id     TEXT  NOT NULL REFERENCES refund_case (id),
                proof_id    TEXT  NOT NULL REFERENCES proof_check (id),
                page        INT64 NOT NULL CHECK (page > 0),
                stored_name TEXT  NOT NULL UNIQUE,
                key_sealed  BYTES NOT NULL,
                bytes       INT64 NOT NULL CHECK (bytes > 0),
                width       INT64 NOT NULL CHECK (width > 0),
                height      INT64 NOT NULL CHECK (height > 0),
                look        INT64,
                created_ms  INT64 NOT NULL,
                UNIQUE (proof_id, page)
            ) STRICT
            """,
            """
            CREATE INDEX proof_page_case ON proof_page (case_id, created_ms, id)
            """,
        ] + likeness + waiting

    private static let likeness = [
        """
        CREATE TABLE proof_look (
            merchant_id TEXT  NOT NULL REFERENCES merchant (id),
            band        INT64 NOT NULL,
            page_id     TEXT  NOT NULL REFERENCES proof_page (id),
            PRIMARY KEY (merchant_id, band, page_id)
        ) STRICT
        """,
        """
        CREATE TABLE proof_match (
            proof_id TEXT NOT NULL REFERENCES proof (id),
            other_id TEXT NOT NULL REFERENCES proof (id),
            kind     TEXT NOT NULL CHECK (kind IN ('same', 'alike')),
            PRIMARY KEY (proof_id, other_id),
            CHECK (proof_id <> other_id)
        ) STRICT
        """,
    ]

    /// Files that were uploaded before are examined too.
    private static let waiting = [
        """
        INSERT INTO outbox (id, kind, case_id, movement_id, message_id, not_before_ms, attempts, lease, lease_until_ms,
                            done_ms, created_ms)
        SELECT id, 'examine-proof', case_id, NULL, NULL, created_ms, 0, 0, 0, NULL, created_ms
        FROM   proof
        WHERE  removed_ms IS NULL
        """
    ]
}
