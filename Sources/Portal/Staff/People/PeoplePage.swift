import HTTPTypes
import Hummingbird
import RefundDesk
import RefundDomain
import Storage
import Web
import Words

/// Makes the pages about the people of one house, for one who keeps them.
struct PeoplePage {
    let parts: PortalParts
    let request: Request
    let member: StaffMember
    let language: Language
    let base: String
    let area: StaffArea

    private var phrases: Phrases { parts.pages.vocabulary[language] }

    static var keys: [String] {
        [
            "works", "left", "never", "alert", "own", "changed", "invited-by", "asked-by", "until", "ran-out",
            "invitation.invite", "invitation.reset", "email", "email.missing", "email.unreadable", "email.there",
            "email.many", "role", "role.missing", "role.not-offered", "own-proposal", "reset-waits",
        ].map { "staff.people.\($0)" }
    }

    private var query: PeopleQuery {
        PeopleQuery(member: member, now: parts.desk.clock(), seals: parts.desk.seals)
    }

    func show(
        _ status: HTTPResponse.Status = .ok, typed: FormFields? = nil, _ fault: FormFault? = nil,
        changed: String? = nil
    ) async throws -> Response {
        let (query, member, seals) = (query, member, parts.desk.seals)
        let after = try FormFields.query(request).text("after") ?? ""
        let (person, page) = try await parts.desk.store.read { sql in
            (try StaffPerson.read(member, seals, sql), try query.page(after: after, sql))
        }
        let clock = StaffClock(person.zone, now: query.now, phrases)
        let roles = member.role.givenRoles.map { ($0.rawValue, phrases.text("staff.role.\($0.rawValue)")) }
        let view = PeopleView(
            frame: person.frame(phrases, switching: base, area), problems: Problems(fault, phrases),
            changed: changed.map { phrases.text($0) }, action: base, lines: page.people.map { line($0, clock) },
            nextAddress: page.next.map { "\(base)?after=\($0)" }, firstAddress: after.isEmpty ? nil : base,
            resets: page.resets.map { waiting($0, clock) }, hasResets: !page.resets.isEmpty,
            invitations: page.invitations.map { waiting($0, clock) }, hasInvitations: !page.invitations.isEmpty,
            email: TextField(
                "email", label: phrases.text("staff.people.email"), problem: fault?.text("email", phrases),
                value: typed?.typed("email"), type: "email", inputMode: "email"),
            role: SelectField(
                "role", label: phrases.text("staff.people.role"), problem: fault?.text("role", phrases),
                options: [("", "–")] + roles, chosen: typed?.typed("role")))
        return try parts.pages.html(view, status: status, to: request, in: language)
    }

    private func line(_ person: PersonLine, _ clock: StaffClock) -> PeopleView.Line {
        PeopleView.Line(
            email: person.email, address: PeoplePath.person(base, person.id),
            role: phrases.text("staff.role.\(person.role.rawValue)"),
            own: person.id == member.id ? phrases.text("staff.people.own") : nil, state: tag(person),
            seen: person.lastSignIn.map(clock.time) ?? phrases.text("staff.people.never"),
            alert: person.lastAlert.map { phrases.text("staff.people.alert", ["time": clock.time($0)]) })
    }

    private func tag(_ person: PersonLine) -> StateTag {
        person.left == nil
            ? StateTag(phrases.text("staff.people.works"), .arrived)
            : StateTag(phrases.text("staff.people.left"), .stopped)
    }

    private func waiting(_ line: InvitationLine, _ clock: StaffClock) -> PeopleView.Waiting {
        let invitation = line.invitation
        let isOwn = invitation.madeBy == member.id || invitation.staffID == member.id
        let isReset = invitation.state == .proposed
        let until = invitation.expires.map { ends in
            ends <= clock.now
                ? phrases.text("staff.people.ran-out")
                : phrases.text("staff.people.until", ["time": clock.time(ends)])
        }
        return PeopleView.Waiting(
            email: line.email, role: phrases.text("staff.role.\(invitation.role.rawValue)"),
            what: phrases.text("staff.people.invitation.\(invitation.kind.rawValue)"),
            by: phrases.text(
                isReset ? "staff.people.asked-by" : "staff.people.invited-by",
                ["name": line.madeBy ?? "", "time": clock.time(invitation.made)]),
            until: until, confirm: isReset && !isOwn ? PeoplePath.confirm(base, invitation.id) : nil,
            note: isReset && isOwn ? phrases.text("staff.people.own-proposal") : nil,
            end: PeoplePath.end(base, invitation.id))
    }

    func invite() async throws -> Response {
        let fields = try await FormFields.read(request)
        do {
            guard let role = fields.text("role").flatMap({ Role(rawValue: $0) }) else {
                throw Refusal.field("role", .missing)
            }
            guard let email = fields.text("email") else { throw Refusal.field("email", .missing) }
            try await parts.desk.invite(email: email, role: role, language: language.rawValue, by: member)
            return Pages.redirect(to: base)
        } catch Refusal.field(let name, let fault) {
            return try await wrong(name, fault.word, fields)
        } catch Refusal.alreadyThere {
            return try await wrong("email", "there", fields)
        } catch Refusal.tooMany {
            return try await wrong("email", "many", fields)
        }
    }

    private func wrong(_ field: String, _ word: String, _ typed: FormFields) async throws -> Response {
        let fault = FormFault([Web.FieldFault(field, "staff.people.\(field).\(word)")])
        return try await show(.unprocessableContent, typed: typed, fault)
    }

    func decide(_ id: String, confirming: Bool) async throws -> Response {
        do {
            if confirming {
                try await parts.desk.confirmReset(id, by: member)
            } else {
                try await parts.desk.endInvitation(id, by: member)
            }
            return Pages.redirect(to: base)
        } catch Refusal.stale {
            return try await show(.conflict, changed: "staff.people.changed")
        } catch Refusal.makerMayNotDecide {
            return try await show(.conflict, changed: "staff.people.own-proposal")
        }
    }
}

extension PeoplePage {
    /// One person and what can be done about them.
    func person(_ id: String, _ status: HTTPResponse.Status = .ok, changed: String? = nil) async throws -> Response {
        let (query, member, seals) = (query, member, parts.desk.seals)
        let (viewer, found, page) = try await parts.desk.store.read { sql in
            (
                try StaffPerson.read(member, seals, sql), try query.person(id, sql),
                try query.page(after: "", sql)
            )
        }
        guard let found else { throw Refusal.notFound }
        let clock = StaffClock(viewer.zone, now: query.now, phrases)
        let isOwn = id == member.id
        let works = found.left == nil
        let isWaiting = (page.resets + page.invitations).contains { $0.invitation.staffID == id }
        let roles = member.role.givenRoles.map { ($0.rawValue, phrases.text("staff.role.\($0.rawValue)")) }
        let view = PersonView(
            frame: viewer.frame(phrases, switching: PeoplePath.person(base, id), area),
            changed: changed.map { phrases.text($0) }, back: base, email: found.email, state: tag(found),
            role: phrases.text("staff.role.\(found.role.rawValue)"), came: clock.time(found.came),
            seen: found.lastSignIn.map(clock.time) ?? phrases.text("staff.people.never"),
            alert: found.lastAlert.map { phrases.text("staff.people.alert", ["time": clock.time($0)]) },
            own: isOwn ? phrases.text("staff.people.own") : nil,
            change: isOwn || !works
                ? nil
                : PersonView.Change(
                    action: PeoplePath.act(base, id, .role), was: found.role.rawValue,
                    role: SelectField(
                        "role", label: phrases.text("staff.people.role"), options: roles,
                        chosen: found.role.rawValue)),
            shutOut: isOwn || !works ? nil : PeoplePath.act(base, id, .shutOut),
            letIn: isOwn || works ? nil : PeoplePath.act(base, id, .letIn),
            reset: isOwn || !works || isWaiting ? nil : PeoplePath.act(base, id, .reset),
            resetWaits: isWaiting ? phrases.text("staff.people.reset-waits") : nil)
        return try parts.pages.html(view, status: status, to: request, in: language)
    }

    func change(_ id: String, _ act: PeoplePath.Act) async throws -> Response {
        let fields = try await FormFields.read(request)
        do {
            switch act {
            case .role:
                guard let was = fields.text("was").flatMap({ Role(rawValue: $0) }),
                    let role = fields.text("role").flatMap({ Role(rawValue: $0) })
                else { throw RequestFault.malformed }
                try await parts.desk.changeRole(of: id, from: was, to: role, by: member)
            case .shutOut: try await parts.desk.shutOut(id, by: member)
            case .letIn: try await parts.desk.letIn(id, by: member)
            case .reset: try await parts.desk.proposeReset(of: id, language: language.rawValue, by: member)
            }
            return Pages.redirect(to: act == .reset ? base : PeoplePath.person(base, id))
        } catch Refusal.stale {
            return try await person(id, .conflict, changed: "staff.people.changed")
        } catch Refusal.proposalOpen {
            return try await person(id, .conflict, changed: "staff.people.reset-waits")
        }
    }
}
