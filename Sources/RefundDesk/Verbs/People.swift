public import RefundDomain
import Storage

extension Role {
    /// Whether this role keeps the people of its merchant, or of the operator.
    public var keepsPeople: Bool {
        switch self {
        case .merchantAdmin, .operatorAdmin: true
        case .clerk, .reviewer, .approver, .support, .finance, .operatorReviewer: false
        }
    }

    /// The roles that somebody who keeps people can give: those of the same house.
    public var givenRoles: [Role] {
        keepsPeople ? Role.allCases.filter { $0.isOfMerchant == isOfMerchant } : []
    }
}

extension Desk {
    /// Gives a person another role; what they may do changes with their next click.
    ///
    /// - Parameter was: the role that the page showed.
    /// - Throws: ``Refusal/notFound`` for people of another house, ``Refusal/notAllowed`` for one's own role or a role
    ///   that is not to be given, ``Refusal/stale(version:)`` when the role changed meanwhile.
    public func changeRole(of id: String, from was: Role, to role: Role, by admin: StaffMember) async throws {
        guard admin.role.givenRoles.contains(role) else { throw Refusal.notAllowed }
        let now = clock()
        try await store.write { sql in
            let member = try kept(id, by: admin, sql)
            let changed = try sql.run(
                "UPDATE staff SET role = $1 WHERE id = $2 AND role = $3",
                [.text(role.rawValue), .text(id), .text(was.rawValue)])
            guard changed == 1 else { throw Refusal.stale(version: 0) }
            try record(
                "staff.role-changed", of: member, by: admin.actor, ["from": was.rawValue, "role": role.rawValue],
                at: now, sql)
        }
    }

    /// Shuts a person out; every session of theirs ends.
    ///
    /// - Throws: as ``changeRole(of:from:to:by:)``.
    public func shutOut(_ id: String, by admin: StaffMember) async throws {
        let now = clock()
        try await store.write { sql in
            let member = try kept(id, by: admin, sql)
            let changed = try sql.run(
                "UPDATE staff SET left_ms = $1 WHERE id = $2 AND left_ms IS NULL", [.int(now.milliseconds), .text(id)])
            guard changed == 1 else { throw Refusal.stale(version: 0) }
            try StaffSessionTable.endAll(of: id, but: nil, sql)
            try endInvitations(ofPerson: member, by: admin, at: now, sql)
            try record("staff.shut-out", of: member, by: admin.actor, at: now, sql)
        }
    }

    /// Lets a person in again, with the password and authenticator that they had.
    ///
    /// - Throws: as ``changeRole(of:from:to:by:)``.
    public func letIn(_ id: String, by admin: StaffMember) async throws {
        let now = clock()
        try await store.write { sql in
            let member = try kept(id, by: admin, sql)
            let changed = try sql.run(
                "UPDATE staff SET left_ms = NULL WHERE id = $1 AND left_ms IS NOT NULL", [.text(id)])
            guard changed == 1 else { throw Refusal.stale(version: 0) }
            try record("staff.let-in", of: member, by: admin.actor, at: now, sql)
        }
    }

    /// The person, when the admin keeps the people of their house and is somebody else: nobody raises or shuts out
    /// themselves, so that one who keeps people always stays.
    func kept(_ id: String, by admin: StaffMember, _ sql: any SQLReading) throws -> StaffMember {
        guard let row = try StaffTable.find(id, sql), row.tenant == admin.tenant else { throw Refusal.notFound }
        try requireKeeper(admin, sql)
        guard id != admin.id else { throw Refusal.notAllowed }
        return row.member
    }

    /// Asked again inside the transaction: the role may have changed since the page was opened.
    func requireKeeper(_ admin: StaffMember, _ sql: any SQLReading) throws {
        guard let row = try StaffTable.find(admin.id, sql), row.left == nil, row.member.role.keepsPeople,
            row.tenant == admin.tenant
        else { throw Refusal.notAllowed }
    }
}
