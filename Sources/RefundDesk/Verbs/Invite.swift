public import RefundDomain
import Storage
import Vault

extension Desk {
    /// Invites somebody: a message takes them a link that holds for a day. An older link to the same address ends.
    ///
    /// An address that works for another house is invited like any other, so that nobody learns who works where; the
    /// one who follows the link is told.
    ///
    /// - Parameter language: in which the message is written.
    /// - Throws: ``Refusal/field(_:_:)``, ``Refusal/alreadyThere(_:)`` for somebody of the same house,
    ///   ``Refusal/tooMany(retryAfterSeconds:)`` when many are open, ``Refusal/notAllowed``.
    public func invite(email: String, role: Role, language: String, by admin: StaffMember) async throws {
        guard let normal = ContactText.normalEmail(email) else { throw Refusal.field("email", .unreadable) }
        guard admin.role.givenRoles.contains(role) else { throw Refusal.field("role", .notOffered) }
        let now = clock()
        let id = try newID()
        let secret = try chance.bytes(OneTimeCode.secretBytes)
        let link = try chance.token()
        let index = keys.index(.staffEmail, normal)
        try await store.write { sql in
            try requireKeeper(admin, sql)
            if let there = try StaffTable.find(emailIndex: index, sql), there.tenant == admin.tenant {
                throw Refusal.alreadyThere(normal)
            }
            try endInvitations(to: index, by: admin, at: now, sql)
            try requireRoom(of: admin.tenant, sql)
            let new = InvitationTable.New(
                id: id, tenant: admin.tenant, kind: .invite, email: normal, emailIndex: index, role: role,
                language: language, secret: secret, madeBy: admin.id, link: link)
            try InvitationTable.insert(new, at: now, seals, sql)
            try OutboxTable.add(.sendInvitation, id: id, caseID: nil, notBefore: now, at: now, sql)
            try record("invitation.made", id, of: admin.tenant, by: admin.actor, ["role": role.rawValue], at: now, sql)
        }
    }

    /// Proposes that somebody who lost what proves them gets a link to begin anew; another who keeps people confirms.
    ///
    /// - Throws: ``Refusal/proposalOpen``, ``Refusal/notFound``, ``Refusal/notAllowed``.
    public func proposeReset(of staffID: String, language: String, by admin: StaffMember) async throws {
        let now = clock()
        let id = try newID()
        let secret = try chance.bytes(OneTimeCode.secretBytes)
        try await store.write { sql in
            _ = try kept(staffID, by: admin, sql)
            guard let row = try StaffTable.find(staffID, sql), row.left == nil else { throw Refusal.notFound }
            guard try waiting(to: row.emailIndex, of: admin.tenant, sql).isEmpty else { throw Refusal.proposalOpen }
            try requireRoom(of: admin.tenant, sql)
            let email = try seals.openText(row.emailSealed, StaffTable.place("email_sealed", staffID), sql) ?? ""
            let new = InvitationTable.New(
                id: id, tenant: admin.tenant, kind: .reset, email: email, emailIndex: row.emailIndex,
                role: row.member.role, language: language, secret: secret, madeBy: admin.id, staffID: staffID)
            try InvitationTable.insert(new, at: now, seals, sql)
            try record("invitation.proposed", id, of: admin.tenant, by: admin.actor, ["staff": staffID], at: now, sql)
        }
    }

    /// Agrees to a reset as another person than proposed it, and than the one it is for: its link goes out.
    ///
    /// - Throws: ``Refusal/makerMayNotDecide`` for those two, ``Refusal/stale(version:)``, ``Refusal/notFound``.
    public func confirmReset(_ id: String, by admin: StaffMember) async throws {
        let now = clock()
        let link = try chance.token()
        try await store.write { sql in
            let found = try invitation(id, of: admin, sql)
            guard found.kind == .reset else { throw Refusal.notFound }
            guard found.madeBy != admin.id, found.staffID != admin.id else { throw Refusal.makerMayNotDecide }
            guard try InvitationTable.open(id, link: link, by: admin.id, at: now, seals, sql) else {
                throw Refusal.stale(version: 0)
            }
            try OutboxTable.add(.sendInvitation, id: id, caseID: nil, notBefore: now, at: now, sql)
            try record("invitation.confirmed", id, of: found.tenant, by: admin.actor, at: now, sql)
        }
    }

    /// Takes an invitation back, or refuses a reset.
    ///
    /// - Throws: ``Refusal/stale(version:)`` when it ended meanwhile, ``Refusal/notFound``, ``Refusal/notAllowed``.
    public func endInvitation(_ id: String, by admin: StaffMember) async throws {
        let now = clock()
        try await store.write { sql in
            let found = try invitation(id, of: admin, sql)
            guard try end(found, by: admin, at: now, sql) else { throw Refusal.stale(version: 0) }
        }
    }

    /// Ends what is open for somebody who is shut out.
    func endInvitations(
        ofPerson member: StaffMember, by admin: StaffMember, at now: Moment, _ sql: any SQLTransaction
    ) throws {
        guard let row = try StaffTable.find(member.id, sql) else { return }
        try endInvitations(to: row.emailIndex, by: admin, at: now, sql)
    }

    private func endInvitations(
        to index: [UInt8], by admin: StaffMember, at now: Moment, _ sql: any SQLTransaction
    ) throws {
        for found in try waiting(to: index, of: admin.tenant, sql) {
            _ = try end(found, by: admin, at: now, sql)
        }
    }

    private func end(
        _ found: Invitation, by admin: StaffMember, at now: Moment, _ sql: any SQLTransaction
    ) throws -> Bool {
        guard try InvitationTable.end(found.id, by: admin.id, at: now, sql) else { return false }
        try record("invitation.ended", found.id, of: found.tenant, by: admin.actor, at: now, sql)
        return true
    }

    private func waiting(to index: [UInt8], of tenant: String, _ sql: any SQLReading) throws -> [Invitation] {
        try [Invitation.State.proposed, .open].flatMap { try InvitationTable.list(of: tenant, $0, sql) }
            .filter { $0.emailIndex == index }
    }

    private func requireRoom(of tenant: String, _ sql: any SQLReading) throws {
        let open = try [Invitation.State.proposed, .open].map { try InvitationTable.list(of: tenant, $0, sql).count }
        guard open.reduce(0, +) < Int(InvitationLimits.openMax) else {
            throw Refusal.tooMany(retryAfterSeconds: InvitationLimits.lifeSeconds)
        }
    }

    private func invitation(_ id: String, of admin: StaffMember, _ sql: any SQLReading) throws -> Invitation {
        guard let found = try InvitationTable.find(id, sql), found.tenant == admin.tenant else {
            throw Refusal.notFound
        }
        try requireKeeper(admin, sql)
        return found
    }

    /// An entry about an invitation, in the stream of the house that it is of.
    func record(
        _ what: String, _ id: String, of tenant: String, by actor: Actor, _ facts: [String: String] = [:],
        at now: Moment, _ sql: any SQLTransaction
    ) throws {
        let event = NewEvent(
            stream: tenant, actor: actor, what: what, object: "invitation", objectID: id, facts: facts,
            visibility: .internal)
        try EventTable.append(event, at: now, seals, sql)
    }
}
