import Channels
import Foundation
import Logging
import Portal
import RefundDesk
import RefundDomain
import SandboxBank
import Storage
import Vault

/// One run: a desk on a real database, workers, people, a bank and the line to it, under one clock and one chance.
///
/// One task does everything, each step after the other. A process that is stopped between two steps waits on this
/// task's stack while others go on.
actor World {
    let settings: SimulationSettings
    let stage: SimulationStage
    let clock = SimulatedClock()
    /// The database as the desk has it; a saboteur may stand before it.
    let store: any Store
    /// The database as it is, for looking.
    let honest: any Store
    let chance: Chance
    var dice: Dice
    var cast = Cast()
    var line: Line
    var couriers: [Hand] = []
    /// Nothing goes wrong while this holds: before the first step and while everything comes to rest.
    var isCalm = true
    /// How many stopped processes wait on the stack.
    var depth = 0
    var ledger = Ledger()
    /// Acts before the next write of somebody else.
    var racer: Racer?

    /// How many may be stopped at a time.
    static let depthMax = 2

    /// A worker of ours.
    struct Hand {
        let name: String
        var life: Life
        var courier: Courier
        var isBusy = false
    }

    init(_ settings: SimulationSettings, stage: SimulationStage, honest: any Store, store: any Store) {
        self.settings = settings
        self.stage = stage
        self.honest = honest
        self.store = store
        dice = Dice(seed: settings.seed)
        chance = .drawn(from: settings.seed ^ 0x5EED)
        line = Line(stage.pairs(settings.signing), seed: settings.seed)
    }

    // MARK: Processes

    /// A desk of a process that has just begun.
    func desk(_ life: Life) -> Desk {
        let clock = clock
        return Desk(
            store: ProcessStore(store: store, life: life, world: self), keys: stage.keys, clock: { clock.ours },
            chance: chance, workingDays: World.workingDays, leaseClock: .desk)
    }

    /// A server's desk for one request.
    func server() -> Desk {
        desk(Life("server"))
    }

    /// The channels as a process reaches them.
    func book(_ life: Life) -> ChannelBook {
        let clock = clock
        let chance = chance
        return ChannelBook(
            exchange: { request in try await self.carry(request, from: life) }, clock: { clock.ours },
            nonce: { Hex.encode(try chance.bytes(16)) }, keys: stage.reader(settings.signing))
    }

    /// A worker that has just begun.
    func newHand(_ name: String) -> Hand {
        let life = Life(name)
        let courier = Courier(
            desk: desk(life), book: book(life), writer: stage.writer, sender: Post(world: self, life: life),
            publicURL: World.publicURL, logger: Logger(label: "simulation") { _ in SwiftLogNoOpLogHandler() })
        return Hand(name: name, life: life, courier: courier)
    }

    static let publicURL = "https://refund.example"
    private static let workingDays = WorkingDays(holidays: [], makeUpDays: [], years: [2026, 2027, 2028])

    // MARK: Where things go wrong

    /// So much oftener than before a write does a process die before a call or with its answer: calls are few, and what
    /// they move is money.
    private static let deathsAtTheBank = 4

    /// Every write and every call passes here first: the process may die, or stand still while others go on.
    func pass(_ life: Life, _ what: String) async throws {
        try life.requireAlive()
        guard !isCalm else { return }
        let deaths = settings.trouble.deaths * (what == "write" ? 1 : World.deathsAtTheBank)
        if dice.permille(deaths) {
            die(life, "before a \(what)")
            throw ProcessDied()
        }
        if what == "write", let act = racer?.act, racer?.hasWon == nil {
            racer?.hasWon = false
            let hasWon = await act(self)
            racer?.hasWon = hasWon
        }
        guard depth < World.depthMax, dice.permille(settings.trouble.stops) else { return }
        ledger.trace.add("\(indent)\(life.name) stops before a \(what)")
        life.stop()
        depth += 1
        for _ in 0..<dice.number(1...5) { await step() }
        depth -= 1
        ledger.trace.add("\(indent)\(life.name) goes on")
        try life.requireAlive()
    }

    /// After a commit nobody may learn of it: the process dies, or its connection does.
    func passCommit(_ life: Life) throws {
        guard !isCalm else { return }
        if dice.permille(settings.trouble.deaths) {
            die(life, "after a commit")
            throw ProcessDied()
        }
        if dice.permille(settings.trouble.lostCommits) {
            ledger.trace.add("\(indent)\(life.name) does not hear of a commit")
            throw StoreFault.commitUnknown
        }
    }

    func die(_ life: Life, _ when: String) {
        life.die()
        ledger.trace.add("\(indent)\(life.name) dies \(when)")
        ledger.count("died \(when)")
    }

    /// The database refused something of itself: no verb of ours may come to that.
    func refused(by fault: StoreFault, _ life: Life) {
        violation("database", "the database refused a write of \(life.name): \(fault)")
    }

    func wrote(_ cases: [String]) {
        ledger.touched.formUnion(cases)
    }

    var indent: String { String(repeating: "  ", count: depth) }

    func violation(_ check: String, _ detail: String) {
        ledger.violations.append(SimulationReport.Violation(step: ledger.step, check: check, detail: detail))
        ledger.trace.noteFault()
        ledger.trace.add("\(indent)! \(check): \(detail)")
    }
}

/// What a run keeps of itself.
struct Ledger {
    var step = 0
    var trace = Trace()
    var violations: [SimulationReport.Violation] = []
    /// Cases that changed since they were last looked at.
    var touched: Set<String> = []
    /// Number and amount of each movement when it was first seen.
    var movements: [String: String] = [:]
    /// How often each move, and each thing that went wrong, happened.
    var counts: [String: Int] = [:]

    mutating func count(_ name: String) {
        counts[name, default: 0] += 1
    }
}

extension Chance {
    /// The same bytes for the same seed.
    fileprivate static func drawn(from seed: UInt64) -> Chance {
        let dice = SharedDice(seed: seed)
        return Chance { dice.bytes($0) }
    }
}
