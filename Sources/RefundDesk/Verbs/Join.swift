public import RefundDomain
import Storage
public import Vault

/// What somebody sees who follows the link of an invitation.
public struct OpenInvitation: Sendable {
    public let kind: Invitation.Kind
    public let email: String
    public let role: Role
    /// The merchant that they are to work for; nil for the operator.
    public let merchantName: String?
    public let merchantNameEnglish: String?
    /// The one-time-code secret that their authenticator is to take.
    public let secret: Secret
}

/// Somebody has come by an invitation.
public struct Joined: Sendable {
    public let member: StaffMember
    /// Shown once and kept nowhere.
    public let recoveryCodes: [String]
    /// The token of their first session.
    public let session: String
}

/// An invitation in a worker's hands, opened for sending.
public struct OutgoingInvitation: Sendable {
    public let id: String
    public let kind: Invitation.Kind
    public let language: String
    public let to: String
    public let link: String
    public let merchantName: String?
    public let merchantNameEnglish: String?
    public let written: Moment
}

extension Desk {
    /// What a link leads to; nil for one that ran out, was used, taken back or never made.
    public func invitation(link: String) async throws -> OpenInvitation? {
        let now = clock()
        return try await store.read { sql in
            guard let found = try InvitationTable.find(link: link, at: now, sql) else { return nil }
            let merchant = try merchantNames(found.tenant, sql)
            let secret = try seals.open(found.secretSealed, InvitationTable.place("secret_sealed", found.id), sql)
            return OpenInvitation(
                kind: found.kind, email: try found.email(seals, sql), role: found.role,
                merchantName: merchant.name, merchantNameEnglish: merchant.english, secret: Secret(bytes: secret))
        }
    }

    /// Follows an invitation to its end: the person has set a password and shown a code of their new authenticator.
    ///
    /// After a reset everything that proved them before is gone, and so are their sessions.
    ///
    /// - Parameter passwordHash: as the password workshop makes it, of a password that fits the rules.
    /// - Throws: ``Refusal/notFound`` when the link does not hold any more, ``Refusal/field(_:_:)`` for a wrong code,
    ///   ``Refusal/alreadyThere(_:)`` when the address came to work for another house meanwhile.
    public func join(link: String, passwordHash: String, code: String) async throws -> Joined {
        let now = clock()
        let newID = try newID()
        let token = try chance.token()
        let codes = try RecoveryCodes.draw(chance)
        let digits = code.filter { !$0.isWhitespace }
        return try await store.write { sql in
            guard let found = try InvitationTable.find(link: link, at: now, sql) else { throw Refusal.notFound }
            let secret = try seals.open(found.secretSealed, InvitationTable.place("secret_sealed", found.id), sql)
            guard
                let step = OneTimeCode.standard.verify(
                    digits, secret: Secret(bytes: secret), at: now.seconds, lastStep: nil)
            else { throw Refusal.field("code", .unreadable) }
            let proofs = NewProofs(passwordHash: passwordHash, secret: secret, step: step, codes: codes)
            let member =
                switch found.kind {
                case .invite: try come(by: found, as: newID, proofs, at: now, sql)
                case .reset: try beginAnew(by: found, proofs, at: now, sql)
                }
            guard try InvitationTable.finish(found.id, as: member.id, at: now, sql) else { throw Refusal.notFound }
            try record("invitation.done", found.id, of: found.tenant, by: member.actor, at: now, sql)
            try StaffSessionTable.insert(
                token, of: member, proved: "code", seconds: StaffLimits.sessionSeconds, at: now, sql)
            return Joined(member: member, recoveryCodes: codes, session: token)
        }
    }

    /// What proves somebody from now on.
    private struct NewProofs {
        let passwordHash: String
        let secret: [UInt8]
        let step: Int64
        let codes: [String]
    }

    private func come(
        by found: Invitation, as id: String, _ proofs: NewProofs, at now: Moment, _ sql: any SQLTransaction
    ) throws -> StaffMember {
        let email = try found.email(seals, sql)
        if try StaffTable.find(emailIndex: found.emailIndex, sql) != nil { throw Refusal.alreadyThere(email) }
        let member = StaffMember(
            id: id, role: found.role,
            merchantID: found.tenant == SealPlace.operatorTenant ? nil : found.tenant)
        let hashes = RecoveryCodes(keys, id).hashes(of: proofs.codes)
        try StaffTable.insert(
            StaffTable.New(
                member: member, email: email, emailIndex: found.emailIndex, passwordHash: proofs.passwordHash,
                secret: proofs.secret, lastCodeStep: proofs.step, recoveryHashes: hashes),
            at: now, seals, sql)
        try record("staff.joined", of: member, by: member.actor, ["role": found.role.rawValue], at: now, sql)
        return member
    }

    private func beginAnew(
        by found: Invitation, _ proofs: NewProofs, at now: Moment, _ sql: any SQLTransaction
    ) throws -> StaffMember {
        guard let row = try found.staffID.flatMap({ try StaffTable.find($0, sql) }), row.left == nil else {
            throw Refusal.notFound
        }
        let id = row.member.id
        try StaffTable.setPassword(proofs.passwordHash, of: id, sql)
        try StaffTable.setSecret(proofs.secret, usedStep: proofs.step, of: id, seals, sql)
        try StaffTable.setRecovery(RecoveryCodes(keys, id).hashes(of: proofs.codes), of: id, sql)
        try StaffSessionTable.endAll(of: id, but: nil, sql)
        try record("staff.began-anew", of: row.member, by: row.member.actor, at: now, sql)
        return row.member
    }

    /// Opens an invitation for sending; nil when it ended, was sent, or the claim is lost.
    public func outgoingInvitation(_ job: Job) async throws -> OutgoingInvitation? {
        let now = clock()
        return try await store.write { sql in
            guard try OutboxTable.hold(job, sql) else { return nil }
            guard let found = try InvitationTable.find(job.id, sql), found.state == .open,
                let sealed = found.linkSealed, let expires = found.expires, now < expires,
                let link = try seals.openText(sealed, InvitationTable.place("link_sealed", found.id), sql)
            else {
                _ = try OutboxTable.finish(job, at: now, sql)
                return nil
            }
            let merchant = try merchantNames(found.tenant, sql)
            return OutgoingInvitation(
                id: found.id, kind: found.kind, language: found.language, to: try found.email(seals, sql), link: link,
                merchantName: merchant.name, merchantNameEnglish: merchant.english, written: found.made)
        }
    }

    /// Notes that an invitation was sent and erases the link.
    public func invitationSent(_ job: Job) async throws {
        let now = clock()
        try await store.write { sql in
            guard try OutboxTable.finish(job, at: now, sql) else { return }
            try InvitationTable.forgetLink(job.id, sql)
        }
    }

    private func merchantNames(
        _ tenant: String, _ sql: any SQLReading
    ) throws -> (name: String?, english: String?) {
        let row = try sql.row("SELECT name, name_en FROM merchant WHERE id = $1", [.text(tenant)])
        return (try row?.text("name"), try row?.textOrNil("name_en"))
    }
}
