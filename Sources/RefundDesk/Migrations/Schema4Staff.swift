extension Schema4 {
    /// Recovery codes, when a session last proved who it is, and invitations. `tenant` is a merchant's id, or
    /// `operator`.
    static let staff = [
        """
        ALTER TABLE staff ADD COLUMN recovery_hashes BYTES
        """,
        """
        ALTER TABLE staff_session ADD COLUMN proved_ms INT64
        """,
        """
        CREATE INDEX staff_merchant ON staff (merchant_id, id)
        """,
        """
        CREATE INDEX staff_session_person ON staff_session (staff_id, token_hash)
        """,
        """
        CREATE TABLE staff_invitation (
            id            TEXT  NOT NULL PRIMARY KEY,
            tenant        TEXT  NOT NULL,
            kind          TEXT  NOT NULL CHECK (kind IN ('invite', 'reset')),
            email_index   BYTES NOT NULL,
            email_sealed  BYTES NOT NULL,
            role          TEXT  NOT NULL,
            language      TEXT  NOT NULL,
            secret_sealed BYTES NOT NULL,
            made_by       TEXT  NOT NULL REFERENCES staff (id),
            made_ms       INT64 NOT NULL,
            state         TEXT  NOT NULL CHECK (state IN ('proposed', 'open', 'done', 'ended')),
            staff_id      TEXT  REFERENCES staff (id),
            link_hash     BYTES UNIQUE,
            link_sealed   BYTES,
            expires_ms    INT64,
            decided_by    TEXT  REFERENCES staff (id),
            ended_ms      INT64,
            CHECK (kind = 'invite' OR staff_id IS NOT NULL),
            CHECK (kind = 'invite' OR state = 'proposed' OR decided_by IS NOT NULL),
            CHECK (kind = 'invite' OR state IN ('proposed', 'ended') OR decided_by <> made_by),
            CHECK (state NOT IN ('open', 'done') OR (link_hash IS NOT NULL AND expires_ms IS NOT NULL)),
            CHECK (state <> 'done' OR staff_id IS NOT NULL),
            CHECK ((state IN ('proposed', 'open') AND ended_ms IS NULL)
                   OR (state IN ('done', 'ended') AND ended_ms IS NOT NULL))
        ) STRICT
        """,
        """
        CREATE INDEX staff_invitation_tenant ON staff_invitation (tenant, state, made_ms, id)
        """,
    ]
}
