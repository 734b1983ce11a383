import Vault

/// The bank as UnionPay: its own little house of certificates, and the merchants that it gave one.
struct UnionPayKeys: ChannelBankKeys {
    static let channel = BankChannel.unionPay

    private let rootPem: String
    private let middlePem: String
    private let middleKeyPem: String
    private let signerPem: String
    private let signerKeyPem: String
    private var merchants: [String: Merchant] = [:]

    private struct Merchant: Codable, Sendable {
        let keyPem: String
        let certificatePem: String
    }

    private static let signerName = "041@8310000000083040@中国银联股份有限公司@00016495"
    /// 2020 to 2049: the bank's certificates are older and live longer than whoever tries it.
    private static let notBefore: Int64 = 1_577_836_800
    private static let notAfter: Int64 = 2_524_607_999
    /// UnionPay's merchant numbers have 15 characters; shorter ones get zeros before them.
    private static let merchantNumberBytes = 15

    static func make(random: BankTill.RandomBytes) throws -> UnionPayKeys {
        let rootKey = try RSAPrivateKey.generate()
        let middleKey = try RSAPrivateKey.generate()
        let signerKey = try RSAPrivateKey.generate()
        let root = try CertificateIssuer.root(
            rootKey, commonName: "Sandbox root", notBefore: notBefore, notAfter: notAfter)
        let middle = CertificateIssuer(
            certificate: try root.issue(
                middleKey.publicKey(), commonName: "Sandbox middle", role: .authority, notBefore: notBefore,
                notAfter: notAfter), key: middleKey)
        let signer = try middle.issue(
            signerKey.publicKey(), commonName: signerName, role: .signer, notBefore: notBefore, notAfter: notAfter)
        return UnionPayKeys(
            rootPem: root.certificate.pem, middlePem: middle.certificate.pem, middleKeyPem: try text(middleKey),
            signerPem: signer.pem, signerKeyPem: try text(signerKey))
    }

    func knows(_ merchant: String) -> Bool { merchants[merchant] != nil }

    mutating func register(_ merchant: String, random: BankTill.RandomBytes) throws {
        let key = try RSAPrivateKey.generate()
        let middle = CertificateIssuer(
            certificate: try Certificate(pem: middlePem), key: try RSAPrivateKey(pem: Secret(middleKeyPem)))
        let certificate = try middle.issue(
            key.publicKey(), commonName: "041@\(merchant)", role: .signer, notBefore: Self.notBefore,
            notAfter: Self.notAfter)
        merchants[merchant] = Merchant(keyPem: try Self.text(key), certificatePem: certificate.pem)
    }

    func settings(of merchant: String) throws -> [String: String] {
        guard let keys = merchants[merchant] else { throw BankFault.damaged("keys-unionpay.json") }
        return [
            "mer_id": Self.padded(merchant), "biz_type": "000201", "channel_type": "08", "sign_method": "01",
            "private_key_pem": keys.keyPem, "certificate_pem": keys.certificatePem, "root_certificates_pem": rootPem,
            "middle_certificates_pem": middlePem, "signer_common_name": Self.signerName,
        ]
    }

    func bank(tempo: BankTempo) throws -> any ChannelBank {
        var known: [String: UnionPayBank.Merchant] = [:]
        for (number, keys) in merchants {
            let certificate = try Certificate(pem: keys.certificatePem)
            guard let checker = certificate.publicKey else { throw BankFault.damaged("keys-unionpay.json") }
            known[Self.padded(number)] = UnionPayBank.Merchant(
                number: number, certificateNumber: certificate.serialDecimal, checker: checker)
        }
        return UnionPayBank(
            merchants: known, signer: try RSAPrivateKey(pem: Secret(signerKeyPem)), certificatePem: signerPem,
            tempo: tempo)
    }

    private init(
        rootPem: String, middlePem: String, middleKeyPem: String, signerPem: String, signerKeyPem: String
    ) {
        self.rootPem = rootPem
        self.middlePem = middlePem
        self.middleKeyPem = middleKeyPem
        self.signerPem = signerPem
        self.signerKeyPem = signerKeyPem
    }

    private static func text(_ key: RSAPrivateKey) throws -> String {
        String(decoding: try key.pem().bytes, as: UTF8.self)
    }

    private static func padded(_ merchant: String) -> String {
        String(repeating: "0", count: max(0, merchantNumberBytes - merchant.utf8.count)) + merchant
    }
}
