import RefundDomain
import Web
import Words

/// The rules of a policy in words, with their values in the units that people use.
struct PolicyWords: Sendable {
    /// What stands together on a page, and the rules in it.
    enum Group: String, CaseIterable {
        case limits
        case fees
        case alone
        case proof
        case decisions
        case times
    }

    let phrases: Phrases
    let currency: Currency

    static func numbers(of group: Group) -> [PolicyNumber] {
        switch group {
        case .limits: [.windowDays, .shareMax, .refundMax, .dayMax]
        case .fees: [.feeFixed, .feeShare, .feeMin, .feeMax]
        case .alone: [.autoMax]
        case .proof: []
        case .decisions: [.reviewerMax, .approverMax, .undoSeconds]
        case .times:
            [
                .answerDays, .decisionDays, .secondDays, .questionDays, .offerDays, .appealDays, .fundsDays,
                .returnedDays, .closeDays, .draftHours,
            ]
        }
    }

    func group(_ group: Group) -> String { phrases.text("staff.policy.group.\(group.rawValue)") }

    func label(_ number: PolicyNumber) -> String { phrases.text("staff.policy.rule.\(number.rawValue)") }

    /// The label of a rule by the key of its line in the text.
    func label(key: String) -> String {
        if let number = PolicyNumber(rawValue: key) { return label(number) }
        guard let reason = PolicyWords.reason(ofProof: key) else {
            return phrases.text("staff.policy.rule.\(key)")
        }
        return proofLabel(reason)
    }

    func proofLabel(_ reason: RequestReason) -> String {
        phrases.text("staff.policy.rule.proof", ["reason": phrases.text("staff.reason.\(reason.rawValue)")])
    }

    func option(_ choice: PolicyChoice, _ word: String) -> String {
        phrases.text("staff.policy.\(choice.rawValue).\(word)")
    }

    /// The value of a rule by its key, for reading.
    func value(key: String, of policy: Policy) -> String {
        if let number = PolicyNumber(rawValue: key) { return value(policy[number], number) }
        if let choice = PolicyChoice(rawValue: key) { return option(choice, policy[choice]) }
        if let reason = PolicyWords.reason(ofProof: key) { return proof(policy.proofFrom[reason]) }
        let reasons = RequestReason.allCases.filter { policy.autoReasons.contains($0) }
        if reasons.isEmpty { return phrases.text("staff.policy.no-reason") }
        return reasons.map { phrases.text("staff.reason.\($0.rawValue)") }.joined(separator: " · ")
    }

    func value(_ value: Int64?, _ number: PolicyNumber) -> String {
        guard let value else { return phrases.text("staff.policy.unlimited.\(number.rawValue)") }
        if number.unit == .money { return money(value).text }
        return phrases.text("staff.policy.unit.\(number.unit.rawValue)", ["count": typed(value, number.unit)])
    }

    private func proof(_ minor: Int64?) -> String {
        guard let minor else { return phrases.text("staff.policy.proof.never") }
        if minor == 0 { return phrases.text("staff.policy.proof.always") }
        return phrases.text("staff.policy.proof.from", ["amount": money(minor).text])
    }

    /// A value as it is typed into a form: amounts in major units, shares in percent.
    func typed(_ value: Int64, _ unit: PolicyNumber.Unit) -> String {
        switch unit {
        case .money: return money(value).decimal
        case .basisPoints:
            let whole = value / 100
            let rest = value % 100
            if rest == 0 { return String(whole) }
            return "\(whole).\(rest < 10 ? "0" : "")\(rest)"
        case .days, .workingDays, .hours, .seconds: return String(value)
        }
    }

    /// The bounds of a number as its hint names them.
    func bounds(_ number: PolicyNumber) -> String {
        let key = number.standard == nil ? "staff.policy.bounds.optional" : "staff.policy.bounds"
        if number.unit == .money {
            return phrases.text(
                number.standard == nil ? "staff.policy.bounds.money.optional" : "staff.policy.bounds.money",
                ["currency": currency.code])
        }
        return phrases.text(
            key,
            [
                "from": typed(number.bounds.lowerBound, number.unit),
                "to": phrases.text(
                    "staff.policy.unit.\(number.unit.rawValue)",
                    ["count": typed(number.bounds.upperBound, number.unit)]),
            ])
    }

    private func money(_ minor: Int64) -> Money {
        Money(minor: minor, currency: currency) ?? .zero(currency)
    }

    private static func reason(ofProof key: String) -> RequestReason? {
        guard key.hasPrefix("proof.") else { return nil }
        return RequestReason(rawValue: String(key.dropFirst("proof.".count)))
    }

    static var keys: [String] {
        let rules = PolicyNumber.allCases.map { "rule.\($0.rawValue)" } + ["rule.proof", "rule.auto-reasons"]
        let choices = PolicyChoice.allCases.flatMap { choice in
            ["rule.\(choice.rawValue)"] + choice.options.map { "\(choice.rawValue).\($0)" }
        }
        let unlimited = PolicyNumber.allCases.filter { $0.standard == nil }.map { "unlimited.\($0.rawValue)" }
        let units = PolicyNumber.Unit.allCases.filter { $0 != .money }.map { "unit.\($0.rawValue)" }
        let rest = [
            "no-reason", "proof.never", "proof.always", "proof.from", "bounds", "bounds.optional", "bounds.money",
            "bounds.money.optional",
        ]
        return (rules + choices + unlimited + units + rest + Group.allCases.map { "group.\($0.rawValue)" })
            .map { "staff.policy.\($0)" }
    }
}
