import RefundDesk
import RefundDomain
import Storage

/// Something that one may do to a case in some state, named as in the transition table.
struct Deed: Sendable {
    let command: RefundCase.Command
    let weight: Int
    let act: @Sendable (isolated World, Cast.Filed, CaseFacts) async throws -> Void

    init(
        _ command: RefundCase.Command, _ weight: Int,
        act: @escaping @Sendable (isolated World, Cast.Filed, CaseFacts) async throws -> Void
    ) {
        self.command = command
        self.weight = weight
        self.act = act
    }
}

/// A case as somebody saw it on a page.
struct CaseFacts: Sendable {
    let number: CaseNumber
    let state: RefundCase.State
    var version: Int64
    let asked: Money
    /// Nil until a decision granted something.
    let approved: Money?
    /// Whoever gave the first of two approvals.
    let firstBy: String?
    let decidedBy: String?

    /// Whether something of what was asked was refused.
    var lacks: Bool { approved.map { $0 < asked } ?? true }
}

/// The merchant's and the operator's people.
extension World {
    static let staffMoves = [
        Move(name: "reviewer", weight: 230) { try await $0.review() },
        Move(name: "second approver", weight: 30) { try await $0.approveSecond() },
        Move(name: "thinks again", weight: 20) { try await $0.undo() },
    ]

    static let words = "A sentence that explains it."

    static let reviewerDeeds: [Deed] = [
        Deed(.take, 10) { world, filed, facts in
            try await world.server().take(filed.number, version: facts.version, by: try world.reviewer(of: filed))
        },
        Deed(.routeAppeal, 10) { world, filed, facts in
            try await world.server().take(filed.number, version: facts.version, by: try world.reviewer(of: filed))
        },
        Deed(.ask, 10) { world, filed, facts in
            try await world.server().ask(
                filed.number, items: [.photo], question: World.words, dueOn: nil, version: facts.version,
                by: try world.reviewer(of: filed))
        },
        Deed(.offer, 10) { world, filed, facts in
            try await world.server().offer(
                filed.number, amount: world.part(of: facts.asked), reason: .other, explanation: World.words,
                version: facts.version, by: try world.reviewer(of: filed))
        },
        Deed(.decline, 7) { world, filed, facts in
            try await world.server().decline(
                filed.number, reason: .other, explanation: World.words, remedy: .appeal, version: facts.version,
                by: try world.reviewer(of: filed))
        },
        Deed(.approve, 45) { world, filed, facts in
            let amount = world.dice.permille(800) ? facts.asked : world.part(of: facts.asked)
            try await world.server().approve(
                filed.number, amount: amount, checks: Set(Check.allCases), note: "", version: facts.version,
                by: try world.reviewer(of: filed))
        },
    ]

    func review() async throws -> String? {
        guard let filed = dice.pickLate(cast.filed), let facts = try await facts(filed.number),
            let deed = choose(World.reviewerDeeds, in: facts.state, for: .reviewer)
        else { return nil }
        try await deed.act(self, filed, facts)
        return "\(filed.number.text) \(deed.command)"
    }

    /// One of the deeds that the transition table has for an actor in a state.
    func choose(_ deeds: [Deed], in state: RefundCase.State, for actor: ActorKind) -> Deed? {
        let allowed = RefundCase.commands(in: state, for: actor)
        return dice.pick(deeds.filter { allowed.contains($0.command) }, weight: \.weight)
    }

    /// Anybody of the merchant or the operator; some of them may not decide, and hear so.
    func reviewer(of filed: Cast.Filed) throws -> StaffMember {
        let staff = cast.staff(of: filed.merchant)
        guard let found = dice.pick(staff, weight: { $0.role.mayDecide ? 12 : 1 }) else { throw Refusal.notFound }
        return found
    }

    func part(of asked: Money) -> Money {
        Money(minor: dice.number(1...max(asked.minor - 1, 1)), currency: asked.currency) ?? asked
    }

    /// The case as its page shows it now.
    func facts(_ number: CaseNumber) async throws -> CaseFacts? {
        try await honest.read { sql in
            try sql.row(
                """
                SELECT number, state, version, asked_minor, approved_minor, currency, first_by, decided_by
                FROM   refund_case
                WHERE  number = $1
                """, [.text(number.text)]
            ).map(CaseFacts.init)
        }
    }
}

extension CaseFacts {
    /// Reads the columns that the queries of the moves name.
    init(_ row: SQLRow) throws {
        number = try CaseNumber.parse(try row.text("number"))
        state = try row.word("state")
        version = try row.int("version")
        asked = try row.money("asked_minor")
        approved = try row.moneyOrNil("approved_minor")
        firstBy = try row.textOrNil("first_by")
        decidedBy = try row.textOrNil("decided_by")
    }
}
