import RefundDomain
import Web
import Words

/// The form in which a policy is proposed: every rule as a field with its unit and bounds.
struct PolicyForm: Sendable {
    static let prefix = "staff.policy.field"
    static let reasonsField = "auto-reasons"
    static let fromField = "from"

    let words: PolicyWords

    private var phrases: Phrases { words.phrases }

    /// What was typed, as a policy; every field that does not fit is named.
    ///
    /// - Throws: ``FormFault``.
    func policy(_ fields: FormFields) throws(FormFault) -> Policy {
        var policy = Policy(version: "proposed")
        var faults: [Web.FieldFault] = []
        for number in PolicyNumber.allCases {
            do {
                let value = try read(number.rawValue, fields, number.unit)
                policy = try policy.with(number, value)
            } catch let fault as PolicyFault {
                faults.append(self.fault(fault, number))
            } catch {
                faults.append(unreadable(number.rawValue))
            }
        }
        for choice in PolicyChoice.allCases {
            do {
                policy = try policy.with(choice, fields.text(choice.rawValue) ?? "")
            } catch {
                faults.append(unreadable(choice.rawValue))
            }
        }
        policy = policy.approvingAlone(Set(fields.list(PolicyForm.reasonsField).compactMap(RequestReason.init)))
        for reason in RequestReason.allCases {
            let name = PolicyForm.proofField(reason)
            do {
                policy = try policy.demandingProof(for: reason, from: try read(name, fields, .money))
            } catch {
                faults.append(unreadable(name))
            }
        }
        guard faults.isEmpty else { throw FormFault(faults) }
        return policy
    }

    /// The first day of the rules.
    ///
    /// - Throws: ``FormFault`` on `from`.
    func from(_ fields: FormFields) throws(FormFault) -> Day {
        guard let text = fields.text(PolicyForm.fromField) else {
            throw FormFault([Web.FieldFault(PolicyForm.fromField, "staff.policy.from.missing")])
        }
        guard let day = Day(iso: text) else {
            throw FormFault([Web.FieldFault(PolicyForm.fromField, "staff.policy.from.unreadable")])
        }
        return day
    }

    /// A number as people write it; nil when the field is empty.
    private func read(_ name: String, _ fields: FormFields, _ unit: PolicyNumber.Unit) throws(AmountFault) -> Int64? {
        guard let text = fields.text(name) else { return nil }
        switch unit {
        case .money: return try Money.parse(text, in: words.currency).minor
        // A percentage has two decimals, as yuan have; the other units have none, as yen.
        case .basisPoints:
            return try Money.parse(String(text.filter { $0 != "%" && $0 != "％" }), in: .cny).minor
        case .days, .workingDays, .hours, .seconds: return try Money.parse(text, in: .jpy).minor
        }
    }

    private func fault(_ fault: PolicyFault, _ number: PolicyNumber) -> Web.FieldFault {
        switch fault {
        case .missing:
            Web.FieldFault(number.rawValue, "\(PolicyForm.prefix).missing", ["rule": words.label(number)])
        case .outOfBounds, .unknownKey, .unreadable, .repeated:
            Web.FieldFault(
                number.rawValue, "\(PolicyForm.prefix).out-of-bounds",
                ["rule": words.label(number), "bounds": words.bounds(number)])
        }
    }

    private func unreadable(_ name: String) -> Web.FieldFault {
        Web.FieldFault(name, "\(PolicyForm.prefix).unreadable", ["rule": words.label(key: name)])
    }

    static func proofField(_ reason: RequestReason) -> String { "proof.\(reason.rawValue)" }

    /// The groups of fields, filled with what was typed or else with a policy.
    func groups(_ policy: Policy, typed: FormFields?, _ fault: FormFault?) -> [PolicyFormView.Group] {
        PolicyWords.Group.allCases.map { group in
            PolicyFormView.Group(
                name: words.group(group), hint: phrases.text("staff.policy.group.\(group.rawValue).hint"),
                fields: fields(of: group, policy, typed, fault),
                selects: group == .fees ? selects(policy, typed) : [],
                reasons: group == .alone ? reasons(policy, typed) : nil)
        }
    }

    private func fields(
        of group: PolicyWords.Group, _ policy: Policy, _ typed: FormFields?, _ fault: FormFault?
    ) -> [TextField] {
        let numbers = PolicyWords.numbers(of: group).map { number in
            let value = typed.map { $0.typed(number.rawValue) } ?? policy[number].map { words.typed($0, number.unit) }
            return field(
                number.rawValue, words.label(number), hint: words.bounds(number), value, number.unit,
                isOptional: number.standard == nil, fault)
        }
        guard group == .proof else { return numbers }
        return RequestReason.allCases.map { reason in
            let name = PolicyForm.proofField(reason)
            let value = typed.map { $0.typed(name) } ?? policy.proofFrom[reason].map { words.typed($0, .money) }
            return field(name, words.proofLabel(reason), hint: nil, value, .money, isOptional: true, fault)
        }
    }

    private func field(
        _ name: String, _ label: String, hint: String?, _ value: String?, _ unit: PolicyNumber.Unit, isOptional: Bool,
        _ fault: FormFault?
    ) -> TextField {
        TextField(
            name, label: label, hint: hint, problem: fault?.text(name, phrases), value: value, inputMode: "decimal",
            width: unit == .money ? "input--amount" : "input--short",
            prefix: unit == .money ? words.currency.sign : nil, isOptional: isOptional)
    }

    private func selects(_ policy: Policy, _ typed: FormFields?) -> [SelectField] {
        PolicyChoice.allCases.map { choice in
            SelectField(
                choice.rawValue, label: words.label(key: choice.rawValue),
                options: choice.options.map { ($0, words.option(choice, $0)) },
                chosen: typed.map { $0.typed(choice.rawValue) } ?? policy[choice])
        }
    }

    private func reasons(_ policy: Policy, _ typed: FormFields?) -> Choices {
        Choices(
            PolicyForm.reasonsField, legend: phrases.text("staff.policy.rule.auto-reasons"),
            options: RequestReason.allCases.map { ($0.rawValue, phrases.text("staff.reason.\($0.rawValue)"), nil) },
            chosen: typed?.list(PolicyForm.reasonsField) ?? policy.autoReasons.map(\.rawValue), several: true)
    }

    func fromField(_ typed: FormFields?, tomorrow: Day, _ fault: FormFault?) -> TextField {
        TextField(
            PolicyForm.fromField, label: phrases.text("staff.policy.from"),
            hint: phrases.text("staff.policy.from.hint"), problem: fault?.text(PolicyForm.fromField, phrases),
            value: typed.map { $0.typed(PolicyForm.fromField) } ?? tomorrow.iso, type: "date", width: "input--short")
    }

    static var keys: [String] {
        ["missing", "unreadable", "out-of-bounds"].map { "\(prefix).\($0)" }
            + ["from", "from.hint", "from.missing", "from.unreadable", "from.not-offered", "rules.missing"]
            .map { "staff.policy.\($0)" }
            + PolicyWords.Group.allCases.map { "staff.policy.group.\($0.rawValue).hint" }
    }
}
