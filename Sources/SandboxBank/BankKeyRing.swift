package import Vault

/// The keys that the bank works with: its own, and those of the merchants that it registered.
package struct BankKeyRing: Sendable {
    let publicKeyID: String
    let platform: any PrivateMessageKey
    private(set) var merchants: [String: Merchant] = [:]

    /// A merchant as the bank knows it.
    package struct Merchant: Sendable {
        /// Its number with the channel.
        let number: String
        /// Serial number of the certificate that it signs with.
        let serial: String
        /// 32 bytes that its notices are sealed with.
        let apiV3Key: String
        /// Checks its signatures.
        let checker: any SignatureChecker

        package init(number: String, serial: String, apiV3Key: String, checker: any SignatureChecker) {
            self.number = number
            self.serial = serial
            self.apiV3Key = apiV3Key
            self.checker = checker
        }
    }

    /// - Parameters:
    ///   - publicKeyID: by which merchants know the bank's own key.
    ///   - platform: signs answers and notices, and reads what merchants encrypted.
    package init(publicKeyID: String, platform: any PrivateMessageKey, merchants: [Merchant]) {
        self.publicKeyID = publicKeyID
        self.platform = platform
        for merchant in merchants { register(merchant) }
    }

    mutating func register(_ merchant: Merchant) {
        merchants[merchant.number] = merchant
    }

    /// Whether a merchant's signature over its request holds (merchant document 4012365870).
    func verify(_ request: BankRequest, _ credentials: RequestCredentials, _ merchant: Merchant) -> Bool {
        guard let signature = Base64.decode(credentials.signature) else { return false }
        let head = "\(request.method)\n\(request.path)\n\(credentials.timestamp)\n\(credentials.nonce)\n"
        return merchant.checker.verify(Array(head.utf8) + request.body + [0x0A], signature: signature)
    }

    /// The signature headers of an answer or a notice.
    func headers(over body: [UInt8], seconds: Int64, nonce: String) throws -> [(name: String, value: String)] {
        let signature = try platform.sign(Array("\(seconds)\n\(nonce)\n".utf8) + body + [0x0A])
        return [
            (name: "Wechatpay-Timestamp", value: String(seconds)), (name: "Wechatpay-Nonce", value: nonce),
            (name: "Wechatpay-Serial", value: publicKeyID),
            (name: "Wechatpay-Signature", value: Base64.encode(signature)),
            (name: "Wechatpay-Signature-Type", value: RequestCredentials.method),
        ]
    }
}
