import RefundDesk
import RefundDomain
import Storage
import TestSupport
import Testing

/// Whoever made a case may not decide it; whoever acts for a cardholder is an agent.
@Suite struct MakerTests {
    private static func proof(_ name: String) -> NewProof {
        NewProof(
            kind: .receipt, mediaType: "image/png", bytes: 10, sha256: [UInt8](repeating: 1, count: 32),
            storedName: name, fileKey: [UInt8](repeating: 2, count: 32))
    }

    /// Every way of becoming a maker.
    private enum Way: CaseIterable {
        case begin, changeAmount, uploadToDraft, submit, upload, answer, appeal

        func go(_ world: DeskWorld, _ agent: StaffMember) async throws -> DeskWorld.Filed {
            let behalf = OnBehalf(staff: agent, consent: true)
            let desk = world.desk
            let paid = try await world.pay()
            var visitor = try await world.draft(of: paid, asking: 1_000)
            if self == .begin { visitor = try await world.draft(of: paid, asking: 1_000, onBehalf: behalf) }
            if self == .changeAmount {
                try await desk.chooseAmount(.fen(900), visitor: visitor, onBehalf: behalf)
            }
            if self == .uploadToDraft {
                try await desk.addProof(MakerTests.proof("draft"), visitor: visitor, onBehalf: behalf)
            }
            let number = try await desk.fileCase(
                submission: "submission-\(visitor.prefix(20))", termsAccepted: true, visitor: visitor,
                onBehalf: self == .submit ? behalf : nil)
            let filed = DeskWorld.Filed(number: number, visitor: visitor, paymentID: paid.id)
            if self == .upload {
                try await desk.addProof(
                    MakerTests.proof("sent"), to: number, version: try await world.version(number), by: .agent(behalf))
            }
            if self == .answer {
                try await world.ask(filed, by: world.reviewer)
                try await desk.answer(
                    number, text: "By telephone", proofs: [], version: try await world.version(number),
                    by: .agent(behalf))
            }
            if self == .appeal {
                try await world.decline(filed, by: world.reviewer)
                try await world.appeal(filed, by: .agent(behalf))
            }
            return filed
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func nobodyDecidesWhatTheyMadeWhateverRoleTheyHaveLater(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            for way in Way.allCases {
                let filed = try await way.go(world, world.support)
                world.clock.advance(seconds: 40 * 86_400)
                for role in [Role.reviewer, .approver, .operatorReviewer] {
                    let maker = world.now(role, world.support)
                    await #expect(throws: Refusal.makerMayNotDecide, "\(way)") {
                        _ = try await world.say(.approve, 500, filed, by: maker)
                    }
                    await #expect(throws: Refusal.makerMayNotDecide, "\(way)") {
                        try await world.offer(filed, 500, by: maker)
                    }
                    await #expect(throws: Refusal.makerMayNotDecide, "\(way)") {
                        try await world.decline(filed, by: maker)
                    }
                }
                let other = try await world.another(.approver, "\(way)")
                try await world.store.write { sql in _ = try sql.run("UPDATE refund_case SET flag = 'risk'") }
                #expect(try await world.say(.approve, 500, filed, by: other) == .awaitingSecond)
                for role in [Role.approver, .operatorReviewer, .finance] {
                    await #expect(throws: Refusal.makerMayNotDecide, "\(way)") {
                        _ = try await world.say(second: .approve, filed, by: world.now(role, world.support))
                    }
                }
            }
            #expect(try await desk.verify() == [])
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func anAgentActsAsAnAgentWithConsentAndOnlyWhereTheyMay(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let filed = try await world.filed(try await world.pay(), asking: 1_000)
            let withdraw = { (staff: StaffMember, consent: Bool) in
                try await desk.withdraw(
                    filed.number, reason: "", version: try await world.version(filed.number),
                    by: .agent(OnBehalf(staff: staff, consent: consent)))
            }
            await #expect(throws: Refusal.consentMissing) { try await withdraw(world.support, false) }
            for staff in [world.clerk, world.reviewer, world.approver, try await world.another(.finance)] {
                await #expect(throws: Refusal.notAllowed) { try await withdraw(staff, true) }
            }
            try await withdraw(world.support, true)
            let actor = try await world.text("SELECT actor AS value FROM event WHERE what = 'case.withdrawn'")
            #expect(actor == "agent")
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func aClerkTypesInAtTheCounterForTheOwnMerchant(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let paid = try await world.pay()
            let behalf = OnBehalf(staff: world.clerk, consent: true)
            let visitor = try await world.draft(of: paid, asking: 1_000, onBehalf: behalf)
            let file = {
                try await desk.fileCase(
                    submission: "at-the-counter-today", termsAccepted: true, visitor: visitor, onBehalf: behalf)
            }
            let number = try await file()
            #expect(try await file() == number, "the same submission makes one case")
            let viewer = try await desk.viewer(of: number, visitor: visitor)
            #expect(viewer == nil, "the clerk's browser is not the person's")
            #expect(try await world.text("SELECT intake AS value FROM refund_case") == "counter")
            try await desk.addMerchant(
                code: "renhe", name: "仁和", nameEnglish: nil, zone: "Asia/Shanghai", currency: .cny)
            let stranger = try await DeskWorld.add(.clerk, to: desk, email: "x@renhe.example", merchantCode: "renhe")
            let finding = try await desk.find(
                .order(paid.transaction), amountText: paid.amount.decimal, visitor: nil, address: "counter",
                language: "en", onBehalf: OnBehalf(staff: stranger, consent: true))
            #expect(finding == .notFound)
            #expect(try await desk.verify() == [])
        }
    }
}
