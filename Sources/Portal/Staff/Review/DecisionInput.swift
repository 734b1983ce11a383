import RefundDesk
import RefundDomain
import Web

/// Reads the fields of decisions; what cannot be read is told beside its field.
struct DecisionInput: Sendable {
    let fields: FormFields
    let currency: Currency

    /// - Throws: ``FormFault`` for everything that is no amount.
    func amount() throws(FormFault) -> Money {
        do {
            return try Money.parse(fields.text("amount") ?? "", in: currency)
        } catch {
            throw FormFault([
                Web.FieldFault(
                    "amount", "staff.amount.\(DecisionInput.word(error))",
                    [
                        "decimals": String(currency.digits)
                    ])
            ])
        }
    }

    /// The checks that were ticked; words that are none are left out.
    var checks: Set<Check> { Set(fields.list("checks").compactMap { Check(rawValue: $0) }) }

    var items: Set<ProofKind> { Set(fields.list("items").compactMap { ProofKind(rawValue: $0) }) }

    /// - Throws: ``FormFault`` when none, or an unknown one, was chosen.
    func reason() throws(FormFault) -> DeclineReason {
        guard let reason = fields.text("reason").flatMap({ DeclineReason(rawValue: $0) }) else {
            throw FormFault([Web.FieldFault("reason", "staff.reason-field.missing")])
        }
        return reason
    }

    /// - Throws: ``FormFault`` when none, or an unknown one, was chosen.
    func remedy() throws(FormFault) -> Remedy {
        guard let remedy = fields.text("remedy").flatMap({ Remedy(rawValue: $0) }) else {
            throw FormFault([Web.FieldFault("remedy", "staff.remedy-field.missing")])
        }
        return remedy
    }

    /// The date until which an answer is asked for; nil when the field is empty.
    ///
    /// - Throws: ``FormFault`` for what is no date.
    func due() throws(FormFault) -> Day? {
        guard let text = fields.text("due") else { return nil }
        guard let day = Day(iso: text) else { throw FormFault([Web.FieldFault("due", "staff.due-field.unreadable")]) }
        return day
    }

    /// Words that the cardholder gets: long enough to explain something.
    ///
    /// - Throws: ``FormFault`` when they are missing, too short or too long.
    func words(_ field: String) throws(FormFault) -> String {
        let text = fields.text(field) ?? ""
        let length = text.unicodeScalars.count
        if text.isEmpty { throw FormFault([Web.FieldFault(field, "staff.text.missing")]) }
        if length < TextLimits.explanationCharactersMin {
            throw FormFault([Web.FieldFault(field, "staff.text.too-short")])
        }
        if length > TextLimits.explanationCharactersMax {
            throw FormFault([Web.FieldFault(field, "staff.text.too-long")])
        }
        return text
    }

    /// Reads several fields and tells everything that is wrong with them at once.
    ///
    /// - Throws: ``FormFault`` with the faults of all of them.
    static func all<each Value>(
        _ read: repeat () throws(FormFault) -> each Value
    ) throws(FormFault) -> (repeat each Value) {
        var faults: [Web.FieldFault] = []
        for one in repeat each read {
            do throws(FormFault) { _ = try one() } catch { faults += error.faults }
        }
        guard faults.isEmpty else { throw FormFault(faults) }
        return (repeat try (each read)())
    }

    private static func word(_ fault: AmountFault) -> String {
        switch fault {
        case .empty: "missing"
        case .unreadable: "unreadable"
        case .negative: "negative"
        case .tooManyDecimals: "decimals"
        case .tooLarge: "too-large"
        }
    }

    /// The refusal of a decision as words beside its field; nil when the whole page has to answer.
    static func fault(_ refusal: Refusal) -> FormFault? {
        switch refusal {
        case .field(let name, let fault):
            FormFault([Web.FieldFault(name, "staff.\(fields[name] ?? "text").\(fault.word)")])
        case .aboveMost(let most):
            FormFault([Web.FieldFault("amount", "staff.amount.too-much", ["most": most.text])])
        case .aboveLimit(let limit):
            FormFault([Web.FieldFault("amount", "staff.amount.above-limit", ["limit": limit.text])])
        case .limited(let most, _):
            FormFault([Web.FieldFault("amount", "staff.amount.day-limit", ["most": most.text])])
        case .checkMissing: FormFault([Web.FieldFault("checks", "staff.checks.missing")])
        case .makerMayNotDecide: FormFault([Web.FieldFault("amount", "staff.amount.maker")])
        case .ineligible(.terminalCannot): FormFault([Web.FieldFault("amount", "staff.amount.only-whole")])
        case .ineligible(.belowLeast(let least, _)):
            FormFault([Web.FieldFault("amount", "staff.amount.below-least", ["least": least.text])])
        case .ineligible: FormFault([Web.FieldFault("amount", "staff.amount.ineligible")])
        case .decidedBefore: FormFault([Web.FieldFault("amount", "staff.amount.decided-before")])
        case .firstApprover: FormFault([Web.FieldFault("amount", "staff.amount.first-approver")])
        case .notYours: FormFault([Web.FieldFault("amount", "staff.amount.not-yours")])
        case .undoOver: FormFault([Web.FieldFault("amount", "staff.amount.undo-over")])
        case .blocked: FormFault([Web.FieldFault("amount", "staff.amount.blocked")])
        case .consentMissing: FormFault([Web.FieldFault("consent", "staff.amount.consent")])
        case .belowApproved(let least):
            FormFault([Web.FieldFault("amount", "staff.amount.below-approved", ["least": least.text])])
        case .notFound, .stale, .notNow, .onlyWhole, .proofNeeded, .tooMuchProof, .contactUnproved, .stepMissing,
            .wrongCode, .codeExpired, .tooMany, .notAllowed, .alreadyThere, .moneyNotNow, .proposalOpen,
            .tooEarly, .channelCannot:
            nil
        }
    }

    /// Under which words a field's faults are kept; texts share theirs.
    private static let fields = ["due": "due-field", "reason": "reason-field", "remedy": "remedy-field"]

    static var keys: [String] {
        let amounts = [
            "missing", "unreadable", "negative", "decimals", "too-large", "too-much", "above-limit", "maker",
            "ineligible", "day-limit", "decided-before", "first-approver", "not-yours", "undo-over", "blocked",
            "consent", "below-approved", "only-whole", "below-least",
        ].map { "staff.amount.\($0)" }
        let texts = ["text", "due-field"].flatMap { field in
            ["missing", "too-long", "unreadable", "too-short", "not-offered"].map { "staff.\(field).\($0)" }
        }
        return amounts + texts + ["staff.checks.missing", "staff.reason-field.missing", "staff.remedy-field.missing"]
            + ["staff.decision-field.missing"]
    }
}
