import RefundDomain
import Vault

extension Alipay {
    /// An answer of Alipay's gateway, taken apart.
    struct Answer: Sendable {
        /// What the answer says: the member that is named after the method, or `error_response`.
        let content: StrictJSON
        /// Whether a signature came with it and held.
        let isSigned: Bool

        /// `code`, and `sub_code` where there is one; each only in Alipay's own alphabet.
        var code: String { Answer.word(content["code"]) ?? "" }
        var subCode: String { Answer.word(content["sub_code"]) ?? "" }

        /// What one sees of it: the finer of the two codes.
        var word: String { subCode.isEmpty ? code : subCode }

        /// Reads an answer and checks the signature over the bytes of its content as they stand there.
        ///
        /// - Throws: ``NoticeFault`` for a signature that does not hold, and for what is no answer to this method.
        init(
            _ body: [UInt8], to method: Requests.Method, _ trust: Trust, at now: Moment
        ) throws(NoticeFault) {
            guard let json = StrictJSON(body), case .object = json else { throw .unreadable }
            let names = [method.answerName, "error_response"].filter { json[$0] != nil }
            guard names.count == 1, let name = names.first, let content = json[name], case .object = content,
                let signed = RawMember.bytes(of: name, in: body)
            else { throw .unreadable }
            self.content = content
            guard let encoded = json["sign"]?.text, !encoded.isEmpty else {
                isSigned = false
                return
            }
            guard let signature = Base64.decode(encoded) else { throw .badSignature }
            let serial = json["alipay_cert_sn"]?.text
            switch trust.check(Array(signed), signature: signature, serial: serial, at: now) {
            case .verified: isSigned = true
            case .unknownKey: throw .unknownKey
            case .badSignature: throw .badSignature
            }
        }

        private static func word(_ member: StrictJSON?) -> String? {
            guard let text = member?.text, (1...64).contains(text.utf8.count) else { return nil }
            let isWord = text.utf8.allSatisfy { byte in
                (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
                    || "._-".utf8.contains(byte)
            }
            return isWord ? text : nil
        }
    }
}
