/// The bank's counter: takes one request at a time, so that its books are never in two minds.
public actor BankCounter {
    private let folder: String
    private var keys: BankKeys
    private var till: BankTill
    private let journal: Journal
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
        till = BankTill(keys: try keys.ring(), tempo: tempo)
        till.apply(journal.opening)
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
        let json = try keys.accountJSON(merchant: merchant, name: name, baseURL: baseURL, random: random)
        till.keys = try keys.ring()
        return json
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
