import RefundDomain

extension Lakala {
    /// An answer whose signature held, taken apart (document 1828).
    struct Answer: Sendable {
        /// `code`: `000000` says that the question was understood; the refund has a state of its own.
        let code: String
        /// `resp_data`; nil where the answer has none.
        let data: StrictJSON?

        /// Believes an answer by its signature and opens it.
        ///
        /// - Throws: ``NoticeFault`` for a signature that does not hold, and for what is no answer.
        init(
            _ response: ChannelResponse, _ envelope: Envelope, _ verifier: SignatureVerifier, at now: Moment
        ) throws(NoticeFault) {
            try verifier.checkAnswer(response.headers, response.body, at: now)
            guard let json = envelope.open(response.body), let code = json["code"]?.text, Answer.isWord(code) else {
                throw .unreadable
            }
            self.code = code
            data = json["resp_data"]
        }

        /// Whether a text is one of Lakala's words: capital letters, digits and `_`, so that it cannot speak in our
        /// name.
        static func isWord(_ text: String) -> Bool {
            (1...32).contains(text.utf8.count)
                && text.utf8.allSatisfy { byte in
                    (48...57).contains(byte) || (65...90).contains(byte) || byte == UInt8(ascii: "_")
                }
        }
    }
}
