import Vault

/// The bank without disk, line and clock: requests in, answers, records and notices out.
///
/// ``BankCounter`` keeps its records on a disk and puts it on the network; a simulation uses it as it is.
package struct BankTill: Sendable {
    private var bank: Bank
    /// The formats beside WeChat Pay's.
    var channels: [any ChannelBank] = []
    private var books = BankBooks()
    /// Notices that are on their way: two senders never carry the same copy.
    private var onTheirWay: Set<NoticeKey> = []

    /// So many random bytes.
    package typealias RandomBytes = (Int) throws -> [UInt8]

    private static let noticesAtOnce = 16

    package init(keys: BankKeyRing, tempo: BankTempo) {
        bank = Bank(keys: keys, tempo: tempo)
    }

    /// The bank's keys, and the merchants that it knows.
    var keys: BankKeyRing {
        get { bank.keys }
        set { bank = Bank(keys: newValue, tempo: bank.tempo) }
    }

    /// Answers a request and writes it into the books at once.
    ///
    /// - Parameter now: milliseconds since 1970.
    package mutating func answer(_ request: BankRequest, now: Int64, random: RandomBytes) throws -> SignedAnswer {
        let decision = try decide(request, now: now, random: random)
        apply(decision.records)
        return try sign(decision.answer, now: now, random: random)
    }

    /// What the bank answers and would write down; the books stay as they are.
    func decide(_ request: BankRequest, now: Int64, random: RandomBytes) throws -> Bank.Decision {
        if let channel = channels.first(where: { $0.serves(request.path) }) {
            return try channel.decide(request, books, now: now, random: random)
        }
        return bank.decide(
            request, books, now: now, refundID: "50" + String(Hex.encode(try random(13))))
    }

    mutating func apply(_ records: [BankRecord]) {
        for record in records { books.apply(record) }
    }

    func sign(_ answer: BankAnswer, now: Int64, random: RandomBytes) throws -> SignedAnswer {
        guard answer.isSigned else { return SignedAnswer(answer: answer, headers: answer.headers) }
        // A signature over other bytes is the plainest bad one.
        let signed = answer.fault == .badSignature ? answer.body + [0x20] : answer.body
        let headers = try keys.headers(over: signed, seconds: now / 1000, nonce: Hex.encode(random(16)))
        return SignedAnswer(answer: answer, headers: headers)
    }

    /// Hands out the notices that are due, oldest refund first, at most ``noticesAtOnce``.
    ///
    /// Each is out until it is recorded by ``noticeTried(_:taken:now:)``.
    package mutating func dueNotices(now: Int64, random: RandomBytes) throws -> [DueNotice] {
        var due: [DueNotice] = []
        for refund in books.refunds {
            guard let first = refund.noticeDue(bank.tempo), first <= now, let address = refund.noticeAddress else {
                continue
            }
            for copy in 0..<refund.noticeCopies {
                let key = NoticeKey(
                    merchant: refund.merchant, number: refund.number, copy: copy, round: refund.detour?.round)
                guard !onTheirWay.contains(key), isDue(books.tries(key), now: now) else { continue }
                onTheirWay.insert(key)
                due.append(try notice(of: refund, key, to: address, now: now, random))
                if due.count == BankTill.noticesAtOnce { return due }
            }
        }
        return due
    }

    /// Remembers a try of a notice; returns the record that the books now hold.
    @discardableResult
    package mutating func noticeTried(_ key: NoticeKey, taken: Bool, now: Int64) -> BankRecord {
        onTheirWay.remove(key)
        let record = BankRecord.notice(key: key, at: now, taken: taken)
        books.apply(record)
        return record
    }

    /// What the bank executed, in the order it was taken on.
    ///
    /// - Parameter count: leaves out the first so many.
    package func payouts(now: Int64, after count: Int = 0) -> [Payout] {
        books.refunds.dropFirst(count).map { payout($0, now: now) }
    }

    /// What the bank executed under a merchant's number of a refund.
    package func payout(_ number: String, of merchant: String, now: Int64) -> Payout? {
        books.refund(number, of: merchant).map { payout($0, now: now) }
    }

    private func payout(_ refund: BankRefund, now: Int64) -> Payout {
        Payout(
            merchant: refund.merchant, payment: refund.payment, number: refund.number, amount: refund.amount,
            total: refund.total, status: refund.status(at: now, bank.tempo).rawValue)
    }

    private func isDue(_ tries: BankBooks.Tries, now: Int64) -> Bool {
        guard !tries.taken else { return false }
        guard tries.count > 0 else { return true }
        guard tries.count <= bank.tempo.noticeRetries.count else { return false }
        return now >= tries.lastAt + bank.tempo.noticeRetries[tries.count - 1]
    }

    private func notice(
        of refund: BankRefund, _ key: NoticeKey, to address: String, now: Int64, _ random: RandomBytes
    ) throws -> DueNotice {
        let status = refund.status(at: now, bank.tempo)
        if let channel = channels.first(where: { $0.owns(refund) }) {
            let notice = try channel.notice(of: refund, status, now: now, random: random)
            return DueNotice(
                key: key, address: address, headers: notice.headers, body: notice.body, thanks: notice.thanks)
        }
        guard let merchant = keys.merchants[refund.merchant] else { throw BankFault.damaged(BankKeys.fileName) }
        let nonce = String(Hex.encode(try random(6)))
        let sealed = try AESGCM.seal(
            BankJSON.encode(refund.notice(status, bank.tempo)), key: Array(merchant.apiV3Key.utf8),
            nonce: Array(nonce.utf8), aad: Array("refund".utf8))
        let envelope = NoticeEnvelope(
            id: "sandbox-\(refund.refundID)" + (key.round.map { "-\($0)" } ?? ""),
            createTime: BankTime.text(refund.settledAt(bank.tempo)),
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
package struct SignedAnswer: Sendable {
    package let answer: BankAnswer
    package let headers: [(name: String, value: String)]
}

/// A notice that is to go out now.
package struct DueNotice: Sendable {
    package let key: NoticeKey
    package let address: String
    package let headers: [(name: String, value: String)]
    package let body: [UInt8]
    /// The body that says that it was taken; nil when the status alone does.
    package var thanks: String?
}
