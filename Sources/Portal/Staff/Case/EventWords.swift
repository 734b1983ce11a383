import RefundDesk
import RefundDomain
import Words

/// What happened, as a sentence for staff.
struct EventWords: Sendable {
    private let phrases: Phrases
    private let words: CaseWords
    private let clock: StaffClock
    private let currency: Currency

    init(_ phrases: Phrases, _ clock: StaffClock, _ currency: Currency) {
        self.phrases = phrases
        words = CaseWords(phrases)
        self.clock = clock
        self.currency = currency
    }

    /// The events that have words of their own.
    static let known: Set<String> = [
        "case.begun", "case.submitted", "case.taken", "case.asked", "case.answered", "case.offered", "offer.accepted",
        "offer.refused", "offer.lapsed", "case.approved", "case.declined", "case.withdrawn", "case.closed",
        "case.first-approved", "case.sent-back", "case.undone", "case.appealed", "case.reminded", "case.expired",
        "case.escalated", "case.reopened", "case.changed",
        "note.added", "proof.added", "proof.opened", "proof.examined", "movement.planned", "movement.ready",
        "movement.waiting-funds",
        "movement.waiting_funds", "movement.sending", "movement.unknown", "movement.accepted", "movement.at_bank",
        "movement.needs_payee_action", "movement.succeeded", "movement.failed", "movement.cancelled",
        "movement.arrived", "movement.returned", "movement.rerouted", "movement.given_back", "movement.given_outside",
        "movement.unclaimed", "movement.blocked", "movement.overdue", "movement.funds-late", "movement.corrected-down",
        "movement.contradicted", "movement.held-back", "case.revived", "case.paused", "case.resumed", "joint.proposed",
        "joint.confirmed",
        "joint.refused", "proof.judged", "channel.asked", "bank.contacted", "enquiry.wrong-amount",
        "enquiry.not-arrived", "enquiry.answered", "destination.named", "difference.opened", "difference.fits",
        "difference.explained", "order.batched", "order.unbatched", "order.answered",
    ]

    /// The events that stand in no case's history: they belong to a merchant, a payment, a policy or the house.
    static let elsewhere: Set<String> = [
        "account.added", "account.changed", "account.stopped", "calendar.loaded", "merchant.added", "payment.blocked",
        "refunds.reconciled", "issuers.loaded", "batch.made", "batch.released", "batch.discarded", "batch.taken",
        "bank-answer.brought", "bank-answer.confirmed", "bank-answer.refused", "capabilities.loaded",
        "payment.found", "payment.unblocked", "payments.imported", "policy.confirmed", "policy.proposed",
        "policy.refused", "staff.added", "staff.signed-in", "terminal.added", "staff.joined", "staff.began-anew",
        "staff.role-changed", "staff.shut-out", "staff.let-in", "staff.password-changed", "staff.password-rehashed",
        "staff.authenticator-changed", "staff.recovery-renewed", "staff.recovery-used", "staff.signed-out-everywhere",
        "staff.sign-in-waits", "staff.sign-in-tried", "invitation.made", "invitation.proposed", "invitation.confirmed",
        "invitation.ended", "invitation.done",
    ]

    /// The rows whose events are told by the row itself.
    private static let rows = [
        "R3", "R5", "R8", "R12", "R14", "R15", "R17", "R18", "R19", "R22", "R23", "R25", "R26",
    ]

    static var keys: [String] {
        rows.map { "staff.row.\($0)" } + known.map { "staff.event.\($0)" } + [
            "staff.event.other", "staff.actor.cardholder", "staff.actor.system",
            "staff.actor.channel", "staff.actor.person", "staff.event.note.internal",
        ] + ProofScan.allCases.map { "staff.scan.\($0.rawValue)" }
    }

    func sentence(_ event: CaseFile.EventLine) -> String {
        guard EventWords.known.contains(event.what) else { return other(event) }
        if event.what == "note.added", event.visibility == .internal {
            return phrases.text("staff.event.note.internal")
        }
        return phrases.text("staff.event.\(event.what)", values(event))
    }

    /// What has no words of its own is told by its row of the transition tables; what is no row, by its name.
    private func other(_ event: CaseFile.EventLine) -> String {
        for key in ["staff.event.\(event.what)", "staff.row.\(event.transition ?? "")"]
        where phrases.pattern(key) != nil {
            return phrases.text(key, values(event))
        }
        return phrases.text("staff.event.other", ["what": event.what])
    }

    /// Who did it: a person by name and role, else the kind of actor.
    func who(_ event: CaseFile.EventLine) -> String {
        switch event.actor {
        case .cardholder: phrases.text("staff.actor.cardholder")
        case .system: phrases.text("staff.actor.system")
        case .channel: phrases.text("staff.actor.channel")
        case .agent, .reviewer, .approver, .finance:
            phrases.text(
                "staff.actor.person", ["name": event.who ?? "", "role": event.role.map(words.role) ?? ""])
        }
    }

    /// The code that the channel gave, in words.
    func code(_ event: CaseFile.EventLine) -> String? {
        event.facts["code"].flatMap { $0.isEmpty ? nil : words.channelCode($0) }
    }

    private func values(_ event: CaseFile.EventLine) -> [String: String] {
        var values: [String: String] = [:]
        for name in ["asked", "approved", "offered", "proposed", "gross", "amount"] {
            values[name] = event.facts["\(name)_minor"].flatMap { Int64($0) }
                .flatMap { Money(minor: $0, currency: currency)?.text }
        }
        values["due"] = WorkingDays.Counted("due", in: event.facts).map(clock.day)
        if let reason = event.facts["reason"] {
            values["reason"] =
                DeclineReason(rawValue: reason).map(words.decline)
                ?? RequestReason(rawValue: reason).map { words.reason($0) }
        }
        values["verdict"] = event.facts["verdict"].flatMap { ProofVerdict(rawValue: $0) }
            .map { phrases.text("staff.proof-verdict.\($0.rawValue)") }
        values["action"] = event.facts["action"].flatMap { JointAction(rawValue: $0) }
            .map { phrases.text("staff.joint.\($0.rawValue)") }
        values["block"] = event.facts["block"].flatMap { Block(rawValue: $0) }
            .map { phrases.text("staff.block.\($0.rawValue)") }
        values["difference"] = event.facts["difference"].flatMap { Difference(rawValue: $0) }
            .map { phrases.text("staff.difference.\($0.rawValue)") }
        values["batch"] = event.facts["batch"]
        values["reference"] = event.facts["bank_reference"] ?? "–"
        values["result"] = event.facts["result"].flatMap { PayoutResult(rawValue: $0) }
            .map { phrases.text("staff.payout.result.\($0.rawValue)") }
        values["scan"] = event.facts["scan"].flatMap { ProofScan(rawValue: $0) }
            .map { phrases.text("staff.scan.\($0.rawValue)") }
        values["kind"] = event.facts["kind"].flatMap { ProofKind(rawValue: $0) }.map(words.proof)
        return values
    }
}
