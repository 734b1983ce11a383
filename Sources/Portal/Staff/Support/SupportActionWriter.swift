import HTTPTypes
import RefundDesk
import RefundDomain
import Web
import Words

/// Puts together what the support desk can do about a case.
struct SupportActionWriter {
    let file: CaseFile
    let more: SupportFile
    let member: StaffMember
    let clock: StaffClock
    let phrases: Phrases
    let typed: TypedAction?
    /// What happened with banks, from the history.
    let contacts: [HistoryItem]

    private var words: CaseWords { CaseWords(phrases) }
    private var folder: String { CaseDesk.support.folder(file.number.text) }
    private var version: String { String(file.version) }

    static var keys: [String] {
        ["case", "behalf", "query", "replace", "advance"].map { "staff.do.\($0)" }
            + ["open", "confirmed", "refused"].map { "staff.proposal.\($0)" }
            + ["won", "lost", "lifted"].map { "staff.block.outcome.\($0)" }
            + EnquiryKind.allCases.map { "staff.enquiry.\($0.rawValue)" }
            + ["staff.enquiry.expected"]
            + [
                "who", "who.hint", "bank_reference", "promised", "details", "answer", "answer.hint", "block-kind",
                "block-kind.choose", "block-reference", "block-amount", "block-amount.hint",
            ].map { "staff.do.field.\($0)" }
            + [
                "who", "bank_reference", "reference", "details", "promised", "answer", "kind", "amount",
            ].flatMap { field in
                ["missing", "too-long", "unreadable", "too-short", "not-offered"].map { "staff.do.\(field).\($0)" }
            } + AmountField.words("staff.do") + ["staff.do.amount.too-much", "staff.do.reference.taken"]
    }

    var actions: SupportActions {
        let groups =
            forCardholder + file.movements.map(group).filter { !$0.links.isEmpty || !$0.buttons.isEmpty } + ofCase
        return SupportActions(
            groups: groups, hasGroups: !groups.isEmpty, proposals: more.proposals.map(proposal),
            hasProposals: !more.proposals.isEmpty, enquiries: more.enquiries.map(enquiry),
            hasEnquiries: !more.enquiries.isEmpty, contacts: contacts,
            hasContacts: !contacts.isEmpty, bank: may("contact") ? bank : nil, blocks: file.blocks.map(openBlock),
            hasBlocks: !file.blocks.isEmpty, block: may("block") ? block : nil)
    }

    private func may(_ form: String) -> Bool {
        Permissions.allow(member.role, .post, "\(CaseDesk.support.folder("{number}"))/\(form)")
    }

    private func group(_ movement: CaseFile.MovementLine) -> SupportActions.Group {
        var buttons: [SupportActions.Button] = []
        if movement.state.isWithChannel { buttons += button("query", "query-channel", movement) }
        if Movement.transition(.fundsArrive, from: movement.state) != nil {
            buttons += button("advance", "advance", movement)
        }
        if movement.state == .failed, !file.isReplaced(movement), file.state == .approved {
            buttons += button("replace", "replace", movement)
        }
        return SupportActions.Group(
            title: movement.gross.text, tag: words.movementTag(movement.state), links: links(movement),
            buttons: buttons)
    }

    private func button(
        _ name: String, _ form: String, _ movement: CaseFile.MovementLine
    ) -> [SupportActions.Button] {
        guard may(form) else { return [] }
        return [
            SupportActions.Button(
                name: phrases.text("staff.do.\(name)"), action: "\(folder)/\(form)", version: version,
                movement: movement.id)
        ]
    }

    /// What can be proposed; nothing while a proposal waits.
    private func links(_ movement: CaseFile.MovementLine?) -> [SupportActions.Link] {
        guard more.openProposal == nil else { return [] }
        let targets = JointTarget.all(of: file, for: member.role).filter { target in
            target.movement?.id == movement?.id && may(target.action.path)
        }
        return targets.map { target in
            let query = QueryText.joined([
                ("movement", movement?.id), (JointAction.directionField, target.action.direction),
            ])
            return SupportActions.Link(
                name: phrases.text("staff.joint.\(target.action.rawValue)"),
                address: "\(folder)/\(target.action.path)" + (query.isEmpty ? "" : "?\(query)"))
        }
    }

    /// What can be done with the cardholder on the line.
    private var forCardholder: [SupportActions.Group] {
        let links = BehalfAct.all(of: file, for: member.role, at: clock.now).map { act in
            SupportActions.Link(
                name: phrases.text("\(BehalfWriter.prefix).\(act.rawValue)"), address: "\(folder)/\(act.path)")
        }
        return links.isEmpty
            ? []
            : [SupportActions.Group(title: phrases.text("staff.do.behalf"), tag: nil, links: links, buttons: [])]
    }

    private var ofCase: [SupportActions.Group] {
        let links = links(nil)
        return links.isEmpty
            ? [] : [SupportActions.Group(title: phrases.text("staff.do.case"), tag: nil, links: links, buttons: [])]
    }

    private func proposal(_ proposal: SupportFile.Proposal) -> SupportActions.Proposal {
        let who = ProposalWords(phrases: phrases, clock: clock).who(proposal.by, proposal.role)
        let decided = [proposal.decidedBy, proposal.decidedAt.map(clock.time)].compactMap(\.self)
        let state = "staff.proposal.\(proposal.state)"
        return SupportActions.Proposal(
            title: phrases.text("staff.joint.\(proposal.action.rawValue)"),
            state: phrases.pattern(state) == nil ? proposal.state : phrases.text(state),
            address: "\(folder)/proposals/\(proposal.id)", isOpen: proposal.isOpen,
            by: "\(who) · \(clock.time(proposal.at))",
            decided: decided.isEmpty ? nil : decided.joined(separator: " · "), evidence: proposal.evidence)
    }

    private func enquiry(_ enquiry: SupportFile.Enquiry) -> SupportActions.Enquiry {
        let answered = [enquiry.answeredBy, enquiry.answered.map(clock.time)].compactMap(\.self)
        let isTyped = typed?.form == .answer(enquiry.id)
        let text = TextArea(
            "answer", label: field("answer"), hint: field("answer.hint"),
            problem: isTyped ? problem("answer") : nil, value: isTyped ? value("answer") : nil, rows: 3)
        // One form at a time: the control's id is on the page once.
        let canAnswer = enquiry.id == more.enquiries.first { $0.answered == nil }?.id && may("answer")
        return SupportActions.Enquiry(
            title: phrases.text("staff.enquiry.\(enquiry.kind.rawValue)"), when: clock.time(enquiry.opened),
            details: enquiry.details,
            expected: enquiry.expected.map { phrases.text("staff.enquiry.expected", ["amount": $0.text]) },
            answer: enquiry.answer, answered: answered.isEmpty ? nil : answered.joined(separator: " · "),
            form: canAnswer
                ? SupportActions.Answer(
                    action: "\(folder)/answer", version: version, enquiry: enquiry.id, text: text) : nil)
    }

    private var bank: SupportActions.BankForm {
        let isTyped = typed?.form == .bank
        func text(_ name: String, _ type: String = "text", hint: String? = nil, isOptional: Bool = true) -> TextField {
            TextField(
                name, label: field(name), hint: hint, problem: isTyped ? problem(name) : nil,
                value: isTyped ? value(name) : nil, type: type, isOptional: isOptional)
        }
        return SupportActions.BankForm(
            action: "\(folder)/contact", version: version,
            who: text("who", hint: field("who.hint"), isOptional: false), reference: text("bank_reference"),
            promised: text("promised", "date"),
            details: TextArea(
                "details", label: field("details"), problem: isTyped ? problem("details") : nil,
                value: isTyped ? value("details") : nil, rows: 3, isOptional: true),
            isOpen: isTyped)
    }

    private var block: SupportActions.BlockForm {
        let isTyped = typed?.form == .block
        let kinds = Block.allCases.map { ($0.rawValue, phrases.text("staff.block.\($0.rawValue)")) }
        return SupportActions.BlockForm(
            action: "\(folder)/block", version: version,
            kind: SelectField(
                "kind", label: field("block-kind"), problem: isTyped ? problem("kind") : nil,
                options: [("", field("block-kind.choose"))] + kinds, chosen: isTyped ? value("kind") : nil),
            reference: TextField(
                "reference", label: field("block-reference"), problem: isTyped ? problem("reference") : nil,
                value: isTyped ? value("reference") : nil),
            amount: TextField(
                "amount", label: field("block-amount"), hint: field("block-amount.hint"),
                problem: isTyped ? problem("amount") : nil, value: isTyped ? value("amount") : nil,
                inputMode: "decimal", width: "input--amount", prefix: file.payment.amount.currency.sign,
                isOptional: true),
            isOpen: isTyped)
    }

    private func openBlock(_ block: CaseFile.BlockLine) -> SupportActions.OpenBlock {
        let kind = block.kind.map { "staff.block.\($0.rawValue)" } ?? "staff.block.other"
        let outcomes = block.kind == .dispute ? ["won", "lost", "lifted"] : ["lifted"]
        return SupportActions.OpenBlock(
            title: phrases.text(kind),
            about: [block.reference, block.amount.text, clock.time(block.opened)].joined(separator: " · "),
            action: may("unblock") ? "\(folder)/unblock" : nil, version: version, block: block.id,
            ways: outcomes.map { ProofItem.Way(value: $0, label: phrases.text("staff.block.outcome.\($0)")) })
    }

    private func field(_ key: String) -> String { phrases.text("staff.do.field.\(key)") }

    private func value(_ name: String) -> String? { typed?.fields.typed(name) }

    private func problem(_ name: String) -> String? { typed?.fault.text(name, phrases) }
}
