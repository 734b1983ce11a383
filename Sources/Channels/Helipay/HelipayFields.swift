import Vault

extension Helipay {
    /// Signs by MD5 over values in a fixed order and the key that both sides know.
    struct Seal: Sendable {
        let key: Secret

        /// Each value with `&` before it, then the key with `&` before it; in small hexadecimal digits.
        func signature(over values: [String]) -> String {
            let text = values.flatMap { [UInt8(ascii: "&")] + Array($0.utf8) } + [UInt8(ascii: "&")] + key.bytes
            return Hex.encode(Digest.md5(text))
        }

        /// Whether a signature is over exactly these values.
        func holds(_ signature: String, over values: [String]) -> Bool {
            constantTimeEqual(Array(signature.utf8), Array(self.signature(over: values).utf8))
        }
    }

    /// The signed fields of an answer. Nothing else of it is read at all, since anybody could have written it.
    struct Answer: Sendable {
        private let values: [String: String]
        /// Whether a signature came with it and held.
        let isSigned: Bool

        /// Reads an answer and checks the signature over its fields, each as the text that it was sent as: `0.10` and
        /// `0.1` are the same amount and not the same signature.
        ///
        /// The signed text has no escapes: a value with `&` could be the end of one field and the start of the next, so
        /// that nothing with one is believed.
        ///
        /// - Parameter names: the signed fields in their order; one that is missing is signed as empty.
        init(_ body: [UInt8], _ names: [String], _ seal: Seal) throws(NoticeFault) {
            guard let json = StrictJSON(body), case .object = json else { throw .unreadable }
            var values: [String: String] = [:]
            for name in names {
                guard let member = json[name], member != .null else { continue }
                guard let text = Self.text(member, name, body), !text.utf8.contains(UInt8(ascii: "&")) else {
                    throw .unreadable
                }
                values[name] = text
            }
            self.values = values
            guard let signature = json["sign"]?.text, !signature.isEmpty else {
                isSigned = false
                return
            }
            guard seal.holds(signature, over: names.map { values[$0] ?? "" }) else { throw .badSignature }
            isSigned = true
        }

        /// The field's text; nil when it is missing or empty.
        subscript(name: String) -> String? { values[name].flatMap { $0.isEmpty ? nil : $0 } }

        /// A text as it is meant, a number as it stands there.
        private static func text(_ member: StrictJSON, _ name: String, _ body: [UInt8]) -> String? {
            switch member {
            case .string(let text): text
            case .integer, .otherNumber:
                RawMember.bytes(of: name, in: body).map { String(decoding: $0, as: UTF8.self) }
            case .object, .array, .bool, .null: nil
            }
        }
    }
}
