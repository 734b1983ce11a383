import RefundDomain
import Vault

extension Lakala {
    /// The method that signs every request, answer and notice (document 1004).
    static let signatureMethod = "LKLAPI-SHA256withRSA"

    /// Signs requests.
    struct RequestSigner: Sendable {
        let applicationID: String
        let merchantSerial: String
        let privateKey: any MessageSigner

        /// The `Authorization` header of a request: five lines are signed, each with its end.
        ///
        /// - Parameters:
        ///   - timestamp: seconds since 1970.
        ///   - body: exactly what goes over the wire, encrypted or not.
        func authorization(timestamp: Int64, nonce: String, body: [UInt8]) throws -> String {
            let head = "\(applicationID)\n\(merchantSerial)\n\(timestamp)\n\(nonce)\n"
            let signature = try privateKey.sign(Array(head.utf8) + body + [UInt8(ascii: "\n")])
            return "\(signatureMethod) appid=\"\(applicationID)\",nonce_str=\"\(nonce)\",timestamp=\"\(timestamp)\","
                + "serial_no=\"\(merchantSerial)\",signature=\"\(Base64.encode(signature))\""
        }
    }

    /// Checks the signature of an answer or a notice over its bytes as they came.
    struct SignatureVerifier: Sendable {
        let trust: Trust
        let applicationID: String
        let toleranceSeconds: Int64

        private static let noticeParts: Set<String> = ["timestamp", "nonce_str", "signature"]

        /// Returns when an answer is Lakala's and meant for this application.
        ///
        /// - Throws: why it is not to be believed; the time comes before the signature, so that a replay costs nothing.
        func checkAnswer(_ headers: ChannelHeaders, _ body: [UInt8], at now: Moment) throws(NoticeFault) {
            guard let application = headers.single("Lklapi-Appid"), let serial = headers.single("Lklapi-Serial"),
                let timestamp = headers.single("Lklapi-Timestamp"), let nonce = headers.single("Lklapi-Nonce"),
                let signature = headers.single("Lklapi-Signature")
            else { throw .unsigned }
            guard sameBytes(application, applicationID) else { throw .wrongMerchant }
            guard isFresh(timestamp, at: now) else { throw .stale }
            guard let key = trust.platformKey(named: serial, at: now) else { throw .unknownKey }
            let head = "\(application)\n\(serial)\n\(timestamp)\n\(nonce)\n"
            try check(head, body, signature, [key])
        }

        /// Returns when a notice is Lakala's: three lines are signed, and nothing names a certificate.
        ///
        /// - Throws: as ``checkAnswer(_:_:at:)``.
        func checkNotice(_ headers: ChannelHeaders, _ body: [UInt8], at now: Moment) throws(NoticeFault) {
            guard let header = headers.single("Authorization") else { throw .unsigned }
            let halves = header.split(maxSplits: 1, whereSeparator: \.isWhitespace)
            guard halves.count == 2, let method = halves.first, let list = halves.last else { throw .unsigned }
            guard method == signatureMethod else { throw .wrongMethod }
            guard let parts = Self.parts(list), Set(parts.keys) == Self.noticeParts, let timestamp = parts["timestamp"],
                let nonce = parts["nonce_str"], let signature = parts["signature"]
            else { throw .unsigned }
            guard isFresh(timestamp, at: now) else { throw .stale }
            let keys = trust.noticeKeys(at: now)
            guard !keys.isEmpty else { throw .unknownKey }
            try check("\(timestamp)\n\(nonce)\n", body, signature, keys)
        }

        private func check(
            _ head: String, _ body: [UInt8], _ encoded: String, _ keys: [any SignatureChecker]
        ) throws(NoticeFault) {
            guard let signature = Base64.decode(encoded) else { throw .badSignature }
            let signed = Array(head.utf8) + body + [UInt8(ascii: "\n")]
            guard keys.contains(where: { $0.verify(signed, signature: signature) }) else { throw .badSignature }
        }

        /// One to twelve digits of seconds since 1970, near our clock.
        private func isFresh(_ text: String, at now: Moment) -> Bool {
            guard (1...12).contains(text.utf8.count), text.utf8.allSatisfy({ (48...57).contains($0) }),
                let seconds = Int64(text)
            else { return false }
            return abs(now.seconds - seconds) < toleranceSeconds
        }

        /// `name="value"` with commas between; nil for anything else and for a name given twice.
        private static func parts(_ list: Substring) -> [String: String]? {
            var parts: [String: String] = [:]
            for part in list.split(separator: ",", omittingEmptySubsequences: false) {
                let trimmed = part.drop(while: \.isWhitespace)
                guard let mark = trimmed.firstIndex(of: "=") else { return nil }
                let name = String(trimmed[..<mark])
                var value = trimmed[trimmed.index(after: mark)...]
                while value.last?.isWhitespace == true { value.removeLast() }
                guard value.count >= 2, value.hasPrefix("\""), value.hasSuffix("\""), parts[name] == nil else {
                    return nil
                }
                parts[name] = String(value.dropFirst().dropLast())
            }
            return parts
        }
    }
}
