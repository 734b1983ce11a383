import RefundDesk
import RefundDomain
import Storage
import TestSupport
import Testing

/// Many days at the desk, drawn from a seed: whatever people, banks and the clock do in whatever order, the invariants
/// of `docs/lifecycle.md` hold.
@Suite struct SequenceTests {
    /// Seeds that one test walks: 120 days in all on SQLite. A step costs ten times as much on PostgreSQL, which runs
    /// the same statements by the same rules, so that fewer days do.
    private static func seedsPerTest(_ engine: EngineUnderTest) -> Int {
        switch engine {
        case .sqlite: 30
        case .postgres: 6
        }
    }
    private static let stepsPerSeed = 60
    private static let announcingSeeds = 3
    /// `verify` reads everything, so that it runs every so many steps and at the end.
    private static let stepsPerVerify = 20

    @Test(arguments: EngineUnderTest.allCases, Array(0..<4))
    func everyDrawnDayKeepsTheInvariants(_ engine: EngineUnderTest, _ group: Int) async throws {
        let seeds = SequenceTests.seedsPerTest(engine)
        for seed in (group * seeds)..<((group + 1) * seeds) {
            try await withDesk(engine, seed: UInt64(seed)) { desk, world in
                let desk = desk.at(desk.clock, chance: desk.chance, policy: .standard)
                var day = DrawnDay(seed: UInt64(seed), desk: desk, world: world.at(desk))
                try await day.open()
                for step in 1...SequenceTests.stepsPerSeed {
                    try await day.step()
                    guard step % SequenceTests.stepsPerVerify == 0 else { continue }
                    let faults = try await desk.verify()
                    #expect(faults == [], "seed \(seed), step \(step): \(day.story)")
                    #expect(try await world.unnamedPostings() == [], "seed \(seed), step \(step): \(day.story)")
                    let above = try await world.int(
                        """
                        SELECT COUNT(*) AS value
                        FROM   payment
                        WHERE  refunded_minor + open_minor + refunded_elsewhere_minor > amount_minor
                        """)
                    #expect(above == 0, "seed \(seed), step \(step): \(day.story)")
                }
                #expect(day.done > 10, "seed \(seed) did nothing: \(day.story)")
            }
        }
    }

    /// Whoever follows a case hears of each new version, and of no other case's.
    @Test(arguments: EngineUnderTest.allCases)
    func everyNewVersionIsAnnounced(_ engine: EngineUnderTest) async throws {
        for seed in 0..<UInt64(SequenceTests.announcingSeeds) {
            try await withDesk(engine, seed: seed) { desk, world in
                var day = DrawnDay(seed: seed, desk: desk, world: world)
                try await day.open()
                for _ in 0..<SequenceTests.stepsPerSeed {
                    let before = try await world.versions()
                    let listening = before.keys.map { id in
                        (id, desk.store.announcements.listen(to: CaseTopic.of(id)))
                    }
                    try await day.step()
                    let after = try await world.versions()
                    for (id, stream) in listening {
                        let isHeard = await hints(stream) == 1
                        #expect(isHeard == (after[id] != before[id]), "seed \(seed): \(day.story)")
                    }
                }
            }
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func theSameSeedTellsTheSameStory(_ engine: EngineUnderTest) async throws {
        var stories: [[String]] = []
        for _ in 0..<2 {
            try await withDesk(engine, seed: 77) { desk, world in
                var day = DrawnDay(seed: 77, desk: desk, world: world)
                try await day.open()
                for _ in 0..<40 { try await day.step() }
                stories.append(day.story)
            }
        }
        #expect(stories.first == stories.last)
    }
}

/// One drawn day; refusals are part of it, faults end it.
struct DrawnDay {
    let desk: Desk
    let world: DeskWorld
    private var chance: SplitMix
    /// Everybody who may decide something.
    private var people: [StaffMember] = []
    private var payments: [DeskWorld.Paid] = []
    private var cases: [DeskWorld.Filed] = []
    private var sendings: [Sending] = []
    private var notices: [(movement: String, id: String, answer: ChannelAnswer)] = []
    private var count = 0
    /// What happened, a word a step, to tell a failure by.
    private(set) var story: [String] = []
    /// Steps that were not refused.
    private(set) var done = 0

    private static let text = "A sentence that explains it."

    init(seed: UInt64, desk: Desk, world: DeskWorld) {
        self.desk = desk
        self.world = world
        chance = SplitMix(state: seed)
    }

    mutating func open() async throws {
        people = [
            world.reviewer, world.approver, try await world.another(.approver),
            try await world.another(.operatorReviewer), try await world.another(.finance),
        ]
        for minor in [10_000, 5_000, 777] as [Int64] {
            payments.append(try await world.pay(minor, fee: minor * 6 / 1000 + 1))
        }
    }

    mutating func step() async throws {
        let action = Int.random(in: 0..<20, using: &chance)
        do {
            try await act(action)
            story.append(String(action))
            done += 1
        } catch let refusal as Refusal {
            story.append("\(action)x")
            if case .field(let name, _) = refusal { Issue.record("field \(name) was refused: \(story)") }
        }
    }

    private mutating func act(_ action: Int) async throws {
        switch action {
        case 0, 1, 2: try await file()
        case 3...7: try await decide(action)
        case 8, 9: try await own(action)
        case 10, 11, 12: try await work()
        case 13: try await hear()
        case 14: try await repeatNotice()
        case 15: try await second()
        case 16: try await undo()
        case 17, 18: try await agent()
        default: world.clock.advance(seconds: Int64.random(in: 1...200_000, using: &chance))
        }
    }

    private mutating func file() async throws {
        guard let paid = payments.randomElement(using: &chance) else { return }
        let minor = Int64.random(in: 1...paid.amount.minor / 2, using: &chance)
        let visitor = try await world.draft(of: paid, asking: minor)
        let draft = try await world.number(ofDraft: visitor)
        // Every third needs two people, whatever its amount. It is marked before the record vouches for it.
        if Int.random(in: 0..<3, using: &chance) == 0 {
            try await world.store.write { sql in
                _ = try sql.run("UPDATE refund_case SET flag = 'risk' WHERE number = $1", [.text(draft.text)])
            }
        }
        let number = try await world.desk.fileCase(
            submission: "submission-of-\(draft.text)", termsAccepted: true, visitor: visitor)
        cases.append(DeskWorld.Filed(number: number, visitor: visitor, paymentID: paid.id))
    }

    private mutating func second() async throws {
        guard let filed = cases.randomElement(using: &chance), let staff = people.randomElement(using: &chance),
            let decision = SecondDecision.allCases.randomElement(using: &chance)
        else { return }
        try await desk.second(
            filed.number, decision: decision, note: DrawnDay.text, version: try await world.version(filed.number),
            by: staff)
    }

    /// Takes the newest decision back, or tries to.
    private mutating func undo() async throws {
        guard let filed = cases.randomElement(using: &chance), let staff = people.randomElement(using: &chance) else {
            return
        }
        try await desk.undo(filed.number, version: try await world.version(filed.number), by: staff)
    }

    /// Support acts for a cardholder whose session has ended.
    private mutating func agent() async throws {
        guard let filed = cases.randomElement(using: &chance), let state = try await world.state(filed.number) else {
            return
        }
        let version = try await world.version(filed.number)
        let claimant = Claimant.agent(OnBehalf(staff: world.support, consent: true))
        if state == .infoNeeded || state == .expired {
            try await desk.answer(filed.number, text: "Yes", proofs: [.sample()], version: version, by: claimant)
        } else {
            try await desk.appeal(filed.number, grounds: DrawnDay.text, proofs: [], version: version, by: claimant)
        }
    }

    private mutating func decide(_ action: Int) async throws {
        guard let filed = cases.randomElement(using: &chance), let staff = people.randomElement(using: &chance) else {
            return
        }
        let version = try await world.version(filed.number)
        let asked = try await world.int(
            "SELECT asked_minor AS value FROM refund_case WHERE number = $1", [.text(filed.number.text)])
        let part = Money.fen(Int64.random(in: 1...asked, using: &chance))
        switch action {
        case 3: try await desk.take(filed.number, version: version, by: staff)
        case 4:
            try await desk.ask(
                filed.number, items: [.photo], question: DrawnDay.text, dueOn: nil, version: version, by: staff)
        case 5:
            try await desk.offer(
                filed.number, amount: part, reason: .other, explanation: DrawnDay.text, version: version,
                by: staff)
        case 6:
            try await desk.decline(
                filed.number, reason: .other, explanation: DrawnDay.text, remedy: .appeal, version: version,
                by: staff)
        default:
            try await desk.approve(
                filed.number, amount: part, checks: Set(Check.allCases), note: "", version: version, by: staff)
        }
    }

    private mutating func own(_ action: Int) async throws {
        guard let filed = cases.randomElement(using: &chance), let state = try await world.state(filed.number) else {
            return
        }
        let version = try await world.version(filed.number)
        switch state {
        case .infoNeeded where action == 8:
            try await desk.answer(
                filed.number, text: "Yes", proofs: [.sample()], version: version, visitor: filed.visitor)
        case .counterOffered where action == 8:
            try await desk.acceptOffer(filed.number, version: version, visitor: filed.visitor)
        case .counterOffered where Bool.random(using: &chance):
            try await desk.refuseOffer(filed.number, version: version, visitor: filed.visitor)
        case .draft, .submitted, .inReview, .infoNeeded, .counterOffered, .awaitingSecond, .approved, .declined,
            .appealed, .withdrawn, .expired, .closed:
            try await desk.withdraw(filed.number, reason: "", version: version, visitor: filed.visitor)
        }
    }

    /// Does the next few jobs, and leaves some of them half done as a killed worker would.
    private mutating func work() async throws {
        for _ in 0..<4 {
            guard let job = try await desk.claimJob() else { return }
            let isKilled = Int.random(in: 0..<8, using: &chance) == 0
            switch job.kind {
            case .sendMessage: try await desk.messageSent(job)
            case .sendInvitation: try await desk.invitationSent(job)
            case .sendMovement:
                guard let sending = try await desk.beginSend(job, noticeAddress: { _, _ in nil }) else { continue }
                sendings.append(sending)
                if !isKilled { try await hear(sending, from: .call(attempt: sending.attempt)) }
            case .queryMovement:
                guard let asking = try await desk.beginQuery(job), !isKilled,
                    let sending = sendings.last(where: { $0.movementID == asking.movementID })
                else { continue }
                try await hear(sending, from: .query(job))
            case .retryFunds: try await desk.retryFunds(job)
            case .lapseOffer, .expireDraft, .followQuestion, .escalate, .closeEnded, .followPayee:
                try await desk.keepTime(job)
            case .closeCase: try await desk.closeCase(job)
            case .checkArrival: try await desk.checkArrival(job)
            case .examineProof: break
            }
        }
        try await examine()
    }

    /// Looks into a file, as somebody would whose scanner is not always there.
    private mutating func examine() async throws {
        guard let job = try await desk.claimProofJob(), try await desk.beginExamination(job) != nil else { return }
        let reports = [
            ProofReport.drawn(look: .random(in: 0...UInt64.max, using: &chance)), .drawn(look: nil), .drawn(),
            ProofReport(scan: .held, scanWord: "silent"), ProofReport(scan: .infected, scanWord: "Eicar"),
            ProofReport(scan: .off), ProofReport(scan: .clean, drawing: .password, pageCount: 3),
        ]
        guard let report = reports.randomElement(using: &chance) else { return }
        #expect(try await desk.recordExamination(report, of: job))
    }

    /// A notice about something that was sent, however long ago.
    private mutating func hear() async throws {
        guard let sending = sendings.randomElement(using: &chance) else { return }
        count += 1
        try await hear(sending, from: .notice(id: "notice-\(count)"))
    }

    private mutating func hear(_ sending: Sending, from source: AnswerSource) async throws {
        guard let verdict = ChannelVerdict.allCases.randomElement(using: &chance) else { return }
        let minor = sending.order.amount.minor + (Int.random(in: 0..<10, using: &chance) == 0 ? 1 : 0)
        let answer = world.answer(verdict, minor, verified: Int.random(in: 0..<10, using: &chance) > 0)
        if case .notice(let id) = source { notices.append((sending.movementID, id, answer)) }
        _ = try await desk.recordOutcome(answer, of: sending.movementID, from: source)
        // Keys are mended, or nothing would be sent for the rest of the day.
        if verdict == .refusedOperator {
            try await desk.changeChannelSettings(accountID: world.accountID, to: [1])
        }
    }

    private mutating func repeatNotice() async throws {
        guard let notice = notices.randomElement(using: &chance), notice.answer.verified else { return }
        let before = try await world.books()
        _ = try await desk.recordOutcome(notice.answer, of: notice.movement, from: .notice(id: notice.id))
        let after = try await world.books()
        #expect(before == after, "a repeated notice moved money: \(story)")
    }
}

extension DeskWorld {
    /// The version of every case that was sent, by id.
    fileprivate func versions() async throws -> [String: Int64] {
        try await store.read { sql in
            let rows = try sql.rows("SELECT id, version FROM refund_case WHERE state <> 'draft' ORDER BY id LIMIT 1000")
            return try Dictionary(uniqueKeysWithValues: rows.map { (try $0.text("id"), try $0.int("version")) })
        }
    }
}

/// The same values for the same seed.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
