import Channels
import RefundDesk
import RefundDomain
import SandboxBank
import Storage
import TestSupport
import Testing

@testable import Portal

/// Money that the bank could not place, from the cardholder's word to the other card, with the sandbox bank at the
/// other end of the line.
@Suite(.serialized) struct PaidElsewhereTests {
    /// Cards by their ends, how the movement to them ends, and what the bank then says of the refund.
    @Test(arguments: [
        ("0005", Movement.State.succeeded, "SUCCESS"), ("0014", .succeeded, "SUCCESS"), ("0017", .succeeded, "SUCCESS"),
        ("0018", .succeeded, "SUCCESS"), ("0004", .needsPayeeAction, "ABNORMAL"),
        ("0015", .needsPayeeAction, "ABNORMAL"),
        ("0013", .needsPayeeAction, "ABNORMAL"), ("0003", .failed, "CLOSED"),
    ])
    func whateverTheOtherBankDoesBothBooksAgree(end: String, state: Movement.State, told: String) async throws {
        try await CourierWorld.run { courierWorld in
            let scene = try await Scene(courierWorld)
            try await scene.sendTo(end)
            try await courierWorld.work(courierWorld.courier(), on: scene.filed.number, until: state)
            #expect(try await courierWorld.world.movementState(scene.filed.number) == state)
            let paid = await courierWorld.bank.counter.payouts()
            #expect(paid.count == 1 && paid.map(\.status) == [told])
            let inFlight = try await courierWorld.world.books()[2]
            #expect(inFlight == (state == .needsPayeeAction ? 604 : 0))
            #expect(try await courierWorld.desk.verify() == [])
        }
    }

    /// Sale 100.00, fee 0.60; 6.04 asked, so that 0.04 of the fee is given back.
    @Test(arguments: EngineUnderTest.allCases)
    func theMoneyGoesToAnotherCardToTheCent(_ engine: EngineUnderTest) async throws {
        try await CourierWorld.run(engine) { courierWorld in
            let world = courierWorld.world
            let scene = try await Scene(courierWorld)
            #expect(try await world.books() == [9_340, 0, 604, 10_000, 56])
            try await scene.sendTo("7894")
            #expect(try await world.books() == [9_340, 0, 604, 10_000, 56])
            #expect(try await posted("P10", world) == 604)
            #expect(try await posted("P11", world) == 604)
            let courier = courierWorld.courier()
            while await courier.workOnce() {}
            world.clock.advance(seconds: 61)
            while await courier.workOnce() {}
            #expect(try await courierWorld.waits(for: .succeeded, scene.filed.number))
            #expect(try await world.books() == [9_340, 0, 0, 9_396, 56])
            #expect(try await world.int("SELECT refunded_minor AS value FROM payment") == 604)
            #expect(try await world.int("SELECT open_minor AS value FROM payment") == 0)
            let numbers = await courierWorld.bank.counter.payouts().map(\.number)
            #expect(try await numbers == [world.text("SELECT refund_number AS value FROM movement WHERE sequence = 1")])
            #expect(try await courierWorld.desk.verify() == [])
        }
    }

    @Test func moneyThatBouncesAgainGoesToAThirdCard() async throws {
        try await CourierWorld.run { courierWorld in
            let scene = try await Scene(courierWorld)
            let courier = courierWorld.courier()
            try await scene.sendTo("0004")
            try await courierWorld.work(courier, on: scene.filed.number, until: .needsPayeeAction)
            try await scene.sendTo("7894")
            try await courierWorld.work(courier, on: scene.filed.number, until: .succeeded)
            #expect(try await courierWorld.world.movementState(scene.filed.number) == .succeeded)
            #expect(try await courierWorld.world.books() == [9_340, 0, 0, 9_396, 56])
            #expect(await courierWorld.bank.counter.payouts().map(\.status) == ["SUCCESS"])
            #expect(try await courierWorld.desk.verify() == [])
        }
    }

    /// The first bounce's notice may come long after the money is on its way to the other card.
    @Test func aLateNoticeOfTheFirstBounceTakesNothingBack() async throws {
        try await CourierWorld.run { courierWorld in
            let (world, scene) = (courierWorld.world, try await Scene(courierWorld))
            let number = try await world.text("SELECT refund_number AS value FROM movement")
            let accountID = world.accountID
            try await scene.sendTo("7894")
            let courier = courierWorld.courier()
            while await courier.workOnce() {}
            #expect(try await world.movementState(scene.filed.number) == .accepted)
            let noticed = try #require(
                try await courierWorld.desk.orderedRefund(number: number, accountID: accountID))
            #expect(noticed.order.detour?.refundNumber == number && noticed.order.refundNumber != number)
            let late = ChannelAnswer(verdict: .needsPayeeAction, code: "ABNORMAL", verified: true, amount: .fen(604))
            try await courierWorld.desk.recordOutcome(late, of: noticed.movementID, from: .notice(id: "late"))
            #expect(try await world.movementState(scene.filed.number) == .accepted)
            try await courierWorld.work(courier, on: scene.filed.number, until: .succeeded)
            #expect(try await world.movementState(scene.filed.number) == .succeeded)
            #expect(try await courierWorld.desk.verify() == [])
        }
    }

    /// Nor may it come between the order and its answer.
    @Test func aNoticeOfTheFirstBounceDoesNotOutrunTheAnswer() async throws {
        try await CourierWorld.run { courierWorld in
            let (desk, world, scene) = (courierWorld.desk, courierWorld.world, try await Scene(courierWorld))
            try await scene.sendTo("7894")
            let movement = try await world.text("SELECT id AS value FROM movement ORDER BY sequence DESC LIMIT 1")
            while let job = try await desk.claimJob() {
                guard job.kind == .sendMovement else { continue }
                let sending = try #require(try await desk.beginSend(job) { _, _ in "https://portal.example/n" })
                let early = ChannelAnswer(
                    verdict: .needsPayeeAction, code: "ABNORMAL", verified: true, amount: .fen(604))
                try await desk.recordOutcome(early, of: movement, from: .notice(id: "early"))
                #expect(try await world.movementState(scene.filed.number) == .sending)
                let taken = ChannelAnswer(verdict: .accepted, code: "PROCESSING", verified: true, amount: .fen(604))
                try await desk.recordOutcome(taken, of: movement, from: .call(attempt: sending.attempt))
                break
            }
            #expect(try await world.movementState(scene.filed.number) == .accepted)
            #expect(try await desk.verify() == [])
        }
    }

    private func posted(_ kind: String, _ world: DeskWorld) async throws -> Int64 {
        try await world.int(
            """
            SELECT SUM(posting_line.amount_minor) AS value
            FROM   posting_line
            JOIN   posting
            ON     posting.id = posting_line.posting_id
            WHERE  posting.kind = $1
            """, [.text(kind)])
    }

    /// A refund that is stuck with the bank, and the two people who may say where it goes.
    private struct Scene {
        let courierWorld: CourierWorld
        let filed: DeskWorld.Filed

        init(_ courierWorld: CourierWorld) async throws {
            self.courierWorld = courierWorld
            let world = courierWorld.world
            filed = try await world.approved(try await world.pay(), asking: 604)
            try await courierWorld.work(courierWorld.courier(), on: filed.number, until: .needsPayeeAction)
        }

        /// The cardholder names a card of this end, and two people send the money there; whoever did so once is a maker
        /// of the case from then on, so that it takes others the next time.
        func sendTo(_ end: String) async throws {
            let (desk, world) = (courierWorld.desk, courierWorld.world)
            let card = (0...9).lazy.map { "62220212345\($0)\(end)" }.first {
                PayeeDestination(account: $0, bank: "ICBC", holder: "Zhang Wei") != nil
            }
            let proof = NewProof(
                kind: .photo, mediaType: "image/png", bytes: 12, sha256: [UInt8](repeating: 1, count: 32),
                storedName: "card-\(try desk.newID())", fileKey: [UInt8](repeating: 2, count: 32))
            try await onTheNewestPage { version in
                try await desk.nameDestination(
                    filed.number, account: card ?? "", bank: "ICBC", holder: "Zhang Wei", proofs: [proof],
                    version: version, visitor: filed.visitor)
            }
            let named = try await world.text(
                "SELECT id AS value FROM payee_destination ORDER BY created_ms DESC, id DESC LIMIT 1")
            let first = try await DeskWorld.add(.finance, to: desk, email: "first\(end)@finance.example")
            let second = try await DeskWorld.add(.finance, to: desk, email: "second\(end)@finance.example")
            let stuck = try await world.text("SELECT id AS value FROM movement ORDER BY sequence DESC LIMIT 1")
            let proposal = try await onTheNewestPage { version in
                try await desk.propose(
                    .reroute, on: filed.number, movement: stuck, details: JointDetails(destinationID: named),
                    evidence: "The cardholder's bank statement of today.", version: version, by: first)
            }
            try await desk.confirmProposal(proposal, by: second)
            #expect(try await world.movementState(filed.number) == .ready)
        }

        /// Does a step on the case as it stands; once more when a notice of the bank came in between, as people do.
        private func onTheNewestPage<T>(_ step: (Int64) async throws -> T) async throws -> T {
            do {
                return try await step(try await courierWorld.world.version(filed.number))
            } catch Refusal.stale {
                return try await step(try await courierWorld.world.version(filed.number))
            }
        }
    }
}
