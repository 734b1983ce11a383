import RefundDesk
import RefundDomain
import Storage

/// Somebody of a house, as those who keep its people see them.
struct PersonLine: Sendable, Hashable {
    let id: String
    let email: String
    let role: Role
    let came: Moment
    let left: Moment?
    let lastSignIn: Moment?
    /// When many wrong passwords or codes of theirs were last counted, within ``PeopleQuery/alertDays``.
    let lastAlert: Moment?
}

/// An invitation or a reset with the names that go with it.
struct InvitationLine: Sendable, Hashable {
    let invitation: Invitation
    let email: String
    let madeBy: String?
}

/// The people of one house; the member who asks says which.
struct PeopleQuery: Sendable {
    static let pageSize: Int64 = 50
    /// How long an alert is shown, in days.
    static let alertDays: Int64 = 7

    let member: StaffMember
    let now: Moment
    let seals: Seals

    struct Page: Sendable {
        let people: [PersonLine]
        /// Where the next page begins; nil on the last one.
        let next: String?
        let invitations: [InvitationLine]
        let resets: [InvitationLine]
    }

    func page(after: String, _ sql: any SQLReading) throws -> Page {
        let rows =
            if let merchantID = member.merchantID {
                try sql.rows(
                    """
                    SELECT   id, role, email_sealed, created_ms, left_ms
                    FROM     staff
                    WHERE    merchant_id = $1
                    AND      id > $2
                    ORDER BY id
                    LIMIT    $3
                    """, [.text(merchantID), .text(after), .int(PeopleQuery.pageSize + 1)])
            } else {
                try sql.rows(
                    """
                    SELECT   id, role, email_sealed, created_ms, left_ms
                    FROM     staff
                    WHERE    merchant_id IS NULL
                    AND      id > $1
                    ORDER BY id
                    LIMIT    $2
                    """, [.text(after), .int(PeopleQuery.pageSize + 1)])
            }
        let people = try rows.prefix(Int(PeopleQuery.pageSize)).map { try line($0, sql) }
        var names = StaffNames(seals, sql)
        let open = try [Invitation.State.proposed, .open].flatMap {
            try InvitationTable.list(of: member.house, $0, sql)
        }
        let lines = try open.map { invitation in
            InvitationLine(
                invitation: invitation, email: try invitation.email(seals, sql),
                madeBy: try names.email(invitation.madeBy))
        }
        return Page(
            people: people, next: rows.count > people.count ? people.last?.id : nil,
            invitations: lines.filter { $0.invitation.state == .open },
            resets: lines.filter { $0.invitation.state == .proposed })
    }

    /// One person of the house; nil for everybody else.
    func person(_ id: String, _ sql: any SQLReading) throws -> PersonLine? {
        guard
            let row = try sql.row(
                "SELECT id, role, merchant_id, email_sealed, created_ms, left_ms FROM staff WHERE id = $1",
                [.text(id)]), try row.textOrNil("merchant_id") == member.merchantID
        else { return nil }
        return try line(row, sql)
    }

    private func line(_ row: SQLRow, _ sql: any SQLReading) throws -> PersonLine {
        let id = try row.text("id")
        let place = SealPlace("staff", "email_sealed", row: id, tenant: SealPlace.operatorTenant, .staff)
        return PersonLine(
            id: id, email: try seals.openText(try row.bytes("email_sealed"), place, sql) ?? "",
            role: try row.word("role"), came: try row.moment("created_ms"), left: try row.momentOrNil("left_ms"),
            lastSignIn: try newest(of: id, ("staff.signed-in", "staff.joined"), since: nil, sql),
            lastAlert: try newest(
                of: id, ("staff.sign-in-waits", "staff.sign-in-tried"),
                since: now.adding(seconds: -PeopleQuery.alertDays * 86_400), sql))
    }

    private func newest(
        of id: String, _ kinds: (String, String), since: Moment?, _ sql: any SQLReading
    ) throws -> Moment? {
        try sql.row(
            """
            SELECT   at_ms
            FROM     event
            WHERE    object_id = $1
            AND      at_ms >= $2
            AND      what IN ($3, $4)
            ORDER BY at_ms DESC, number DESC
            LIMIT    1
            """, [.text(id), .int(since?.milliseconds ?? 0), .text(kinds.0), .text(kinds.1)])?.moment("at_ms")
    }
}

extension StaffMember {
    /// Whose people they keep: a merchant's id, or the operator.
    var house: String { merchantID ?? SealPlace.operatorTenant }
}
