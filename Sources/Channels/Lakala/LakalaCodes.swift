import RefundDomain

extension Lakala {
    /// What the acquirer says of answer codes that no public document lists.
    struct Codes: Sendable {
        private let verdicts: [String: ChannelVerdict]

        private static let keys: [(key: String, verdict: ChannelVerdict)] = [
            ("codes_failed", .failed), ("codes_no_funds", .noFunds), ("codes_operator", .refusedOperator),
            ("codes_not_executed", .notExecuted), ("codes_never_seen", .neverSeen),
        ]
        static let names = Set(keys.map(\.key))
        /// The longest list, in bytes.
        private static let listBytesMax = 1024

        init(_ fields: AccountFields) throws(AccountFault) {
            var verdicts: [String: ChannelVerdict] = [:]
            for (key, verdict) in Self.keys {
                guard let list = try fields.text(key, 1...Self.listBytesMax, .anything) else { continue }
                for code in list.split(separator: " ").map(String.init) {
                    guard Answer.isWord(code) else {
                        throw AccountFault(key: key, problem: "must be codes with spaces between them")
                    }
                    guard verdicts[code] == nil, !ErrorMeaning.isDocumented(code) else {
                        throw AccountFault(key: key, problem: "names a code that has a meaning already")
                    }
                    verdicts[code] = verdict
                }
            }
            self.verdicts = verdicts
        }

        /// The meaning of a code; nil for one that nobody explained.
        subscript(code: String) -> ChannelVerdict? { verdicts[code] }
    }
}
