public import RefundDesk
public import RefundDomain
public import Storage
import Synchronization
public import Vault

/// A desk on a real database with one merchant, a terminal, a WeChat Pay account and people who decide.
///
/// Its clock moves on by a millisecond at each reading, so that rows have an order, and else stands still until a test
/// moves it; ids, tokens and codes come from a seed.
public struct DeskWorld: Sendable {
    /// Who may open a case and how to name it.
    public struct Filed: Sendable, Hashable {
        /// The case's number.
        public let number: CaseNumber
        /// The session that filed it.
        public let visitor: String
        /// The payment it is about.
        public let paymentID: String

        public init(number: CaseNumber, visitor: String, paymentID: String) {
            self.number = number
            self.visitor = visitor
            self.paymentID = paymentID
        }
    }

    /// A payment that was imported.
    public struct Paid: Sendable, Hashable {
        /// Its row.
        public let id: String
        /// The channel's number of it, by which it is found.
        public let transaction: String
        /// What was paid.
        public let amount: Money

        public init(id: String, transaction: String, amount: Money) {
            self.id = id
            self.transaction = transaction
            self.amount = amount
        }
    }

    public static let merchantCode = "lanting"
    /// The channel's number of the merchant.
    public static let merchantNumber = "1900012301"
    public static let terminal = "80210001"

    public let desk: Desk
    public let clock: TestClock
    public let keys: Keys
    public let accountID: String
    /// May approve ¥1,000.
    public let reviewer: StaffMember
    /// May approve ¥20,000.
    public let approver: StaffMember
    public let support: StaffMember
    public let clerk: StaffMember
    var counter = Counter()

    /// The merchant's id.
    public var merchantID: String { reviewer.merchantID ?? "" }
    public var store: any Store { desk.store }

    /// The same people and payments at another database.
    public func at(_ desk: Desk) -> DeskWorld {
        DeskWorld(
            desk: desk, clock: clock, keys: keys, accountID: accountID, reviewer: reviewer, approver: approver,
            support: support, clerk: clerk, counter: counter)
    }

    /// Numbers that no two payments or people of a test share.
    final class Counter: Sendable {
        private let value = Atomic<Int64>(0)
        var next: Int64 { value.add(1, ordering: .relaxed).newValue }
    }
}

/// Runs `body` with a desk whose merchant has no payments yet, and removes its database afterwards.
public func withDesk(
    _ engine: EngineUnderTest = .sqlite, seed: UInt64 = 1, hurry: Int64 = 1,
    _ body: (Desk, DeskWorld) async throws -> Void
) async throws {
    try await withStore(engine) { store in
        let world = try await DeskWorld.furnish(store, seed: seed, hurry: hurry)
        try await body(world.desk, world)
    }
}

/// Runs `body` with two desks on one database, as two servers would have them; the world works with the first.
public func withTwoDesks(
    _ engine: EngineUnderTest, _ body: (Desk, Desk, DeskWorld) async throws -> Void
) async throws {
    try await withTwoStores(engine) { store, otherStore in
        let world = try await DeskWorld.furnish(store, seed: 1, hurry: 1)
        try await body(world.desk, world.another(on: otherStore), world)
    }
}

extension Chance {
    /// The same bytes in every run: SplitMix64.
    public static func seeded(_ seed: UInt64) -> Chance {
        let state = Mutex(seed)
        return Chance { count in
            state.withLock { state in
                (0..<count).map { _ in
                    state &+= 0x9E37_79B9_7F4A_7C15
                    var value = state
                    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
                    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
                    return UInt8(truncatingIfNeeded: value ^ (value >> 31))
                }
            }
        }
    }
}

extension Money {
    /// So many fen.
    public static func fen(_ minor: Int64) -> Money {
        Money(minor: minor, currency: .cny) ?? .zero(.cny)
    }
}

extension DeskWorld {
    fileprivate static func furnish(_ store: any Store, seed: UInt64, hurry: Int64) async throws -> DeskWorld {
        let clock = TestClock()
        _ = try await Migrator(deskMigrations).migrate(store, now: clock.now.milliseconds)
        let keys = Keys(try KeyFile.generate())
        let ticks = DeskWorld.Counter()
        let days = WorkingDays(holidays: [], makeUpDays: [], years: [2026, 2027])
        let desk = Desk(
            store: store, keys: keys, clock: { Moment(milliseconds: clock.now.milliseconds + ticks.next) },
            chance: .seeded(seed), workingDays: days, policy: Policy.standard.undoing(within: 0), hurry: hurry,
            leaseClock: .desk)
        try await desk.addMerchant(
            code: merchantCode, name: "兰亭百货", nameEnglish: "Lanting Stores", zone: "Asia/Shanghai",
            currency: .cny)
        try await desk.addTerminal(number: terminal, merchantCode: merchantCode, family: .smart, storeName: nil)
        let account = try await desk.addChannelAccount(
            merchantCode: merchantCode, channel: .wechatPay, name: "WeChat Pay", merchantNumber: merchantNumber,
            settings: Array("{}".utf8))
        return DeskWorld(
            desk: desk, clock: clock, keys: keys, accountID: account.id,
            reviewer: try await add(.reviewer, to: desk), approver: try await add(.approver, to: desk),
            support: try await add(.support, to: desk), clerk: try await add(.clerk, to: desk))
    }

    /// Another desk at the same time, such as another server's.
    ///
    /// - Parameter store: leads to the world's database.
    public func another(on store: any Store, leaseClock: LeaseClock = .desk) -> Desk {
        Desk(
            store: store, keys: keys, clock: desk.clock, workingDays: desk.workingDays, policy: desk.policy,
            leaseClock: leaseClock)
    }

    /// Adds somebody; the password is never asked for.
    public static func add(
        _ role: Role, to desk: Desk, email: String? = nil, merchantCode: String = merchantCode
    ) async throws -> StaffMember {
        let address = email ?? "\(role.rawValue)@staff.example"
        try await desk.addStaff(
            email: address, role: role, merchantCode: role.isOfMerchant ? merchantCode : nil, passwordHash: "none",
            secret: [UInt8](repeating: 7, count: 20))
        guard let found = try await desk.staffMember(email: address) else {
            throw Refusal.notFound
        }
        return found
    }

    /// Imports a payment that was made two days ago, as a statement would bring it, with P0.
    public func pay(
        _ minor: Int64 = 10_000, fee: Int64 = 60, channel: Channel = .wechatPay, daysAgo: Int64 = 2,
        card: StatementCard = StatementCard()
    ) async throws -> Paid {
        let transaction = DeskWorld.transaction(counter.next)
        let amount = Money.fen(minor)
        var line = try statementPayment(transaction, amount, fee: fee, channel: channel, daysAgo: daysAgo)
        line.card = card
        let row = line
        let source = ImportSource(format: "test") {
            var rest: [ImportItem] = [.row(.payment(row))]
            return { rest.popLast() }
        }
        _ = try await desk.importPayments(source, merchantCode: DeskWorld.merchantCode)
        let id = try await text(
            "SELECT id AS value FROM payment WHERE channel_transaction_no = $1", [.text(transaction)])
        return Paid(id: id, transaction: transaction, amount: amount)
    }

    /// The channel's number of a payment that no other count gives.
    public static func transaction(_ count: Int64) -> String {
        "42000000" + String(10_000_000_000_000_000_000 + UInt64(count))
    }

    /// A line of a statement, as a file would bring it.
    public func statementPayment(
        _ transaction: String, _ amount: Money, fee: Int64 = 60, channel: Channel = .wechatPay, daysAgo: Int64 = 2
    ) throws -> StatementPayment {
        let day = LocalTime(clock.now, secondsAheadOfUTC: 28_800).day.adding(days: -daysAgo)
        guard let paidAt = LocalTime(day: day, hour: 15, minute: 21, second: 40) else { throw Refusal.notFound }
        return StatementPayment(
            line: 2, merchantNumber: DeskWorld.merchantNumber, channel: channel, paidAt: paidAt,
            channelTransactionNumber: transaction, amount: amount, feeThousandths: fee * 1000)
    }
}
