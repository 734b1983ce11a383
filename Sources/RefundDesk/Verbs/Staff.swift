public import RefundDomain
import Storage
import Vault

/// A member of staff who is signed in.
public struct StaffMember: Sendable, Hashable {
    public let id: String
    public let role: Role
    /// The merchant they belong to; nil for the operator's people, who see every merchant.
    public let merchantID: String?

    public init(id: String, role: Role, merchantID: String?) {
        self.id = id
        self.role = role
        self.merchantID = merchantID
    }

    public var actor: Actor { .staff(id: id, role: role) }

    /// Whether cases of a merchant are this person's to see.
    public func sees(_ merchant: String) -> Bool {
        role.isOfMerchant ? merchantID == merchant : role.seesSupportDesk
    }
}

/// What the sign-in needs to check a password.
public struct StaffCredentials: Sendable {
    public let member: StaffMember
    public let passwordHash: String
}

/// How sign-in is slowed and sessions end.
public enum StaffLimits {
    /// Wrong passwords before the account has to wait.
    public static let failuresMax: Int64 = 10
    /// How long it then waits, in seconds: 30 minutes (PCI DSS 8.3.4).
    public static let waitSeconds: Int64 = 1800
    public static let codeTries: Int64 = 5
    /// A session that is not used for so many seconds ends: 15 minutes.
    public static let idleSeconds: Int64 = 900
    /// Every session ends after so many seconds: 12 hours.
    public static let sessionSeconds: Int64 = 43_200
    /// How long there is for the one-time code after the password, in seconds.
    public static let codeSeconds: Int64 = 600
    static let seenEverySeconds: Int64 = 60
}

extension Desk {
    /// Adds a member of staff.
    ///
    /// - Parameters:
    ///   - passwordHash: as the password workshop makes it.
    ///   - secret: the one-time-code secret, 20 bytes.
    /// - Throws: ``Refusal/alreadyThere(_:)``, ``Refusal/field(_:_:)``.
    public func addStaff(
        email: String, role: Role, merchantCode: String?, passwordHash: String, secret: [UInt8]
    ) async throws {
        guard let normal = ContactText.normalEmail(email) else { throw Refusal.field("email", .unreadable) }
        if role.isOfMerchant, merchantCode == nil { throw Refusal.field("merchant", .missing) }
        if !role.isOfMerchant, merchantCode != nil { throw Refusal.field("merchant", .notOffered) }
        let now = clock()
        let id = try newID()
        let index = keys.index(.staffEmail, normal)
        try await store.write { sql in
            var merchantID: String?
            if let merchantCode {
                merchantID = try MerchantTable.id(code: merchantCode, sql)
                if merchantID == nil { throw Refusal.field("merchant", .notOffered) }
            }
            try seals.requireOperatorKeys(at: now.milliseconds, sql)
            let there = try sql.row("SELECT id FROM staff WHERE email_index = $1", [.bytes(index)])
            if there != nil { throw Refusal.alreadyThere(normal) }
            try sql.run(
                """
                INSERT INTO staff (id, email_index, email_sealed, role, merchant_id, password_hash, code_sealed,
                                   last_code_step, created_ms)
                VALUES ($1, $2, $3, $4, $5, $6, $7, 0, $8)
                """,
                [
                    .text(id), .bytes(index), .bytes(try seals.seal(normal, staffPlace("email_sealed", id), sql)),
                    .text(role.rawValue), .text(merchantID), .text(passwordHash),
                    .bytes(try seals.seal(secret, staffPlace("code_sealed", id), sql)), .int(now.milliseconds),
                ])
            let event = NewEvent(
                stream: merchantID ?? SealPlace.operatorTenant, actor: .system, what: "staff.added", object: "staff",
                objectID: id, facts: ["role": role.rawValue], visibility: .internal)
            try EventTable.append(event, at: now, seals, sql)
        }
    }

    /// The account of an address, or nil when there is none; the caller then checks a dummy password.
    ///
    /// - Parameter address: the client's network address. Wrong passwords are counted for the pair of account and
    ///   address, whether the account exists or not: nobody can lock another person out or learn who works here.
    /// - Throws: ``Refusal/tooMany(retryAfterSeconds:)`` while the pair has to wait.
    public func staffCredentials(email: String, address: String) async throws -> StaffCredentials? {
        let index = accountIndex(email)
        let pair = SignInPair(account: index, address: address, keys)
        let now = clock()
        return try await store.read { sql in
            try pair.refuseWhileWaiting(at: now, sql)
            guard
                let row = try sql.row(
                    """
                    SELECT id, role, merchant_id, password_hash
                    FROM   staff
                    WHERE  email_index = $1
                    AND    left_ms IS NULL
                    """, [.bytes(index)]), let member = try member(row)
            else { return nil }
            return StaffCredentials(member: member, passwordHash: try row.text("password_hash"))
        }
    }

    /// Counts a wrong password; after ten the pair of account and address waits half an hour.
    public func passwordFailed(email: String, address: String) async throws {
        let now = clock()
        let pair = SignInPair(account: accountIndex(email), address: address, keys)
        try await store.write { sql in try pair.count(at: now, sql) }
    }

    /// Makes the session that waits for the one-time code.
    ///
    /// - Returns: its token.
    public func passwordProved(_ member: StaffMember) async throws -> String {
        let now = clock()
        let token = try chance.token()
        try await store.write { sql in
            try insertSession(
                token, member, proved: "password", seconds: StaffLimits.codeSeconds, at: now, sql)
        }
        return token
    }

    /// Checks the one-time code and makes the session that may work.
    ///
    /// Wrong codes count as wrong passwords do, so that knowing the password does not help to guess them.
    ///
    /// - Returns: the new session's token.
    /// - Throws: ``Refusal/wrongCode(triesLeft:)``; ``Refusal/codeExpired`` when the password has to be given again;
    ///   ``Refusal/tooMany(retryAfterSeconds:)``.
    public func proveStaffCode(_ code: String, session: String, address: String) async throws -> String {
        let now = clock()
        let token = try chance.token()
        let digits = code.filter { !$0.isWhitespace }
        let refusal = try await store.write { sql -> Refusal? in
            guard let (member, left) = try waitingSession(session, at: now, sql), left > 0 else {
                return .codeExpired
            }
            let pair = try signInPair(of: member, address: address, sql)
            try pair.refuseWhileWaiting(at: now, sql)
            guard let step = try acceptedStep(digits, of: member, at: now, sql) else {
                try sql.run(
                    "UPDATE staff_session SET tries_left = tries_left - 1 WHERE token_hash = $1",
                    [.bytes(VisitorTable.hash(session))])
                try pair.count(at: now, sql)
                return left > 1 ? .wrongCode(triesLeft: left - 1) : .codeExpired
            }
            // Guarded in the statement, so that of two who use one code at once one gets in.
            let used = try sql.run(
                "UPDATE staff SET last_code_step = $1 WHERE id = $2 AND last_code_step < $1",
                [.int(step), .text(member.id)])
            guard used == 1 else { return .codeExpired }
            try pair.forget(sql)
            try endSession(session, sql)
            try insertSession(token, member, proved: "code", seconds: StaffLimits.sessionSeconds, at: now, sql)
            let event = NewEvent(
                stream: member.merchantID ?? SealPlace.operatorTenant, actor: member.actor, what: "staff.signed-in",
                object: "staff", objectID: member.id, visibility: .internal)
            try EventTable.append(event, at: now, seals, sql)
            return nil
        }
        if let refusal { throw refusal }
        return token
    }

    /// Who a session belongs to, with today's role; nil when it ended, is idle too long or waits for its code.
    public func staff(of session: String) async throws -> StaffMember? {
        let now = clock()
        let found = try await store.read { sql -> (StaffMember, Moment)? in
            guard
                let row = try sql.row(
                    """
                    SELECT staff.id, staff.role, staff.merchant_id, staff_session.last_seen_ms
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
                        .bytes(VisitorTable.hash(session)), .int(now.milliseconds),
                        .int(now.adding(seconds: -StaffLimits.idleSeconds).milliseconds),
                    ]), let member = try member(row)
            else { return nil }
            return (member, try row.moment("last_seen_ms"))
        }
        guard let (member, seen) = found else { return nil }
        if seen.adding(seconds: StaffLimits.seenEverySeconds) <= now {
            _ = try await store.write { sql in
                try sql.run(
                    "UPDATE staff_session SET last_seen_ms = $1 WHERE token_hash = $2",
                    [.int(now.milliseconds), .bytes(VisitorTable.hash(session))])
            }
        }
        return member
    }

    /// Ends a session.
    public func signOut(session: String) async throws {
        try await store.write { sql in try endSession(session, sql) }
    }
}

extension Desk {
    /// The blind index of a typed address, also of one that cannot be an address: the work is the same.
    private func accountIndex(_ email: String) -> [UInt8] {
        keys.index(.staffEmail, ContactText.normalEmail(email) ?? email)
    }

    private func signInPair(
        of member: StaffMember, address: String, _ sql: any SQLReading
    ) throws -> SignInPair {
        let row = try sql.row("SELECT email_index FROM staff WHERE id = $1", [.text(member.id)])
        return SignInPair(account: try row?.bytes("email_index") ?? [], address: address, keys)
    }

    private func staffPlace(_ column: String, _ id: String) -> SealPlace {
        SealPlace("staff", column, row: id, tenant: SealPlace.operatorTenant, .staff)
    }

    private func insertSession(
        _ token: String, _ member: StaffMember, proved: String, seconds: Int64, at now: Moment,
        _ sql: any SQLTransaction
    ) throws {
        try sql.run(
            """
            INSERT INTO staff_session (token_hash, staff_id, proved, tries_left, created_ms, last_seen_ms, expires_ms)
            VALUES ($1, $2, $3, $4, $5, $5, $6)
            """,
            [
                .bytes(VisitorTable.hash(token)), .text(member.id), .text(proved), .int(StaffLimits.codeTries),
                .int(now.milliseconds), .int(now.adding(seconds: seconds).milliseconds),
            ])
    }

    private func endSession(_ token: String, _ sql: any SQLTransaction) throws {
        try sql.run("DELETE FROM staff_session WHERE token_hash = $1", [.bytes(VisitorTable.hash(token))])
    }

    private func waitingSession(
        _ token: String, at now: Moment, _ sql: any SQLReading
    ) throws -> (StaffMember, Int64)? {
        guard
            let row = try sql.row(
                """
                SELECT staff.id, staff.role, staff.merchant_id, staff_session.tries_left
                FROM   staff_session
                JOIN   staff
                ON     staff.id = staff_session.staff_id
                WHERE  staff_session.token_hash = $1
                AND    staff_session.proved = 'password'
                AND    staff_session.expires_ms > $2
                AND    staff.left_ms IS NULL
                """, [.bytes(VisitorTable.hash(token)), .int(now.milliseconds)]), let member = try member(row)
        else { return nil }
        return (member, try row.int("tries_left"))
    }

    /// The person of a row; nil for a role that this version does not know, so that nobody gets in by it.
    private func member(_ row: SQLRow) throws -> StaffMember? {
        guard let role: Role = try row.wordOrNil("role") else { return nil }
        return StaffMember(id: try row.text("id"), role: role, merchantID: try row.textOrNil("merchant_id"))
    }

    /// The time step that a code belongs to, when it is right and was not used before.
    private func acceptedStep(
        _ code: String, of member: StaffMember, at now: Moment, _ sql: any SQLReading
    ) throws -> Int64? {
        guard
            let row = try sql.row(
                "SELECT code_sealed, last_code_step FROM staff WHERE id = $1", [.text(member.id)])
        else { return nil }
        let secret = try seals.open(try row.bytes("code_sealed"), staffPlace("code_sealed", member.id), sql)
        return OneTimeCode.standard.verify(
            code, secret: Secret(bytes: secret), at: now.seconds, lastStep: try row.int("last_code_step"))
    }
}
