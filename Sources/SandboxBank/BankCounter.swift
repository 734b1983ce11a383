import Foundation

/// The bank's counter: takes one request at a time, so that its books are never in two minds.
public actor BankCounter {
    private let folder: String
    private var keys: BankKeys
    private var till: BankTill
    private let journal: Journal
    private let tempo: BankTempo
    private var channelStamp: [Date?] = []
    private let clock: @Sendable () -> Int64
    private let random: @Sendable (Int) throws -> [UInt8]

    /// Opens the bank of a folder, making folder, keys and books on the first start.
    ///
    /// - Parameters:
    ///   - folder: holds `keys.json` and `books.jsonl`; one process at a time.
    ///   - clock: milliseconds since 1970.
    ///   - random: so many random bytes.
    /// - Throws: ``BankFault``, or what the file system says.
    public init(
        folder: String, tempo: BankTempo = .ordinary, clock: @escaping @Sendable () -> Int64,
        random: @escaping @Sendable (Int) throws -> [UInt8]
    ) throws {
        self.folder = folder
        keys = try BankKeys(folder: folder, random: random)
        journal = try Journal(path: folder + "/books.jsonl")
        till = BankTill(keys: try keys.ring(), tempo: tempo)
        self.tempo = tempo
        till.apply(journal.opening)
        self.clock = clock
        self.random = random
    }

    /// The JSON of a ready account for `channel add`, the same each time but for its address.
    ///
    /// - Parameters:
    ///   - channel: whose format; WeChat Pay's by default.
    ///   - merchant: the merchant number, digits only.
    ///   - name: what people call the account.
    ///   - baseURL: where this bank listens, `http://127.0.0.1:8082`.
    public func accountJSON(
        _ channel: BankChannel = .wechatPay, merchant: String, name: String, baseURL: String
    ) throws -> [UInt8] {
        guard channel == .wechatPay else {
            return try ChannelBanks.accountJSON(
                channel, folder: folder, merchant: merchant, name: name, baseURL: baseURL, random: random)
        }
        let json = try keys.accountJSON(merchant: merchant, name: name, baseURL: baseURL, random: random)
        till.keys = try keys.ring()
        return json
    }

    /// Tells the bank of a payment, as the shop's terminal would have; later refunds never come to more than it.
    ///
    /// - Parameters:
    ///   - transaction: the channel's number of it.
    ///   - total: fen.
    ///   - noticeAddress: where notices of the payment go, for channels whose refunds name no address.
    public func tell(
        _ channel: BankChannel, merchant: String, transaction: String, total: Int64, noticeAddress: String? = nil
    ) throws {
        let name = channel == .wechatPay ? merchant : "\(channel.rawValue):\(merchant)"
        let key = BankRefund.payment(transactionID: transaction, tradeNumber: nil)
        let record = BankRecord.payment(
            merchant: name, payment: key, total: total, noticeAddress: noticeAddress, at: clock())
        try journal.append([record])
        till.apply([record])
    }

    /// What the bank executed, for people and tests.
    public func payouts() -> [Payout] {
        till.payouts(now: clock())
    }

    /// Decides on a request; records are on the disk before this returns.
    func answer(_ request: BankRequest) throws -> SignedAnswer {
        let now = clock()
        if let merchant = RequestCredentials(request.authorization)?.merchant, till.keys.merchants[merchant] == nil {
            // A command may have added the merchant since.
            keys = try BankKeys(folder: folder, random: random)
            till.keys = try keys.ring()
        }
        // Commands may have added keys since.
        let stamp = ChannelBanks.stamp(folder: folder)
        if stamp != channelStamp {
            till.channels = try ChannelBanks.open(folder: folder, tempo: tempo)
            channelStamp = stamp
        }
        let decision = try till.decide(request, now: now, random: random)
        try journal.append(decision.records)
        till.apply(decision.records)
        return try till.sign(decision.answer, now: now, random: random)
    }

    /// Hands out the notices that are due; each is out until it is recorded.
    func dueNotices() throws -> [DueNotice] {
        try till.dueNotices(now: clock(), random: random)
    }

    /// Remembers a try of a notice.
    func record(_ key: NoticeKey, taken: Bool) throws {
        // One that the disk did not take is sent again after a restart; whoever gets it knows it by its id.
        try journal.append([till.noticeTried(key, taken: taken, now: clock())])
    }
}
