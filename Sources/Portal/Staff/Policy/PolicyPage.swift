import HTTPTypes
import Hummingbird
import RefundDesk
import RefundDomain
import Web
import Words

/// Makes the pages of one merchant's policy for one person.
struct PolicyPage {
    let parts: PortalParts
    let request: Request
    let language: Language
    let phrases: Phrases
    let visit: PolicyVisit

    init(_ parts: PortalParts, _ request: Request, _ context: some WebContext, _ visit: PolicyVisit) {
        self.parts = parts
        self.request = request
        self.language = context.language
        self.phrases = parts.phrases(context)
        self.visit = visit
    }

    private var isKeeper: Bool { visit.member.role.keepsPolicies }

    static var keys: [String] {
        let states = PolicyVersion.State.allCases.map { "state.\($0.rawValue)" }
        let texts = [
            "standard", "since", "from-day", "waiting", "proposed-by", "decided-by", "changed", "decided-already",
            "own", "reason",
            "reason.hint", "reason.missing", "reason.too-long", "reason.unreadable", "day-came",
        ]
        return (states + texts).map { "staff.policy.\($0)" }
    }

    /// What is in force, what is proposed and what was before.
    func show() async throws -> Response {
        let file = try await PolicyFile.read(visit, parts.desk)
        let clock = StaffClock(file.zone, now: parts.desk.clock(), phrases)
        let words = PolicyWords(phrases: phrases, currency: file.currency)
        let current = file.versions.first { $0.policy.version == file.inForce.version }
        let waiting = file.versions.filter { $0.state == .proposed }.count
        let view = PolicyView(
            frame: file.person.frame(phrases, switching: visit.address, visit.area), merchant: merchant(file),
            name: current?.policy.version ?? phrases.text("staff.policy.standard"),
            since: current.map { phrases.text("staff.policy.since", ["date": clock.day($0.from)]) } ?? "",
            groups: groups(file.inForce, words),
            proposeAddress: isKeeper ? "\(visit.address)/propose" : nil,
            waiting: waiting == 0 ? nil : phrases.text("staff.policy.waiting", ["count": String(waiting)]),
            versions: file.versions.map { line($0, file, clock) }, hasVersions: !file.versions.isEmpty,
            back: visit.area == .policies ? Paths.supportPolicies : nil)
        return try parts.pages.html(view, to: request, in: language)
    }

    private func merchant(_ file: PolicyFile) -> String {
        language == .en ? file.merchantNameEnglish ?? file.merchantName : file.merchantName
    }

    private func groups(_ policy: Policy, _ words: PolicyWords) -> [PolicyView.Group] {
        PolicyWords.Group.allCases.map { group in
            var keys = PolicyWords.numbers(of: group).map(\.rawValue)
            if group == .fees { keys += PolicyChoice.allCases.map(\.rawValue) }
            if group == .alone { keys.append(PolicyForm.reasonsField) }
            if group == .proof { keys = RequestReason.allCases.map(PolicyForm.proofField) }
            return PolicyView.Group(
                name: words.group(group),
                rules: keys.map { key in
                    PolicyView.Rule(label: words.label(key: key), value: words.value(key: key, of: policy))
                })
        }
    }

    private func line(_ version: PolicyVersion, _ file: PolicyFile, _ clock: StaffClock) -> PolicyView.Line {
        PolicyView.Line(
            name: version.policy.version, address: "\(visit.address)/\(version.id)", tag: tag(version.state),
            from: phrases.text("staff.policy.from-day", ["date": clock.day(version.from)]),
            proposed: by("proposed-by", version.proposedBy, version.proposed, file, clock),
            decided: decided(version, file, clock))
    }

    private func decided(_ version: PolicyVersion, _ file: PolicyFile, _ clock: StaffClock) -> String? {
        guard let person = version.decidedBy, let time = version.decided else { return nil }
        return by("decided-by", person, time, file, clock)
    }

    private func by(
        _ key: String, _ person: String, _ time: Moment, _ file: PolicyFile, _ clock: StaffClock
    ) -> String {
        phrases.text("staff.policy.\(key)", ["name": file.names[person] ?? "", "time": clock.time(time)])
    }

    private func tag(_ state: PolicyVersion.State) -> StateTag {
        let tone: Tone =
            switch state {
            case .proposed: .turn
            case .confirmed: .arrived
            case .refused: .stopped
            }
        return StateTag(phrases.text("staff.policy.state.\(state.rawValue)"), tone)
    }
}

extension PolicyPage {
    /// The form, fresh or with what was typed.
    ///
    /// - Parameter isStale: whether somebody was faster: what they made is the version to go on from.
    func form(
        _ status: HTTPResponse.Status = .ok, typed: FormFields? = nil, _ fault: FormFault? = nil,
        isStale: Bool = false
    ) async throws -> Response {
        let file = try await PolicyFile.read(visit, parts.desk)
        let words = PolicyWords(phrases: phrases, currency: file.currency)
        let form = PolicyForm(words: words)
        let address = "\(visit.address)/propose"
        let tomorrow = file.zone.day(parts.desk.clock()).adding(days: 1)
        let view = PolicyFormView(
            frame: file.person.frame(phrases, switching: address, visit.area), problems: Problems(fault, phrases),
            changed: isStale ? phrases.text("staff.policy.changed") : nil, action: address, back: visit.address,
            version: String(file.newest), groups: form.groups(file.inForce, typed: typed, fault),
            from: form.fromField(typed, tomorrow: tomorrow, fault))
        return try parts.pages.html(view, status: status, to: request, in: language)
    }

    /// Proposes what was typed.
    func propose() async throws -> Response {
        let fields = try await FormFields.read(request)
        let file = try await PolicyFile.read(visit, parts.desk)
        let seen = fields.text("version").flatMap { Int64($0) }
        guard let seen, seen == file.newest else { return try await form(.conflict, typed: fields, isStale: true) }
        let form = PolicyForm(words: PolicyWords(phrases: phrases, currency: file.currency))
        do {
            let policy = try form.policy(fields)
            let id = try await parts.desk.proposePolicy(
                policy, for: visit.merchantID, from: try form.from(fields), after: seen, by: visit.member)
            return Pages.redirect(to: "\(visit.address)/\(id)")
        } catch let fault as FormFault {
            return try await self.form(.unprocessableContent, typed: fields, fault)
        } catch Refusal.field(let name, let fault) {
            let key = name == PolicyForm.fromField ? "staff.policy.from.\(fault.word)" : "staff.policy.rules.missing"
            return try await self.form(
                .unprocessableContent, typed: fields, FormFault([Web.FieldFault(PolicyForm.fromField, key)]))
        } catch Refusal.stale {
            return try await self.form(.conflict, typed: fields, isStale: true)
        }
    }

    /// One version beside what it replaces.
    func version(
        _ id: String, _ status: HTTPResponse.Status = .ok, _ fault: FormFault? = nil, reason: String? = nil,
        changed: String? = nil
    ) async throws -> Response {
        let file = try await PolicyFile.read(visit, parts.desk)
        guard let version = file.versions.first(where: { $0.id == id }) else { throw Refusal.notFound }
        let clock = StaffClock(file.zone, now: parts.desk.clock(), phrases)
        let words = PolicyWords(phrases: phrases, currency: file.currency)
        let before = file.before(version, standard: parts.desk.policy)
        let isOwn = version.proposedBy == visit.member.id
        let isOpen = version.state == .proposed && isKeeper
        let address = "\(visit.address)/\(id)"
        let view = PolicyVersionView(
            frame: file.person.frame(phrases, switching: address, visit.area), problems: Problems(fault, phrases),
            changed: changed.map { phrases.text($0) }, back: visit.address, name: version.policy.version,
            tag: tag(version.state), from: phrases.text("staff.policy.from-day", ["date": clock.day(version.from)]),
            proposed: by("proposed-by", version.proposedBy, version.proposed, file, clock),
            decided: decided(version, file, clock), because: file.refusals[version.id],
            replaces: before.version == parts.desk.policy.version
                ? phrases.text("staff.policy.standard") : before.version,
            changes: changes(version.policy, before, words),
            cannot: isOpen && isOwn ? phrases.text("staff.policy.own") : nil,
            decision: isOpen && !isOwn ? decision(address, file.newest, reason, fault) : nil)
        return try parts.pages.html(view, status: status, to: request, in: language)
    }

    private func changes(
        _ policy: Policy, _ before: Policy, _ words: PolicyWords
    ) -> [PolicyVersionView.Change] {
        policy.differences(from: before).map { key in
            PolicyVersionView.Change(
                label: words.label(key: key), before: words.value(key: key, of: before),
                after: words.value(key: key, of: policy))
        }
    }

    private func decision(
        _ address: String, _ newest: Int64, _ reason: String?, _ fault: FormFault?
    ) -> PolicyVersionView.Decision {
        PolicyVersionView.Decision(
            address: address, version: String(newest),
            reason: TextArea(
                "reason", label: phrases.text("staff.policy.reason"), hint: phrases.text("staff.policy.reason.hint"),
                problem: fault?.text("reason", phrases), value: reason, rows: 3))
    }

    /// Confirms or refuses what the page showed.
    func decide(_ id: String, confirming: Bool) async throws -> Response {
        let fields = try await FormFields.read(request)
        let file = try await PolicyFile.read(visit, parts.desk)
        guard file.versions.contains(where: { $0.id == id }) else { throw Refusal.notFound }
        guard fields.text("version") == String(file.newest) else {
            return try await version(id, .conflict, changed: "staff.policy.changed")
        }
        do {
            if confirming {
                try await parts.desk.confirmPolicy(id, by: visit.member)
            } else {
                try await parts.desk.refusePolicy(id, reason: fields.text("reason") ?? "", by: visit.member)
            }
            return Pages.redirect(to: visit.address)
        } catch Refusal.field(let name, let fault) {
            if name == PolicyForm.fromField {
                return try await version(id, .conflict, changed: "staff.policy.day-came")
            }
            let wrong = FormFault([Web.FieldFault("reason", "staff.policy.reason.\(fault.word)")])
            return try await version(id, .unprocessableContent, wrong, reason: fields.typed("reason"))
        } catch Refusal.stale {
            return try await version(id, .conflict, changed: "staff.policy.decided-already")
        } catch Refusal.makerMayNotDecide {
            return try await version(id, .conflict)
        }
    }
}
