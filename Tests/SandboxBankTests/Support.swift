import Foundation
import Synchronization
import Vault

@testable import SandboxBank

/// A bank in a new folder with one merchant whose requests are signed as the channel documents.
struct BankUnderTest: Sendable {
    /// Milliseconds that stand still until they are moved.
    final class Clock: Sendable {
        private let held = Mutex<Int64>(1_795_338_000_000)

        var now: Int64 { held.withLock { $0 } }

        func move(_ milliseconds: Int64) { held.withLock { $0 += milliseconds } }
    }

    struct Account: Decodable, Equatable {
        let mchid: String
        let serialNo: String
        let privateKeyPem: String
        let apiv3Key: String
        let publicKeyId: String
        let publicKeyPem: String
    }

    let folder: String
    let clock: Clock
    let counter: BankCounter
    let account: Account
    private let key: RSAPrivateKey

    /// Keys that all banks share: making new ones takes most of a second.
    private static let sharedKeys = Mutex<Data?>(nil)

    init(folder: String? = nil, clock: Clock = Clock()) async throws {
        let folder =
            folder ?? FileManager.default.temporaryDirectory.appending(path: "bank-\(UUID().uuidString)").path()
        self.folder = folder
        self.clock = clock
        if let keys = Self.sharedKeys.withLock({ $0 }), !FileManager.default.fileExists(atPath: folder) {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            _ = FileManager.default.createFile(
                atPath: folder + "/keys.json", contents: keys, attributes: [.posixPermissions: 0o600])
        }
        counter = try BankCounter(folder: folder, clock: { clock.now }, random: { try Random.bytes($0) })
        let json = try await counter.accountJSON(merchant: "1900000109", name: "Test", baseURL: "http://127.0.0.1:1")
        let kept = FileManager.default.contents(atPath: folder + "/keys.json")
        Self.sharedKeys.withLock { $0 = $0 ?? kept }
        account = try BankJSON.decode(Account.self, from: json)
        key = try RSAPrivateKey(pem: Secret(account.privateKeyPem))
    }

    /// The same bank with another merchant at its counter.
    func with(_ account: Account) throws -> BankUnderTest {
        BankUnderTest(
            folder: folder, clock: clock, counter: counter, account: account,
            key: try RSAPrivateKey(pem: Secret(account.privateKeyPem)))
    }

    private init(folder: String, clock: Clock, counter: BankCounter, account: Account, key: RSAPrivateKey) {
        self.folder = folder
        self.clock = clock
        self.counter = counter
        self.account = account
        self.key = key
    }

    func refund(
        _ number: String, _ fen: Int64, total: Int64 = 100_000, payment: String = "42000001", notice: String? = nil
    ) async throws -> SignedAnswer {
        try await post(body(number, fen, total: total, payment: payment, notice: notice))
    }

    func post(_ body: [UInt8]) async throws -> SignedAnswer {
        try await counter.answer(try request("POST", "/v3/refund/domestic/refunds", body))
    }

    func body(_ number: String, _ fen: Int64, total: Int64, payment: String, notice: String? = nil) -> [UInt8] {
        BankJSON.encode(
            RefundMessage(
                transactionId: payment, outTradeNo: nil, outRefundNo: number, reason: nil, notifyUrl: notice,
                amount: .init(refund: fen, total: total, currency: "CNY")))
    }

    func request(_ method: String, _ path: String, _ body: [UInt8]) throws -> BankRequest {
        let time = clock.now / 1000
        let signature = try key.sign(Array("\(method)\n\(path)\n\(time)\nnonce1\n".utf8) + body + [0x0A])
        let header =
            "WECHATPAY2-SHA256-RSA2048 mchid=\"\(account.mchid)\",nonce_str=\"nonce1\",timestamp=\"\(time)\","
            + "serial_no=\"\(account.serialNo)\",signature=\"\(Base64.encode(signature))\""
        return BankRequest(method: method, path: path, authorization: header, body: body)
    }
}

extension SignedAnswer {
    var status: Int { answer.status }

    /// The channel's error code; nil when it is no error.
    var code: String? {
        (try? JSONDecoder().decode([String: String].self, from: Data(answer.body)))?["code"]
    }
}
