import Foundation
import Vault

/// The bank's counter: takes one request at a time, so that its books are never in two minds.
public actor BankCounter {
    private let folder: String
    private var keys: BankKeys
    private var books = BankBooks()
    /// Notices that are on their way: two senders never carry the same copy.
    private var onTheirWay: Set<NoticeKey> = []
    private let journal: Journal
    private let tempo: BankTempo
    private let clock: @Sendable () -> Int64
    private let random: @Sendable (Int) throws -> [UInt8]

    /// Opens the bank of a folder, making folder, keys and books on the first start.
    ///
    /// - Parameters:
    ///   - folder: holds `keys.json` and `wechat.jsonl`; one process at a time.
    ///   - clock: milliseconds since 1970.
    ///   - random: so many random bytes.
    /// - Throws: ``BankFault``, or what the file system says.
    public init(
        folder: String, tempo: BankTempo = .ordinary, clock: @escaping @Sendable () -> Int64,
        random: @escaping @Sendable (Int) throws -> [UInt8]
    ) throws {
        self.folder = folder
        keys = try BankKeys(folder: folder, random: random)
        journal = try Journal(path: folder + "/wechat.jsonl")
        for record in journal.opening { books.apply(record) }
        self.tempo = tempo
        self.clock = clock
        self.random = random
    }

    /// The JSON of a ready account for `channel add`, the same each time but for its address.
    ///
    /// - Parameters:
    ///   - merchant: the merchant number, digits only.
    ///   - name: what people call the account.
    ///   - baseURL: where this bank listens, `http://127.0.0.1:8082`.
    public func accountJSON(merchant: String, name: String, baseURL: String) throws -> [UInt8] {
        try keys.accountJSON(merchant: merchant, name: name, baseURL: baseURL, random: random)
    }

    /// What the bank executed, for people and tests.
    public func payouts() -> [Payout] {
        let now = clock()
        return books.refunds.map { refund in
            Payout(
                merchant: refund.merchant, payment: refund.payment, number: refund.number, amount: refund.amount,
                total: refund.total, status: refund.status(at: now, tempo).rawValue)
        }
    }

    /// Decides on a request; records are on the disk before this returns.
    func answer(_ request: BankRequest) throws -> SignedAnswer {
        let now = clock()
        if let merchant = RequestCredentials(request.authorization)?.merchant, keys.merchant(merchant) == nil {
            // A command may have added the merchant since.
            keys = try BankKeys(folder: folder, random: random)
        }
        let refundID = "50" + String(Hex.encode(try random(13)))
        let decision = Bank(keys: keys, tempo: tempo).decide(request, books, now: now, refundID: refundID)
        try journal.append(decision.records)
        for record in decision.records { books.apply(record) }
        return try sign(decision.answer, now: now)
    }

    /// Hands out the notices that are due, oldest refund first, at most ``noticesAtOnce``.
    ///
    /// Each is out until it is recorded.
    func dueNotices() throws -> [DueNotice] {
        let now = clock()
        var due: [DueNotice] = []
        for refund in books.refunds {
            guard let first = refund.noticeDue(tempo), first <= now, let address = refund.noticeAddress else {
                continue
            }
            for copy in 0..<refund.noticeCopies {
                let key = NoticeKey(merchant: refund.merchant, number: refund.number, copy: copy)
                guard !onTheirWay.contains(key), isDue(books.tries(key), now: now) else { continue }
                onTheirWay.insert(key)
                due.append(try notice(of: refund, key, to: address, now: now))
                if due.count == BankCounter.noticesAtOnce { return due }
            }
        }
        return due
    }

    private static let noticesAtOnce = 16

    /// Remembers a try of a notice.
    func record(_ key: NoticeKey, taken: Bool) throws {
        onTheirWay.remove(key)
        let record = BankRecord.notice(key: key, at: clock(), taken: taken)
        try journal.append([record])
        books.apply(record)
    }

    private func isDue(_ tries: BankBooks.Tries, now: Int64) -> Bool {
        guard !tries.taken else { return false }
        guard tries.count > 0 else { return true }
        guard tries.count <= tempo.noticeRetries.count else { return false }
        return now >= tries.lastAt + tempo.noticeRetries[tries.count - 1]
    }

    private func sign(_ answer: BankAnswer, now: Int64) throws -> SignedAnswer {
        guard answer.isSigned else { return SignedAnswer(answer: answer, headers: []) }
        // A signature over other bytes is the plainest bad one.
        let signed = answer.fault == .badSignature ? answer.body + [0x20] : answer.body
        let headers = try keys.headers(over: signed, seconds: now / 1000, nonce: Hex.encode(random(16)))
        return SignedAnswer(answer: answer, headers: headers)
    }

    private func notice(of refund: BankRefund, _ key: NoticeKey, to address: String, now: Int64) throws -> DueNotice {
        guard let merchant = keys.merchant(refund.merchant) else { throw BankFault.damaged("keys.json") }
        let status = refund.status(at: now, tempo)
        let nonce = String(Hex.encode(try random(6)))
        let sealed = try AESGCM.seal(
            BankJSON.encode(refund.notice(status, tempo)), key: Array(merchant.apiv3Key.utf8),
            nonce: Array(nonce.utf8), aad: Array("refund".utf8))
        let envelope = NoticeEnvelope(
            id: "sandbox-\(refund.refundID)", createTime: BankTime.text(refund.settledAt(tempo)),
            resourceType: "encrypt-resource", eventType: "REFUND.\(status.rawValue)", summary: "退款结果通知",
            resource: .init(
                originalType: "refund", algorithm: "AEAD_AES_256_GCM", ciphertext: Base64.encode(sealed),
                associatedData: "refund", nonce: nonce))
        let body = BankJSON.encode(envelope)
        let headers = try keys.headers(over: body, seconds: now / 1000, nonce: Hex.encode(random(16)))
        return DueNotice(key: key, address: address, headers: headers, body: body)
    }
}

/// A refund that the bank executed: once, whatever was asked how often.
public struct Payout: Codable, Sendable, Hashable {
    public let merchant: String
    /// `transaction:NUMBER` or `trade:NUMBER`.
    public let payment: String
    /// The merchant's number of the refund.
    public let number: String
    /// Fen.
    public let amount: Int64
    /// Fen of the whole payment.
    public let total: Int64
    /// The channel's word for its state now.
    public let status: String
}

/// An answer with its signature headers.
struct SignedAnswer: Sendable {
    let answer: BankAnswer
    let headers: [(name: String, value: String)]
}

/// A notice that is to go out now.
struct DueNotice: Sendable {
    let key: NoticeKey
    let address: String
    let headers: [(name: String, value: String)]
    let body: [UInt8]
}
