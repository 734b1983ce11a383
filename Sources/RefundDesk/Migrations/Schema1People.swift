extension Schema1 {
    static let people = [
        """
        CREATE TABLE visitor_session (
            token_hash    BYTES NOT NULL PRIMARY KEY,
            payment_id    TEXT  REFERENCES payment (id),
            look_up       TEXT,
            draft_case_id TEXT  REFERENCES refund_case (id),
            last_case_id  TEXT  REFERENCES refund_case (id),
            created_ms    INT64 NOT NULL,
            last_seen_ms  INT64 NOT NULL,
            expires_ms    INT64 NOT NULL
        ) STRICT
        """,
        """
        CREATE TABLE visitor_case (
            token_hash BYTES NOT NULL REFERENCES visitor_session (token_hash) ON DELETE CASCADE,
            case_id    TEXT  NOT NULL REFERENCES refund_case (id),
            viewer     TEXT  NOT NULL CHECK (viewer IN ('link', 'cardholder')),
            link_hash  BYTES,
            created_ms INT64 NOT NULL,
            PRIMARY KEY (token_hash, case_id),
            CHECK (viewer = 'cardholder' OR link_hash IS NOT NULL)
        ) STRICT
        """,
        """
        CREATE TABLE staff_session (
            token_hash    BYTES NOT NULL PRIMARY KEY,
            staff_id      TEXT  NOT NULL REFERENCES staff (id),
            proved        TEXT  NOT NULL CHECK (proved IN ('password', 'code')),
            tries_left    INT64 NOT NULL CHECK (tries_left >= 0),
            created_ms    INT64 NOT NULL,
            last_seen_ms  INT64 NOT NULL,
            expires_ms    INT64 NOT NULL
        ) STRICT
        """,
        """
        CREATE TABLE message (
            id             TEXT  NOT NULL PRIMARY KEY,
            case_id        TEXT  NOT NULL REFERENCES refund_case (id),
            kind           TEXT  NOT NULL,
            language       TEXT  NOT NULL,
            medium         TEXT  NOT NULL CHECK (medium IN ('email', 'sms')),
            to_sealed      BYTES NOT NULL,
            values_sealed  BYTES,
            created_ms     INT64 NOT NULL,
            sent_ms        INT64
        ) STRICT
        """,
        """
        CREATE INDEX message_case ON message (case_id, created_ms, id)
        """,
        """
        CREATE TABLE look_up_miss (
            bucket    TEXT  NOT NULL,
            window_ms INT64 NOT NULL,
            misses    INT64 NOT NULL,
            PRIMARY KEY (bucket, window_ms)
        ) STRICT
        """,
    ]

    static let records = [
        """
        CREATE TABLE stream_head (
            stream TEXT  NOT NULL PRIMARY KEY,
            number INT64 NOT NULL CHECK (number >= 0),
            hash   BYTES NOT NULL,
            mac    BYTES NOT NULL
        ) STRICT
        """,
        """
        CREATE TABLE event (
            stream        TEXT  NOT NULL,
            number        INT64 NOT NULL,
            at_ms         INT64 NOT NULL,
            actor         TEXT  NOT NULL,
            actor_id      TEXT,
            role          TEXT,
            what          TEXT  NOT NULL,
            transition    TEXT,
            object        TEXT  NOT NULL,
            object_id     TEXT  NOT NULL,
            case_id       TEXT  REFERENCES refund_case (id),
            version       INT64,
            facts         TEXT  NOT NULL,
            visibility    TEXT  NOT NULL CHECK (visibility IN ('internal', 'public')),
            text_sealed   BYTES,
            text_digest   BYTES,
            previous_hash BYTES NOT NULL,
            hash          BYTES NOT NULL,
            PRIMARY KEY (stream, number),
            CHECK (number > 0),
            CHECK (text_sealed IS NULL OR text_digest IS NOT NULL)
        ) STRICT
        """,
        """
        CREATE INDEX event_case ON event (case_id, at_ms, number)
        """,
        """
        CREATE INDEX event_object ON event (object_id, at_ms, number)
        """,
    ]
}
