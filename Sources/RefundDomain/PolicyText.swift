/// Policies as text: one `key=value` line for each rule, in the order of their keys.
///
/// Read strictly, because money goes by it: what is not understood is no policy. A key that is missing has the
/// standard's value; ``Policy/rules`` writes every key, so that a later standard changes no policy that was confirmed.
public enum PolicyText {
    /// The longest text that is read, in bytes.
    static let bytesMax = 4_000
    static let autoReasonsKey = "auto-reasons"
    private static let proofPrefix = "proof."
    /// What stands where a limit is not set or proof is never demanded.
    private static let none = "none"

    static func proofKey(_ reason: RequestReason) -> String { proofPrefix + reason.rawValue }

    /// Reads a policy.
    ///
    /// - Throws: ``PolicyFault``, naming the first line that does not fit.
    public static func parse(_ text: String, version: String) throws(PolicyFault) -> Policy {
        guard text.utf8.count <= bytesMax else { throw .unreadable("length") }
        var policy = Policy(version: version)
        var seen: Set<String> = []
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard let key = parts.first, let value = parts.dropFirst().first else { throw .unreadable(String(line)) }
            guard seen.insert(key).inserted else { throw .repeated(key) }
            policy = try set(key, value, policy)
        }
        return policy
    }

    private static func set(_ key: String, _ value: String, _ policy: Policy) throws(PolicyFault) -> Policy {
        if let number = PolicyNumber(rawValue: key) {
            return try policy.with(number, try minor(value, key))
        }
        if let choice = PolicyChoice(rawValue: key) { return try policy.with(choice, value) }
        if key == autoReasonsKey { return policy.approvingAlone(try reasons(value)) }
        guard key.hasPrefix(proofPrefix), let reason = RequestReason(rawValue: String(key.dropFirst(proofPrefix.count)))
        else { throw .unknownKey(key) }
        return try policy.demandingProof(for: reason, from: try minor(value, key))
    }

    private static func minor(_ value: String, _ key: String) throws(PolicyFault) -> Int64? {
        if value == none { return nil }
        // One way of writing a number, so that the same rules are always the same text.
        guard let number = Int64(value), String(number) == value else { throw .unreadable(key) }
        return number
    }

    private static func reasons(_ value: String) throws(PolicyFault) -> Set<RequestReason> {
        var reasons: Set<RequestReason> = []
        for word in value.split(separator: ",", omittingEmptySubsequences: false) where !value.isEmpty {
            guard let reason = RequestReason(rawValue: String(word)), reasons.insert(reason).inserted else {
                throw .unreadable(autoReasonsKey)
            }
        }
        return reasons
    }
}

extension Policy {
    /// Every rule by its key.
    public var values: [String: String] {
        var values: [String: String] = [:]
        for number in PolicyNumber.allCases { values[number.rawValue] = self[number].map { String($0) } ?? "none" }
        for choice in PolicyChoice.allCases { values[choice.rawValue] = self[choice] }
        values[PolicyText.autoReasonsKey] = autoReasons.map(\.rawValue).sorted().joined(separator: ",")
        for reason in RequestReason.allCases {
            values[PolicyText.proofKey(reason)] = proofFrom[reason].map { String($0) } ?? "none"
        }
        return values
    }

    /// The rules as text, for keeping.
    public var rules: String {
        values.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: "\n")
    }

    /// The keys whose values differ, in order.
    public func differences(from other: Policy) -> [String] {
        let mine = values
        let others = other.values
        return mine.keys.filter { mine[$0] != others[$0] }.sorted()
    }
}
