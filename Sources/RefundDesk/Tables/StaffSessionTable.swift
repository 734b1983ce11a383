public import RefundDomain
import Storage

/// A session of somebody who is signed in.
public struct StaffSession: Sendable, Hashable {
    /// With today's role.
    public let member: StaffMember
    /// When they last proved with a code who they are.
    public let proved: Moment
}

/// One of a person's own sessions, as they are shown a list of them.
public struct StaffSessionLine: Sendable, Hashable {
    public let began: Moment
    /// Exact to a minute.
    public let lastSeen: Moment
    /// Whether it is the one that asks.
    public let isOwn: Bool
}

/// Sessions of staff; kept by the hash of their token.
enum StaffSessionTable {
    /// More than anybody has open at once.
    static let listMax: Int64 = 50

    static func insert(
        _ token: String, of member: StaffMember, proved: String, seconds: Int64, at now: Moment,
        _ sql: any SQLTransaction
    ) throws {
        try sql.run(
            """
            INSERT INTO staff_session (token_hash, staff_id, proved, tries_left, created_ms, last_seen_ms, expires_ms,
                                       proved_ms)
            VALUES ($1, $2, $3, $4, $5, $5, $6, $5)
            """,
            [
                .bytes(VisitorTable.hash(token)), .text(member.id), .text(proved), .int(StaffLimits.codeTries),
                .int(now.milliseconds), .int(now.adding(seconds: seconds).milliseconds),
            ])
    }

    /// Who waits for the one-time code, and how many tries are left.
    static func waiting(
        _ token: String, at now: Moment, _ sql: any SQLReading
    ) throws -> (staffID: String, left: Int64)? {
        try sql.row(
            """
            SELECT staff_id, tries_left
            FROM   staff_session
            WHERE  token_hash = $1
            AND    proved = 'password'
            AND    expires_ms > $2
            """, [.bytes(VisitorTable.hash(token)), .int(now.milliseconds)]
        ).map { row in (try row.text("staff_id"), try row.int("tries_left")) }
    }

    struct Live {
        let session: StaffSession
        let seen: Moment
        let triesLeft: Int64
    }

    /// The session of a token that may work; nil when it ended, is idle too long, waits for its code or is of somebody
    /// who left.
    static func live(_ token: String, at now: Moment, _ sql: any SQLReading) throws -> Live? {
        guard
            let row = try sql.row(
                """
                SELECT staff.id, staff.role, staff.merchant_id, staff_session.last_seen_ms, staff_session.tries_left,
                       COALESCE(staff_session.proved_ms, staff_session.created_ms) AS proved_ms
                FROM   staff_session
                JOIN   staff
                ON     staff.id = staff_session.staff_id
                WHERE  staff_session.token_hash = $1
                AND    staff_session.proved = 'code'
                AND    staff_session.expires_ms > $2
                AND    staff_session.last_seen_ms > $3
                AND    staff.left_ms IS NULL
                """,
                [
                    .bytes(VisitorTable.hash(token)), .int(now.milliseconds),
                    .int(now.adding(seconds: -StaffLimits.idleSeconds).milliseconds),
                ]), let member = try StaffTable.member(row)
        else { return nil }
        return Live(
            session: StaffSession(member: member, proved: try row.moment("proved_ms")),
            seen: try row.moment("last_seen_ms"), triesLeft: try row.int("tries_left"))
    }

    static func see(_ token: String, at now: Moment, _ sql: any SQLTransaction) throws {
        try sql.run(
            "UPDATE staff_session SET last_seen_ms = $1 WHERE token_hash = $2",
            [.int(now.milliseconds), .bytes(VisitorTable.hash(token))])
    }

    /// The person proved anew who they are: the session goes on under another token.
    static func renew(_ token: String, as new: String, at now: Moment, _ sql: any SQLTransaction) throws {
        try sql.run(
            """
            UPDATE staff_session
            SET    token_hash = $1, proved_ms = $2, last_seen_ms = $2, tries_left = $3
            WHERE  token_hash = $4
            """,
            [
                .bytes(VisitorTable.hash(new)), .int(now.milliseconds), .int(StaffLimits.codeTries),
                .bytes(VisitorTable.hash(token)),
            ])
    }

    static func countTry(_ token: String, _ sql: any SQLTransaction) throws {
        try sql.run(
            "UPDATE staff_session SET tries_left = tries_left - 1 WHERE token_hash = $1 AND tries_left > 0",
            [.bytes(VisitorTable.hash(token))])
    }

    static func end(_ token: String, _ sql: any SQLTransaction) throws {
        try sql.run("DELETE FROM staff_session WHERE token_hash = $1", [.bytes(VisitorTable.hash(token))])
    }

    /// Ends every session of a person, but for the one that asks.
    static func endAll(of id: String, but token: String?, _ sql: any SQLTransaction) throws {
        try sql.run(
            "DELETE FROM staff_session WHERE staff_id = $1 AND token_hash <> $2",
            [.text(id), .bytes(token.map(VisitorTable.hash) ?? [])])
    }

    /// The sessions of a person that may work, the newest first.
    static func list(
        of id: String, own token: String, at now: Moment, _ sql: any SQLReading
    ) throws -> [StaffSessionLine] {
        try sql.rows(
            """
            SELECT   token_hash, created_ms, last_seen_ms
            FROM     staff_session
            WHERE    staff_id = $1
            AND      proved = 'code'
            AND      expires_ms > $2
            AND      last_seen_ms > $3
            ORDER BY created_ms DESC, token_hash
            LIMIT    $4
            """,
            [
                .text(id), .int(now.milliseconds),
                .int(now.adding(seconds: -StaffLimits.idleSeconds).milliseconds), .int(listMax),
            ]
        ).map { row in
            StaffSessionLine(
                began: try row.moment("created_ms"), lastSeen: try row.moment("last_seen_ms"),
                isOwn: try row.bytes("token_hash") == VisitorTable.hash(token))
        }
    }
}
