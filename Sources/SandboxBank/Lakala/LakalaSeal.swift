import Vault

/// How the bank signs as Lakala.
struct LakalaSeal: Sendable {
    let key: RSAPrivateKey
    /// Of the certificate that answers are signed with.
    let serial: String
    let noticeKey: RSAPrivateKey

    static let method = "LKLAPI-SHA256withRSA"

    /// The headers of an answer: five lines are signed.
    ///
    /// - Parameter signed: the bytes that the signature is made over, others than those sent for one that does not fit.
    func answerHeaders(
        _ applicationID: String, over signed: [UInt8], seconds: Int64, nonce: String
    ) throws -> [(name: String, value: String)] {
        let head = "\(applicationID)\n\(serial)\n\(seconds)\n\(nonce)\n"
        let signature = try key.sign(Array(head.utf8) + signed + [0x0A])
        return [
            (name: "Lklapi-Appid", value: applicationID), (name: "Lklapi-Serial", value: serial),
            (name: "Lklapi-Timestamp", value: String(seconds)), (name: "Lklapi-Nonce", value: nonce),
            (name: "Lklapi-Signature", value: Base64.encode(signature)), (name: "Lklapi-Traceid", value: nonce),
        ]
    }

    /// The header of a notice: three lines are signed.
    func noticeHeader(over body: [UInt8], seconds: Int64, nonce: String) throws -> String {
        let signature = try noticeKey.sign(Array("\(seconds)\n\(nonce)\n".utf8) + body + [0x0A])
        return "\(Self.method) timestamp=\"\(seconds)\", nonce_str=\"\(nonce)\", "
            + "signature=\"\(Base64.encode(signature))\""
    }
}

/// The `Authorization` header of a request, taken apart.
struct LakalaCredentials: Sendable {
    let applicationID: String
    private let serial: String
    /// Seconds since 1970.
    let timestamp: Int64
    private let nonce: String
    private let signature: [UInt8]

    /// Reads the header; nil for another method or a part that is missing.
    init?(_ header: String) {
        guard header.hasPrefix(LakalaSeal.method + " ") else { return nil }
        var parts: [Substring: String] = [:]
        for part in header.dropFirst(LakalaSeal.method.utf8.count + 1).split(separator: ",") {
            let pair = part.split(separator: "=", maxSplits: 1)
            guard pair.count == 2, let name = pair.first, let value = pair.last, value.count >= 2,
                value.hasPrefix("\""), value.hasSuffix("\""), parts[name] == nil
            else { return nil }
            parts[name] = String(value.dropFirst().dropLast())
        }
        guard let applicationID = parts["appid"], let serial = parts["serial_no"], let nonce = parts["nonce_str"],
            nonce.utf8.count == 12 || nonce.utf8.count == 32, let timestamp = parts["timestamp"].flatMap({ Int64($0) }),
            (0...999_999_999_999).contains(timestamp), let signature = parts["signature"].flatMap({ Base64.decode($0) })
        else { return nil }
        self.applicationID = applicationID
        self.serial = serial
        self.timestamp = timestamp
        self.nonce = nonce
        self.signature = signature
    }

    /// Whether they are this merchant's, over exactly this body.
    func hold(for merchant: LakalaBank.Merchant, over body: [UInt8]) -> Bool {
        let head = "\(applicationID)\n\(serial)\n\(timestamp)\n\(nonce)\n"
        return serial == merchant.serial
            && merchant.checker.verify(Array(head.utf8) + body + [0x0A], signature: signature)
    }
}
