/// What an account has to say where a channel's contract is not public: that somebody asked, and the answers.
extension AccountFields {
    /// `confirmed_with_acquirer`: who confirmed the open questions, and when.
    ///
    /// - Parameters:
    ///   - questions: what must be confirmed, as part of a sentence.
    ///   - guide: the page that lists all of it.
    /// - Throws: ``AccountFault`` without it: the channel is off by default.
    func confirmation(of questions: String, guide: String) throws(AccountFault) {
        let key = "confirmed_with_acquirer"
        guard try text(key, 10...200, .anything) == nil else { return }
        throw AccountFault(
            key: key,
            problem: """
                is missing: this channel is off until the acquirer has confirmed \(questions), which no public \
                document does. \(guide) lists what to ask; then write here who confirmed it and when
                """)
    }

    /// A list of a channel's words with commas between, `A,B`; empty when the key is absent.
    func words(_ key: String) throws(AccountFault) -> Set<String> {
        guard let list = try text(key, 1...1000, .anything) else { return [] }
        let words = list.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        guard words.allSatisfy(PlainWord.isOne) else {
            throw AccountFault(key: key, problem: "must be words of letters, digits, _ - and . with commas between")
        }
        return Set(words)
    }

    /// A path of the channel, `/refund/query`; nil when the key is absent.
    func path(_ key: String) throws(AccountFault) -> String? {
        guard let path = try text(key, 2...200, .anything) else { return nil }
        let parts = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        guard path.hasPrefix("/"), parts.allSatisfy({ PlainWord.isOne(String($0)) && !$0.hasPrefix(".") }) else {
            throw AccountFault(key: key, problem: "must be a path such as /refund/query")
        }
        return path
    }
}

/// A channel's own word for a state or an error, which may be shown and stored.
enum PlainWord {
    private static let bytesMax = 64

    /// Whether a text is 1 to 64 letters, digits, `_`, `-` and `.`.
    static func isOne(_ text: String) -> Bool {
        (1...bytesMax).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
                    || "_-.".utf8.contains(byte)
            }
    }

    /// The text when it is such a word, else nothing: a channel cannot put sentences into our mouth.
    static func of(_ text: String?) -> String {
        text.flatMap { isOne($0) ? $0 : nil } ?? ""
    }
}
