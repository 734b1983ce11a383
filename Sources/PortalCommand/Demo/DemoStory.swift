import RefundDesk
import RefundDomain
import Storage
import Vault

/// Plays the scenes of the demo through the real verbs, at the times when they would have happened.
struct DemoStory: Sendable {
    let desk: Desk
    /// Stores a sample picture of a name in the proof store.
    let storeProof: @Sendable (String) async throws -> NewProof
    /// Does everything that is due by a desk's clock: messages, refunds, queries.
    let work: @Sendable (Desk) async throws -> Void
    /// Lets the sandbox bank settle what it accepted.
    let waitForBank: @Sendable () async throws -> Void

    /// The code that every contact is sent while the story is told: the one draw of four bytes gives six zeros.
    private static let code = "000000"

    /// As usual, but a case is finished after five working days: the sample payments are not older than two months.
    private static let policy =
        ((try? Policy(version: "demo-1").with(.closeDays, 5)) ?? .standard).undoing(within: 0)

    /// The demo's desk at another time.
    func desk(at moment: Moment) -> Desk {
        let chance = desk.chance
        return desk.at(
            { moment }, chance: Chance { count in count == 4 ? [0, 0, 0, 0] : try chance.bytes(count) },
            policy: DemoStory.policy)
    }

    /// Plays every scene; the money of those without ``DemoAct/pay`` goes when the demo's worker starts.
    ///
    /// All that is paid is sent first, so that the bank is waited for once.
    func play(_ scenes: [DemoScene], people: [String: DemoPeople]) async throws {
        var paid: [Filed] = []
        for scene in scenes {
            guard let people = people[scene.merchant] else { continue }
            var filed = try await begin(scene, people)
            try await perform(scene.acts.prefix { !$0.isPayment }, &filed)
            guard filed.acts < scene.acts.count else { continue }
            try await work(desk(at: filed.later(3600)))
            paid.append(filed)
        }
        try await waitForBank()
        for var filed in paid {
            try await work(desk(at: filed.later(86_400)))
            try await perform(filed.scene.acts.dropFirst(filed.acts + 1), &filed)
        }
    }

    private func begin(_ scene: DemoScene, _ people: DemoPeople) async throws -> Filed {
        let hours = Int64(scene.acts.count + 1)
        let moment = desk.clock().adding(seconds: -scene.daysAgo * 86_400 - hours * 3600)
        let (number, visitor) = try await file(scene, at: moment)
        return Filed(scene: scene, people: people, number: number, visitor: visitor, moment: moment)
    }

    private func file(_ scene: DemoScene, at moment: Moment) async throws -> (CaseNumber, String) {
        let desk = desk(at: moment)
        let found = try await desk.find(
            .order(scene.order), amountText: scene.amount, visitor: nil, address: "demo", language: scene.language)
        guard case .found(let visitor) = found, let ask = try? Money.parse(scene.ask, in: .cny) else {
            throw DemoFault.sceneDoesNotFit(scene.order)
        }
        try await desk.chooseReason(scene.reason, details: scene.details, visitor: visitor)
        try await desk.chooseAmount(ask, visitor: visitor)
        if let proof = scene.proof { try await desk.addProof(storeProof(proof), visitor: visitor) }
        try await desk.giveContact(name: scene.name, email: scene.email, phone: "", visitor: visitor)
        try await desk.proveContact(code: DemoStory.code, visitor: visitor)
        let submission = Hex.encode(try desk.chance.bytes(16))
        return (try await desk.fileCase(submission: submission, termsAccepted: true, visitor: visitor), visitor)
    }

    private func perform(_ acts: ArraySlice<DemoAct>, _ filed: inout Filed) async throws {
        for act in acts {
            try await perform(act, filed, desk(at: filed.later(act.seconds)))
            filed.acts += 1
        }
    }

    private func perform(_ act: DemoAct, _ filed: Filed, _ now: Desk) async throws {
        let (number, visitor, reviewer) = (filed.number, filed.visitor, filed.people.approver)
        let version = try await now.version(of: number)
        switch act {
        case .take: try await now.take(number, version: version, by: reviewer)
        case .ask(let question):
            try await now.ask(
                number, items: [.receipt], question: question, dueOn: nil, version: version, by: reviewer)
        case .answer(let text):
            try await now.answer(number, text: text, proofs: [], version: version, visitor: visitor)
        case .offer(let amount, let reason, let text):
            try await now.offer(
                number, amount: money(amount), reason: reason, explanation: text, version: version, by: reviewer)
        case .accept: try await now.acceptOffer(number, version: version, visitor: visitor)
        case .refuse: try await now.refuseOffer(number, version: version, visitor: visitor)
        case .approve(let amount):
            try await now.approve(
                number, amount: money(amount), checks: Set(Check.allCases), note: "", version: version, by: reviewer)
        case .approveFirst(let amount):
            try await now.approve(
                number, amount: money(amount), checks: Set(Check.allCases), note: "", version: version,
                by: filed.people.reviewer)
        case .decline(let reason, let text, let remedy):
            try await now.decline(
                number, reason: reason, explanation: text, remedy: remedy, version: version, by: reviewer)
        case .withdraw(let reason):
            try await now.withdraw(number, reason: reason, version: version, visitor: visitor)
        case .note(let text):
            try await now.addNote(number, text: text, visibility: .internal, version: version, by: reviewer)
        case .pay: break
        case .arrived:
            try await now.confirmArrival(number, on: nil, version: version, visitor: comeAgain(filed, now))
            try await work(now)
        case .comeBack: try await comeBack(number, now)
        case .close: try await work(now)
        }
    }

    /// The session of the request is over after a day: the cardholder proves the contact once more.
    private func comeAgain(_ filed: Filed, _ desk: Desk) async throws -> String {
        let visitor = try await desk.requestTrackCode(
            for: filed.number, contact: filed.scene.email, visitor: nil, address: "demo")
        return try await desk.proveTrackCode(DemoStory.code, for: filed.number, visitor: visitor)
    }

    /// Signed word that the money was sent back, as a bank's notice brings it; the sandbox bank sends none.
    private func comeBack(_ number: CaseNumber, _ desk: Desk) async throws {
        let found = try await desk.store.read { sql in
            try sql.row(
                """
                SELECT   movement.id
                FROM     movement
                JOIN     refund_case
                ON       refund_case.id = movement.case_id
                WHERE    refund_case.number = $1
                ORDER BY movement.sequence DESC, movement.id
                LIMIT    1
                """, [.text(number.text)])?.text("id")
        }
        guard let found else { throw DemoFault.sceneDoesNotFit(number.text) }
        try await desk.recordOutcome(
            ChannelAnswer(verdict: .returned, code: "RETURNED", verified: true), of: found,
            from: .notice(id: "demo-\(number.text)"))
        try await work(desk)
    }

    private func money(_ text: String) throws -> Money {
        try Money.parse(text, in: .cny)
    }
}

/// Who decides at a merchant: within ¥1,000, and above it.
struct DemoPeople: Sendable {
    let reviewer: StaffMember
    let approver: StaffMember
}

/// A scene's case that was sent, and how far it is played.
private struct Filed {
    let scene: DemoScene
    let people: DemoPeople
    let number: CaseNumber
    let visitor: String
    var moment: Moment
    var acts = 0

    /// Goes on by so many seconds.
    mutating func later(_ seconds: Int64) -> Moment {
        moment = moment.adding(seconds: seconds)
        return moment
    }
}

extension DemoAct {
    fileprivate var isPayment: Bool {
        if case .pay = self { return true }
        return false
    }

    /// How long after the act before it this happens: an hour, and what is finished three weeks later.
    fileprivate var seconds: Int64 {
        if case .close = self { return 20 * 86_400 }
        return 3600
    }
}

/// Why the demo cannot begin.
enum DemoFault: Error {
    /// A payment of a scene is not in the sample files.
    case sceneDoesNotFit(String)
    /// A sample file is missing.
    case sampleMissing(String)
}
