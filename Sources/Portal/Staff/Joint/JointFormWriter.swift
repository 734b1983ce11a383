import RefundDesk
import RefundDomain
import Web
import Words

/// Makes the form of a joint action, filled with what was typed.
struct JointFormWriter {
    let target: JointTarget
    let file: CaseFile
    let more: SupportFile
    let phrases: Phrases
    let clock: StaffClock
    let fields: FormFields?
    let fault: FormFault?

    /// What the form carries along: the version, the movement, the direction.
    static func hidden(_ target: JointTarget, _ file: CaseFile) -> [JointView.Hidden] {
        let values: [(String, String?)] = [
            ("version", String(file.version)), ("movement", target.movement?.id),
            (JointAction.directionField, target.action.direction),
        ]
        return values.compactMap { name, value in value.map { JointView.Hidden(name: name, value: $0) } }
    }

    var form: JointView.Form {
        JointView.Form(
            action: "\(CaseDesk.support.folder(file.number.text))/\(target.action.path)",
            hidden: JointFormWriter.hidden(target, file),
            amount: target.action.direction == nil ? nil : amount,
            basis: target.action == .correctDown ? basis : nil,
            destination: target.action == .reroute ? destination : nil,
            returnCode: target.action == .recordReturn ? returned("return_code", "text") : nil,
            returnedOn: target.action == .recordReturn ? returned("returned_on", "date") : nil,
            evidence: TextArea(
                "evidence", label: text("evidence"), hint: text("evidence.hint"), problem: problem("evidence"),
                value: fields?.typed("evidence"), rows: 4))
    }

    private var amount: TextField {
        TextField(
            "amount", label: text("amount"), hint: text("amount.hint"), problem: problem("amount"),
            value: fields?.typed("amount"), inputMode: "decimal", width: "input--amount",
            prefix: target.movement?.gross.currency.sign)
    }

    private var basis: Choices {
        Choices(
            "basis", legend: text("basis"), problem: problem("basis"),
            options: ["goodwill", "consent"].map { ($0, text("basis.\($0)"), text("basis.\($0).hint")) },
            chosen: fields?.list("basis") ?? [])
    }

    private var destination: Choices {
        Choices(
            "destination", legend: text("destination"),
            hint: more.destinations.isEmpty ? text("destination.none") : nil, problem: problem("destination"),
            options: more.destinations.map { named in
                let label = phrases.text(
                    "staff.joint.field.destination.option", ["last4": named.last4, "when": clock.time(named.named)])
                return (named.id, label, nil)
            }, chosen: fields?.list("destination") ?? [])
    }

    private func returned(_ name: String, _ type: String) -> TextField {
        TextField(
            name, label: text(name), hint: text("\(name).hint"), problem: problem(name), value: fields?.typed(name),
            type: type, width: "input--short")
    }

    private func text(_ key: String) -> String { phrases.text("staff.joint.field.\(key)") }

    private func problem(_ name: String) -> String? { fault?.text(name, phrases) }
}

/// A proposal in words.
struct ProposalWords {
    let phrases: Phrases
    let clock: StaffClock

    func facts(_ proposal: SupportFile.Proposal) -> [Fact] {
        let given = { (key: String) in phrases.text("staff.joint.given.\(key)") }
        var facts = [
            Fact(given("by"), who(proposal.by, proposal.role)), Fact(given("at"), clock.time(proposal.at)),
            Fact(given("evidence"), proposal.evidence),
        ]
        if proposal.action == .correctDown {
            let basis = proposal.isGoodwill ? "goodwill" : "consent"
            facts.append(Fact(given("basis"), phrases.text("staff.joint.field.basis.\(basis)")))
        }
        if let code = proposal.returnCode { facts.append(Fact(given("return_code"), code, isNumber: true)) }
        if let day = proposal.returnedOn { facts.append(Fact(given("returned_on"), clock.day(day))) }
        return facts
    }

    /// Why somebody cannot confirm a proposal; nil when nothing is known against it.
    func cannot(_ proposal: SupportFile.Proposal, _ member: StaffMember, _ file: CaseFile) -> String? {
        if proposal.byID == member.id { return phrases.text("staff.joint.cannot.self") }
        guard let role = proposal.role, proposal.action.mayConfirm(member.role, proposedBy: role) else {
            return phrases.text("staff.joint.cannot.role", ["role": CaseWords(phrases).role(member.role)])
        }
        return file.isMaker(member) ? phrases.text("staff.joint.cannot.maker") : nil
    }

    func who(_ name: String?, _ role: Role?) -> String {
        phrases.text(
            "staff.actor.person", ["name": name ?? "", "role": role.map(CaseWords(phrases).role) ?? ""])
    }
}
