public import RefundDomain
public import Storage
public import Vault

/// Everything that writes: each verb is one method and one transaction.
///
/// Verbs live in `Verbs/`, one file each; SQL lives in `Tables/`. Times, ids and random values come in as closures and
/// are drawn before a transaction begins, because the transaction's closure may run more than once.
public struct Desk: Sendable {
    public let store: any Store
    /// What the time is.
    public let clock: @Sendable () -> Moment
    /// Random bytes, tokens and codes.
    public let chance: Chance
    /// Those of the program's own files; dates are counted with ``calendar(_:)``, which knows the loaded years too.
    public let workingDays: WorkingDays
    /// When refunded money is expected to be with the payer.
    public let arrivalWindows: ArrivalWindows
    /// Which bank a card is of, by the program's own list; a loaded one counts before it.
    public let cardIssuers: CardIssuers
    /// What refunds of each channel, acquirer and terminal can do, by the program's own file; a loaded one counts
    /// before it.
    public let capabilities: Capabilities
    public let policy: Policy
    /// Divides every waiting time of the query plan and of retries; 1 except in the demo, where 30 keeps people awake.
    public let hurry: Int64
    /// Whose clock says when a worker's claim has run out.
    public let leaseClock: LeaseClock
    /// Opens what lies sealed, for the pages that show it.
    public let seals: Seals
    /// Where today's rates of exchange come from.
    public let rates: ExchangeRates
    let keys: Keys

    public init(
        store: any Store, keys: Keys, clock: @escaping @Sendable () -> Moment, chance: Chance = .system,
        workingDays: WorkingDays, arrivalWindows: ArrivalWindows = .unknown, cardIssuers: CardIssuers = .empty,
        capabilities: Capabilities = .none, policy: Policy = .standard,
        rates: ExchangeRates = .none, hurry: Int64 = 1,
        leaseClock: LeaseClock = .database
    ) {
        self.store = store
        self.keys = keys
        self.seals = Seals(keys: keys)
        self.clock = clock
        self.chance = chance
        self.workingDays = workingDays
        self.arrivalWindows = arrivalWindows
        self.cardIssuers = cardIssuers
        self.capabilities = capabilities
        self.policy = policy
        self.rates = rates
        self.hurry = max(hurry, 1)
        self.leaseClock = leaseClock
    }

    /// The same desk at another time, with other chance and another policy, for telling what happened before.
    public func at(_ clock: @escaping @Sendable () -> Moment, chance: Chance, policy: Policy) -> Desk {
        Desk(
            store: store, keys: keys, clock: clock, chance: chance, workingDays: workingDays,
            arrivalWindows: arrivalWindows, cardIssuers: cardIssuers, capabilities: capabilities, policy: policy,
            rates: rates, hurry: hurry, leaseClock: leaseClock)
    }

    /// A new id: 12 hexadecimal digits of time, so that new rows lie together, and 20 of chance.
    public func newID() throws -> String {
        try chance.id(clock())
    }
}

/// Whose clock says when a worker's claim has run out.
public enum LeaseClock: Sendable, Hashable {
    /// The database's: one clock for all servers, whatever theirs show. SQLite has none and needs none, because one
    /// process writes: there it is the desk's.
    case database
    /// The desk's, for tests that move it.
    case desk
}

/// Where ids, tokens and codes come from.
public struct Chance: Sendable {
    /// So many unpredictable bytes.
    public let bytes: @Sendable (_ count: Int) throws -> [UInt8]

    public init(bytes: @escaping @Sendable (_ count: Int) throws -> [UInt8]) {
        self.bytes = bytes
    }

    /// The operating system's generator, through OpenSSL.
    public static let system = Chance { count in try Random.bytes(count) }

    /// 32 hexadecimal digits that sort by time.
    func id(_ now: Moment) throws -> String {
        let time = Hex.encode((0..<6).map { UInt8(truncatingIfNeeded: now.milliseconds >> (8 * (5 - Int64($0)))) })
        return time + Hex.encode(try bytes(10))
    }

    /// 43 characters of base64url: 256 bits.
    func token() throws -> String {
        Base64.encodeURL(try bytes(32))
    }

    /// A code of six digits, each as likely as any other.
    func code() throws -> String {
        let limit: UInt32 = 4_294_000_000
        while true {
            let drawn = try bytes(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            guard drawn < limit else { continue }
            let digits = String(drawn % 1_000_000)
            return String(repeating: "0", count: 6 - digits.utf8.count) + digits
        }
    }

    /// A case number whose check symbol is a letter or a digit.
    func caseNumber() throws -> CaseNumber {
        while true {
            let value = try bytes(5).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            if let number = CaseNumber(value: value) { return number }
        }
    }
}
