import RefundDomain
import Vault

extension UnionPay {
    /// The version whose signatures are spoken here.
    static let version = "5.1.0"

    /// Signs requests.
    struct RequestSigner: Sendable {
        let seal: Seal

        /// The message with what names the signer and with its signature.
        func signed(_ message: Fields) throws(VaultFault) -> Fields {
            var fields = message
            fields["signMethod"] = seal.method
            switch seal {
            case .certificates(let own, _):
                fields["certId"] = own.certificate.serialDecimal
                fields["signature"] = Base64.encode(try own.privateKey.sign(doubleHashed(fields)))
            case .sharedKey(let key):
                fields["signature"] = keyedHash(fields, key)
            }
            return fields
        }
    }

    /// Checks the signature of an answer or a notice.
    struct SignatureVerifier: Sendable {
        let seal: Seal

        /// Returns when the message is UnionPay's.
        ///
        /// - Throws: why it is not to be believed; nothing in it counts then.
        func check(_ fields: Fields, at now: Moment) throws(NoticeFault) {
            guard let signature = fields["signature"] else { throw .unsigned }
            guard fields["signMethod"] == seal.method, fields["version"] == version else { throw .wrongMethod }
            switch seal {
            case .certificates(_, let rules):
                guard let text = fields["signPubKeyCert"], let key = rules.key(of: text, at: now) else {
                    throw .unknownKey
                }
                guard let bytes = Base64.decode(signature), key.verify(doubleHashed(fields), signature: bytes) else {
                    throw .badSignature
                }
            case .sharedKey(let key):
                guard constantTimeEqual(Array(signature.utf8), Array(keyedHash(fields, key).utf8)) else {
                    throw .badSignature
                }
            }
        }
    }

    /// What is signed with method 01: the digest in hexadecimal digits, which the signature then hashes again.
    private static func doubleHashed(_ fields: Fields) -> [UInt8] {
        Array(Hex.encode(Digest.sha256(fields.signedText)).utf8)
    }

    /// The signature of method 12: SM3 over the message and the key's own SM3, in hexadecimal digits.
    private static func keyedHash(_ fields: Fields, _ key: Secret) -> String {
        let keyText = Array("&\(Hex.encode(Digest.sm3(key.bytes)))".utf8)
        return Hex.encode(Digest.sm3(fields.signedText + keyText))
    }
}

extension UnionPay.Seal {
    /// The channel's number of the method.
    var method: String {
        switch self {
        case .certificates: "01"
        case .sharedKey: "12"
        }
    }
}
