import Vault

extension Shengpay {
    /// The fields of an answer or a notice, flat as Shengpay signs them.
    struct Fields: Sendable {
        private let values: [String: String]

        private static let fieldsMax = 100

        /// Reads a JSON object of texts and whole numbers, checks its signature and nothing else.
        ///
        /// The signed text puts names and values one after the other with `=` and `&` and does not escape them: a value
        /// with `&` could have been two fields, so that nothing with one is believed.
        ///
        /// - Throws: ``NoticeFault/unreadable``; ``NoticeFault/wrongMethod`` for another method than RSA.
        init(_ body: [UInt8]) throws(NoticeFault) {
            guard case .object(let members) = StrictJSON(body), members.count <= Self.fieldsMax else {
                throw .unreadable
            }
            var values: [String: String] = [:]
            for (name, value) in members where value != .null {
                guard let text = value.text ?? value.whole.map({ String($0) }), !text.utf8.contains(UInt8(ascii: "&")),
                    !name.utf8.contains(where: { "&=".utf8.contains($0) })
                else { throw .unreadable }
                if !text.isEmpty { values[name] = text }
            }
            self.values = values
        }

        subscript(name: String) -> String? { values[name] }

        /// The member's text as a plain word of the channel, or nothing.
        func word(_ name: String) -> String { PlainWord.of(values[name]) }

        /// Whether a signature came with them.
        var isSigned: Bool { values["sign"] != nil }

        /// What a repeat of the same message has in common with it: all but nonce and signature.
        var content: String {
            Hex.encode(Digest.sha256(Array(Shengpay.signedText(values.filter { $0.key != "nonceStr" }).utf8)))
        }

        /// - Throws: ``NoticeFault`` unless the platform's signature holds over all fields.
        func check(_ key: any SignatureChecker) throws(NoticeFault) {
            guard let encoded = values["sign"] else { throw .unsigned }
            guard values["signType"].map({ $0 == "RSA" }) ?? true else { throw .wrongMethod }
            guard let signature = Base64.decode(encoded),
                key.verify(Array(Shengpay.signedText(values).utf8), signature: signature)
            else { throw .badSignature }
        }
    }

    /// The text that is signed: fields that are not empty, but for `sign`, in order of their names.
    static func signedText(_ fields: [String: String]) -> String {
        fields.filter { !$0.value.isEmpty && $0.key != "sign" }
            .sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
            .map { "\($0.key)=\($0.value)" }.joined(separator: "&")
    }
}
