import RefundDomain
import Storage
import Vault

/// What the sign-in needs to check a password. Asking for it counts as a try until ``Desk/passwordProved(_:)`` or
/// ``Desk/takeBack(_:)`` says that the password was right.
public struct StaffCredentials: Sendable {
    public let member: StaffMember
    public let passwordHash: String
    fileprivate let pair: SignInPair
    fileprivate let counted: SignInPair.Counted
}

extension Desk {
    /// The account of an address, or nil when there is none; the caller then checks a dummy password.
    ///
    /// - Parameter address: the client's network address. Tries are counted for the pair of account and address,
    ///   whether the account exists or not: nobody can lock another person out or learn who works here.
    /// - Throws: ``Refusal/tooMany(retryAfterSeconds:)`` while the pair or the address has to wait.
    public func staffCredentials(email: String, address: String) async throws -> StaffCredentials? {
        let index = accountIndex(email)
        let now = clock()
        return try await store.write { sql in try credentials(index, address: address, at: now, sql) }
    }

    /// The same for somebody who is signed in and proves anew who they are.
    public func staffCredentials(of member: StaffMember, address: String) async throws -> StaffCredentials? {
        let now = clock()
        return try await store.write { sql in
            guard let row = try StaffTable.find(member.id, sql) else { return nil }
            return try credentials(row.emailIndex, address: address, at: now, sql)
        }
    }

    private func credentials(
        _ index: [UInt8], address: String, at now: Moment, _ sql: any SQLTransaction
    ) throws -> StaffCredentials? {
        let pair = SignInPair(account: index, address: address, keys)
        try pair.refuseWhileWaiting(at: now, sql)
        let counted = try pair.count(at: now, sql)
        guard let row = try StaffTable.find(emailIndex: index, sql), row.left == nil else { return nil }
        try tellOfTries(counted, of: row, at: now, sql)
        return StaffCredentials(member: row.member, passwordHash: row.passwordHash, pair: pair, counted: counted)
    }

    /// Makes the session that waits for the one-time code.
    ///
    /// - Returns: its token.
    public func passwordProved(_ credentials: StaffCredentials) async throws -> String {
        let now = clock()
        let token = try chance.token()
        try await store.write { sql in
            try credentials.pair.takeBack(credentials.counted, at: now, sql)
            try StaffSessionTable.insert(
                token, of: credentials.member, proved: "password", seconds: StaffLimits.codeSeconds, at: now, sql)
        }
        return token
    }

    /// The password was right, and nothing else follows from it.
    public func takeBack(_ credentials: StaffCredentials) async throws {
        let now = clock()
        try await store.write { sql in try credentials.pair.takeBack(credentials.counted, at: now, sql) }
    }

    /// Stores a new hash of the same password, made at today's cost.
    public func rehashed(_ hash: String, of member: StaffMember) async throws {
        let now = clock()
        try await store.write { sql in
            try StaffTable.setPassword(hash, of: member.id, sql)
            try record("staff.password-rehashed", of: member, by: .system, at: now, sql)
        }
    }

    /// Checks the one-time code and makes the session that may work.
    ///
    /// Wrong codes count as wrong passwords do, so that knowing the password does not help to guess them.
    ///
    /// - Returns: the new session's token.
    /// - Throws: ``Refusal/wrongCode(triesLeft:)``; ``Refusal/codeExpired`` when the password has to be given again;
    ///   ``Refusal/tooMany(retryAfterSeconds:)``.
    public func proveStaffCode(_ code: String, session: String, address: String) async throws -> String {
        try await signIn(.code(code), session: session, address: address)
    }

    /// The same with one of the person's recovery codes in place of the one-time code; it works once.
    public func proveRecoveryCode(_ code: String, session: String, address: String) async throws -> String {
        try await signIn(.recovery(code), session: session, address: address)
    }

    private func signIn(_ factor: SecondFactor, session: String, address: String) async throws -> String {
        let now = clock()
        let token = try chance.token()
        let refusal = try await store.write { sql -> Refusal? in
            guard let waiting = try StaffSessionTable.waiting(session, at: now, sql), waiting.left > 0,
                let row = try StaffTable.find(waiting.staffID, sql), row.left == nil
            else { return .codeExpired }
            let pair = SignInPair(account: row.emailIndex, address: address, keys)
            try pair.refuseWhileWaiting(at: now, sql)
            guard try use(factor, of: row, at: now, sql) else {
                try StaffSessionTable.countTry(session, sql)
                try tellOfTries(pair.count(at: now, sql), of: row, at: now, sql)
                return waiting.left > 1 ? .wrongCode(triesLeft: waiting.left - 1) : .codeExpired
            }
            try pair.forget(sql)
            try StaffSessionTable.end(session, sql)
            try StaffSessionTable.insert(
                token, of: row.member, proved: "code", seconds: StaffLimits.sessionSeconds, at: now, sql)
            try record("staff.signed-in", of: row.member, by: row.member.actor, at: now, sql)
            return nil
        }
        if let refusal { throw refusal }
        return token
    }

    /// Many wrong tries of an account are written down for those who keep it; who tried is known by no more than that.
    private func tellOfTries(
        _ counted: SignInPair.Counted, of row: StaffRow, at now: Moment, _ sql: any SQLTransaction
    ) throws {
        switch counted.alert {
        case nil: return
        case .waits: try record("staff.sign-in-waits", of: row.member, by: .system, at: now, sql)
        case .manyTries: try record("staff.sign-in-tried", of: row.member, by: .system, at: now, sql)
        }
    }
}

/// What proves a person beside the password.
enum SecondFactor: Sendable {
    case code(String)
    case recovery(String)
}

extension Desk {
    /// Uses a second factor up, in this transaction.
    ///
    /// - Returns: whether it was right and unused.
    func use(
        _ factor: SecondFactor, of row: StaffRow, at now: Moment, _ sql: any SQLTransaction
    ) throws -> Bool {
        switch factor {
        case .code(let typed):
            guard let step = try acceptedStep(typed, of: row, at: now, sql) else { return false }
            return try StaffTable.use(codeStep: step, of: row.member.id, sql)
        case .recovery(let typed):
            guard let left = RecoveryCodes(keys, row.member.id).left(of: row.recoveryHashes, without: typed) else {
                return false
            }
            try StaffTable.setRecovery(left, of: row.member.id, sql)
            try record(
                "staff.recovery-used", of: row.member, by: row.member.actor,
                ["left": String(RecoveryCodes.count(left))], at: now, sql)
            return true
        }
    }

    /// The time step that a code belongs to, when it is right and was not used before.
    private func acceptedStep(
        _ code: String, of row: StaffRow, at now: Moment, _ sql: any SQLReading
    ) throws -> Int64? {
        let secret = try seals.open(row.codeSealed, StaffTable.place("code_sealed", row.member.id), sql)
        let digits = code.filter { !$0.isWhitespace }
        return OneTimeCode.standard.verify(
            digits, secret: Secret(bytes: secret), at: now.seconds, lastStep: row.lastCodeStep)
    }
}
