public import RefundDomain
public import Storage

/// A link by which somebody comes to work here, or to a new authenticator.
public struct Invitation: Sendable, Hashable {
    public let id: String
    /// A merchant's id, or ``SealPlace/operatorTenant``.
    public let tenant: String
    public let kind: Kind
    public let role: Role
    /// `zh-Hans` or `en`: in which its message is written.
    public let language: String
    public let state: State
    /// The staff ids of who made it and, for a reset, of who agreed.
    public let madeBy: String
    public let made: Moment
    public let decidedBy: String?
    /// Whom a reset is for, or who came by the invitation.
    public let staffID: String?
    public let expires: Moment?
    let emailIndex: [UInt8]
    let emailSealed: [UInt8]
    let secretSealed: [UInt8]
    let linkSealed: [UInt8]?

    /// What it is for.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// Somebody new.
        case invite
        /// Somebody who lost what proves them; two who keep people agree on it.
        case reset
    }

    /// How far it has come.
    public enum State: String, Sendable, Hashable, CaseIterable {
        /// A reset that waits for the second person.
        case proposed
        /// The link is out.
        case open
        /// It was followed to the end.
        case done
        /// It was taken back or refused.
        case ended
    }

    /// The address that it goes to.
    ///
    /// - Throws: ``StoreFault``; ``VaultFault`` when the value was changed.
    public func email(_ seals: Seals, _ sql: any SQLReading) throws -> String {
        try seals.openText(emailSealed, InvitationTable.place("email_sealed", id), sql) ?? ""
    }
}

/// How invitations are bounded.
public enum InvitationLimits {
    /// How long a link holds, in seconds: 24 hours (ASVS 6.4.1).
    public static let lifeSeconds: Int64 = 86_400
    /// The most that one house has open or proposed at once.
    public static let openMax: Int64 = 50
}

/// SQL on invitations.
public enum InvitationTable {
    struct New {
        let id: String
        let tenant: String
        let kind: Invitation.Kind
        let email: String
        let emailIndex: [UInt8]
        let role: Role
        let language: String
        let secret: [UInt8]
        let madeBy: String
        var staffID: String?
        /// The link's token; nil for what waits for a second person.
        var link: String?
    }

    static func insert(_ new: New, at now: Moment, _ seals: Seals, _ sql: any SQLTransaction) throws {
        try sql.run(
            """
            INSERT INTO staff_invitation (id, tenant, kind, email_index, email_sealed, role, language, secret_sealed,
                                          made_by, made_ms, state, staff_id, link_hash, link_sealed, expires_ms)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
            """,
            [
                .text(new.id), .text(new.tenant), .text(new.kind.rawValue), .bytes(new.emailIndex),
                .bytes(try seals.seal(new.email, place("email_sealed", new.id), sql)), .text(new.role.rawValue),
                .text(new.language), .bytes(try seals.seal(new.secret, place("secret_sealed", new.id), sql)),
                .text(new.madeBy), .int(now.milliseconds),
                .text((new.link == nil ? Invitation.State.proposed : .open).rawValue), .text(new.staffID),
                .bytes(new.link.map(VisitorTable.hash)),
                .bytes(try seals.seal(new.link, place("link_sealed", new.id), sql)),
                .int(new.link == nil ? nil : now.adding(seconds: InvitationLimits.lifeSeconds).milliseconds),
            ])
    }

    /// A second person agreed to a reset: its link goes out.
    static func open(
        _ id: String, link: String, by staffID: String, at now: Moment, _ seals: Seals, _ sql: any SQLTransaction
    ) throws -> Bool {
        try sql.run(
            """
            UPDATE staff_invitation
            SET    state = 'open', decided_by = $1, link_hash = $2, link_sealed = $3, expires_ms = $4
            WHERE  id = $5
            AND    state = 'proposed'
            """,
            [
                .text(staffID), .bytes(VisitorTable.hash(link)),
                .bytes(try seals.seal(link, place("link_sealed", id), sql)),
                .int(now.adding(seconds: InvitationLimits.lifeSeconds).milliseconds), .text(id),
            ]) == 1
    }

    /// Ends one that is proposed or open; false when it ended meanwhile.
    static func end(
        _ id: String, by staffID: String, at now: Moment, _ sql: any SQLTransaction
    ) throws -> Bool {
        try sql.run(
            """
            UPDATE staff_invitation
            SET    state = 'ended', decided_by = COALESCE(decided_by, $1), ended_ms = $2, link_sealed = NULL
            WHERE  id = $3
            AND    state IN ('proposed', 'open')
            """, [.text(staffID), .int(now.milliseconds), .text(id)]) == 1
    }

    /// It was followed to the end; false when somebody was faster.
    static func finish(_ id: String, as staffID: String, at now: Moment, _ sql: any SQLTransaction) throws -> Bool {
        try sql.run(
            """
            UPDATE staff_invitation
            SET    state = 'done', staff_id = $1, ended_ms = $2, link_sealed = NULL
            WHERE  id = $3
            AND    state = 'open'
            """, [.text(staffID), .int(now.milliseconds), .text(id)]) == 1
    }

    static func forgetLink(_ id: String, _ sql: any SQLTransaction) throws {
        try sql.run("UPDATE staff_invitation SET link_sealed = NULL WHERE id = $1", [.text(id)])
    }

    static func find(_ id: String, _ sql: any SQLReading) throws -> Invitation? {
        try sql.row(
            """
            SELECT id, tenant, kind, email_index, email_sealed, role, language, secret_sealed, made_by, made_ms,
                   state, staff_id, link_sealed, expires_ms, decided_by
            FROM   staff_invitation
            WHERE  id = $1
            """, [.text(id)]
        ).map(read)
    }

    /// The one that a link leads to, as long as it holds.
    static func find(link: String, at now: Moment, _ sql: any SQLReading) throws -> Invitation? {
        try sql.row(
            """
            SELECT id, tenant, kind, email_index, email_sealed, role, language, secret_sealed, made_by, made_ms,
                   state, staff_id, link_sealed, expires_ms, decided_by
            FROM   staff_invitation
            WHERE  link_hash = $1
            AND    state = 'open'
            AND    expires_ms > $2
            """, [.bytes(VisitorTable.hash(link)), .int(now.milliseconds)]
        ).map(read)
    }

    /// What a house has proposed or open, the oldest first; links that ran out are among it.
    public static func list(
        of tenant: String, _ state: Invitation.State, _ sql: any SQLReading
    ) throws -> [Invitation] {
        try sql.rows(
            """
            SELECT   id, tenant, kind, email_index, email_sealed, role, language, secret_sealed, made_by, made_ms,
                     state, staff_id, link_sealed, expires_ms, decided_by
            FROM     staff_invitation
            WHERE    tenant = $1
            AND      state = $2
            ORDER BY made_ms, id
            LIMIT    $3
            """, [.text(tenant), .text(state.rawValue), .int(InvitationLimits.openMax * 2)]
        ).map(read)
    }

    static func place(_ column: String, _ id: String) -> SealPlace {
        SealPlace("staff_invitation", column, row: id, tenant: SealPlace.operatorTenant, .staff)
    }

    private static func read(_ row: SQLRow) throws -> Invitation {
        Invitation(
            id: try row.text("id"), tenant: try row.text("tenant"), kind: try row.word("kind"),
            role: try row.word("role"), language: try row.text("language"), state: try row.word("state"),
            madeBy: try row.text("made_by"), made: try row.moment("made_ms"),
            decidedBy: try row.textOrNil("decided_by"), staffID: try row.textOrNil("staff_id"),
            expires: try row.momentOrNil("expires_ms"), emailIndex: try row.bytes("email_index"),
            emailSealed: try row.bytes("email_sealed"), secretSealed: try row.bytes("secret_sealed"),
            linkSealed: try row.bytesOrNil("link_sealed"))
    }
}
