import RefundDomain
import Vault

extension WeChatPay {
    /// The method that signs every request, answer and notice of API v3.
    static let signatureMethod = "WECHATPAY2-SHA256-RSA2048"

    /// The `Authorization` header of a request (merchant document 4012365870, "how to build a signature").
    struct RequestSigner: Sendable {
        let merchantNumber: String
        let merchantSerial: String
        let privateKey: any MessageSigner

        /// Signs exactly what goes over the wire.
        ///
        /// - Parameters:
        ///   - path: with its query, percent-encoded as sent.
        ///   - timestamp: seconds since 1970.
        ///   - body: empty for `GET`.
        func authorization(
            method: String, path: String, timestamp: Int64, nonce: String, body: [UInt8]
        ) throws -> String {
            let head = Array("\(method)\n\(path)\n\(timestamp)\n\(nonce)\n".utf8)
            let signature = Base64.encode(try privateKey.sign(head + body + [UInt8(ascii: "\n")]))
            return "\(signatureMethod) mchid=\"\(merchantNumber)\",nonce_str=\"\(nonce)\",timestamp=\"\(timestamp)\","
                + "serial_no=\"\(merchantSerial)\",signature=\"\(signature)\""
        }
    }

    /// Checks the signature of an answer or a notice.
    struct SignatureVerifier: Sendable {
        let keys: PlatformKeys

        /// Signing times this many seconds or more from our clock are refused (merchant document 4013053420).
        static let freshnessSeconds: Int64 = 300
        private static let names = [
            "Wechatpay-Timestamp", "Wechatpay-Nonce", "Wechatpay-Signature", "Wechatpay-Serial",
        ]

        /// What came of a check.
        enum Finding: Sendable, Hashable {
            case verified
            /// None of the signature headers is there: some error answers have none.
            case unsigned
            case refused(NoticeFault)
        }

        /// Checks headers and raw bytes; the time comes before the signature, so that a replay costs nothing.
        func check(_ headers: ChannelHeaders, _ body: [UInt8], at now: Moment) -> Finding {
            guard Self.names.contains(where: headers.has) else { return .unsigned }
            guard let timestamp = headers.single("Wechatpay-Timestamp"), let nonce = headers.single("Wechatpay-Nonce"),
                let encoded = headers.single("Wechatpay-Signature"), let serial = headers.single("Wechatpay-Serial")
            else { return .refused(.unsigned) }
            guard let seconds = digits(timestamp), Self.isFresh(seconds, at: now) else { return .refused(.stale) }
            guard let key = keys.key(named: serial, at: now) else { return .refused(.unknownKey) }
            guard let signature = Base64.decode(encoded) else { return .refused(.badSignature) }
            let signed = Array("\(timestamp)\n\(nonce)\n".utf8) + body + [UInt8(ascii: "\n")]
            return key.verify(signed, signature: signature) ? .verified : .refused(.badSignature)
        }

        private static func isFresh(_ seconds: Int64, at now: Moment) -> Bool {
            abs(now.seconds - seconds) < freshnessSeconds
        }

        /// One to twelve digits as a number; nil for anything else.
        private func digits(_ text: String) -> Int64? {
            guard (1...12).contains(text.utf8.count), text.utf8.allSatisfy({ (48...57).contains($0) }) else {
                return nil
            }
            return Int64(text)
        }
    }
}
