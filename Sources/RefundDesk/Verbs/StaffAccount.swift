public import RefundDomain
import Storage
public import Vault

extension Desk {
    /// Who a session belongs to, with today's role; nil when it ended, is idle too long or waits for its code.
    public func staff(of session: String) async throws -> StaffMember? {
        try await staffSession(of: session)?.member
    }

    /// The same with when the person last proved who they are.
    public func staffSession(of token: String) async throws -> StaffSession? {
        let now = clock()
        guard let live = try await store.read({ sql in try StaffSessionTable.live(token, at: now, sql) }) else {
            return nil
        }
        if live.seen.adding(seconds: StaffLimits.seenEverySeconds) <= now {
            try await store.write { sql in try StaffSessionTable.see(token, at: now, sql) }
        }
        return live.session
    }

    /// The sessions of whoever a session belongs to, the newest first.
    public func staffSessions(of member: StaffMember, own token: String) async throws -> [StaffSessionLine] {
        let now = clock()
        return try await store.read { sql in
            try StaffSessionTable.list(of: member.id, own: token, at: now, sql)
        }
    }

    /// Ends a session.
    public func signOut(session: String) async throws {
        try await store.write { sql in try StaffSessionTable.end(session, sql) }
    }

    /// Ends every session of a person.
    public func signOutEverywhere(_ member: StaffMember) async throws {
        let now = clock()
        try await store.write { sql in
            try StaffSessionTable.endAll(of: member.id, but: nil, sql)
            try record("staff.signed-out-everywhere", of: member, by: member.actor, at: now, sql)
        }
    }

    /// Somebody who is signed in proves with a code that it is still them; the session goes on under a new token.
    ///
    /// - Returns: the new token.
    /// - Throws: ``Refusal/wrongCode(triesLeft:)``; ``Refusal/codeExpired`` when the session ended after too many wrong
    ///   ones; ``Refusal/tooMany(retryAfterSeconds:)``.
    public func proveAgain(code: String, session: String, address: String) async throws -> String {
        let now = clock()
        let token = try chance.token()
        let refusal = try await store.write { sql -> Refusal? in
            guard let live = try StaffSessionTable.live(session, at: now, sql),
                let row = try StaffTable.find(live.session.member.id, sql)
            else { return .codeExpired }
            let pair = SignInPair(account: row.emailIndex, address: address, keys)
            try pair.refuseWhileWaiting(at: now, sql)
            guard try use(.code(code), of: row, at: now, sql) else {
                _ = try pair.count(at: now, sql)
                guard live.triesLeft > 1 else {
                    try StaffSessionTable.end(session, sql)
                    return .codeExpired
                }
                try StaffSessionTable.countTry(session, sql)
                return .wrongCode(triesLeft: live.triesLeft - 1)
            }
            try pair.forget(sql)
            try StaffSessionTable.renew(session, as: token, at: now, sql)
            return nil
        }
        if let refusal { throw refusal }
        return token
    }
}

/// What a person sees of their own account.
public struct StaffAccount: Sendable {
    public let email: String
    public let recoveryLeft: Int
    /// The newest entries about it that the person should know of, newest first, at most ``newsMax``.
    public let news: [News]

    public static let newsMax = 10

    /// One entry of the record about an account.
    public struct News: Sendable, Hashable {
        /// For example `staff.signed-in`.
        public let what: String
        public let at: Moment
    }
}

extension Desk {
    /// A person's own account.
    ///
    /// - Throws: ``Refusal/notFound``.
    public func staffAccount(of member: StaffMember) async throws -> StaffAccount {
        try await store.read { sql in
            guard let row = try StaffTable.find(member.id, sql) else { throw Refusal.notFound }
            let news = try sql.rows(
                """
                SELECT   what, at_ms
                FROM     event
                WHERE    object_id = $1
                AND      object = 'staff'
                ORDER BY at_ms DESC, number DESC
                LIMIT    $2
                """, [.text(member.id), .int(Int64(StaffAccount.newsMax))]
            ).map { StaffAccount.News(what: try $0.text("what"), at: try $0.moment("at_ms")) }
            return StaffAccount(
                email: try seals.openText(row.emailSealed, StaffTable.place("email_sealed", member.id), sql) ?? "",
                recoveryLeft: RecoveryCodes.count(row.recoveryHashes), news: news)
        }
    }

    /// Gives a person another password, as they asked; their other sessions end.
    ///
    /// - Parameter hash: as the password workshop makes it, of a password that fits the rules.
    public func changePassword(to hash: String, of member: StaffMember, session: String) async throws {
        let now = clock()
        try await store.write { sql in
            try StaffTable.setPassword(hash, of: member.id, sql)
            try StaffSessionTable.endAll(of: member.id, but: session, sql)
            try record("staff.password-changed", of: member, by: member.actor, at: now, sql)
        }
    }

    /// A new one-time-code secret with what shows later that it was made here for this person.
    public func newAuthenticator(for member: StaffMember) throws -> Authenticator {
        let secret = try chance.bytes(OneTimeCode.secretBytes)
        return Authenticator(secret: Secret(bytes: secret), mark: mark(secret, member.id))
    }

    /// Gives a person another authenticator once they typed a code of it; their other sessions end.
    ///
    /// - Throws: ``Refusal/field(_:_:)`` for a wrong code, ``Refusal/notFound`` for a secret that was not made here.
    public func changeAuthenticator(
        to new: Authenticator, code: String, of member: StaffMember, session: String
    ) async throws {
        guard constantTimeEqual(Array(mark(new.secret.bytes, member.id).utf8), Array(new.mark.utf8)) else {
            throw Refusal.notFound
        }
        let now = clock()
        let digits = code.filter { !$0.isWhitespace }
        guard
            let step = OneTimeCode.standard.verify(digits, secret: new.secret, at: now.seconds, lastStep: nil)
        else { throw Refusal.field("code", .unreadable) }
        try await store.write { sql in
            try StaffTable.setSecret(new.secret.bytes, usedStep: step, of: member.id, seals, sql)
            try StaffSessionTable.endAll(of: member.id, but: session, sql)
            try record("staff.authenticator-changed", of: member, by: member.actor, at: now, sql)
        }
    }

    /// Makes a new set of recovery codes; the old ones end.
    ///
    /// - Returns: the codes, which are shown once and kept nowhere.
    public func renewRecoveryCodes(of member: StaffMember) async throws -> [String] {
        let now = clock()
        let codes = try RecoveryCodes.draw(chance)
        try await store.write { sql in
            try StaffTable.setRecovery(RecoveryCodes(keys, member.id).hashes(of: codes), of: member.id, sql)
            try record("staff.recovery-renewed", of: member, by: member.actor, at: now, sql)
        }
        return codes
    }

    private func mark(_ secret: [UInt8], _ staffID: String) -> String {
        Hex.encode(keys.textDigest(Hex.encode(secret), salt: "authenticator\n\(staffID)"))
    }
}

/// A one-time-code secret that a person is about to take.
public struct Authenticator: Sendable {
    public let secret: Secret
    /// Keyed, so that nobody can have a secret of their own choosing put in.
    public let mark: String

    public init(secret: Secret, mark: String) {
        self.secret = secret
        self.mark = mark
    }
}
