import RefundDesk
import RefundDomain
import TestSupport
import Testing

@Suite struct FilingTests {
    @Test(arguments: EngineUnderTest.allCases)
    func aPaymentIsFoundOnlyByAllThatWasTyped(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let paid = try await world.pay(10_050)
            for amount in ["100.5", "¥100.50", "１００．５０"] {
                let finding = try await desk.find(
                    .order(paid.transaction), amountText: amount, visitor: nil, address: "a", language: "en")
                #expect(finding != .notFound, "\(amount) was not found")
            }
            for (order, amount) in [(paid.transaction, "100.51"), (paid.transaction, ""), ("42", "100.50")] {
                let finding = try await desk.find(
                    .order(order), amountText: amount, visitor: nil, address: "b", language: "en")
                #expect(finding == .notFound)
            }
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func aRequestIsRefusedWhereTheRulesSayNo(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let paid = try await world.pay(10_000)
            let visitor = try await world.find(paid)
            await #expect(throws: Refusal.field("details", .missing)) {
                try await desk.chooseReason(.other, details: "  ", visitor: visitor)
            }
            await #expect(throws: Refusal.field("details", .tooLong)) {
                try await desk.chooseReason(.other, details: String(repeating: "长", count: 1001), visitor: visitor)
            }
            await #expect(throws: Refusal.field("details", .unreadable)) {
                try await desk.chooseReason(.other, details: "a\u{0}b", visitor: visitor)
            }
            await #expect(throws: Refusal.aboveMost(.fen(10_000))) {
                try await desk.chooseAmount(.fen(10_001), visitor: visitor)
            }
            await #expect(throws: Refusal.aboveMost(.fen(10_000))) {
                try await desk.chooseAmount(Money(minor: 100, currency: .usd), visitor: visitor)
            }
            await #expect(throws: Refusal.field("amount", .missing)) {
                try await desk.chooseAmount(.fen(0), visitor: visitor)
            }
            await #expect(throws: Refusal.notFound) { try await desk.chooseAmount(nil, visitor: "nobody") }
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func everyStepIsNeeded(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let visitor = try await world.find(try await world.pay())
            func file() async throws {
                _ = try await desk.fileCase(submission: "0123456789abcdef", termsAccepted: true, visitor: visitor)
            }
            await #expect(throws: Refusal.stepMissing(.reason)) { try await file() }
            try await desk.chooseReason(.goodsFaulty, details: "", visitor: visitor)
            await #expect(throws: Refusal.stepMissing(.amount)) { try await file() }
            try await desk.chooseAmount(nil, visitor: visitor)
            await #expect(throws: Refusal.stepMissing(.proof)) { try await file() }
            try await desk.addProof(.sample(), visitor: visitor)
            await #expect(throws: Refusal.stepMissing(.contact)) { try await file() }
            try await desk.giveContact(name: "Zhang", email: "z@example.com", phone: "", visitor: visitor)
            await #expect(throws: Refusal.stepMissing(.code)) { try await file() }
            try await desk.proveContact(code: try await world.code(ofDraft: visitor), visitor: visitor)
            await #expect(throws: Refusal.field("accept_terms", .missing)) {
                _ = try await desk.fileCase(submission: "0123456789abcdef", termsAccepted: false, visitor: visitor)
            }
            await #expect(throws: Refusal.field("submission", .unreadable)) {
                _ = try await desk.fileCase(submission: "short", termsAccepted: true, visitor: visitor)
            }
            try await file()
            #expect(try await desk.verify() == [])
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func theSameSubmissionNeverMakesTwoCases(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let visitor = try await world.draft(of: try await world.pay(), asking: 1_000)
            let submission = "the-same-submission"
            let first = try await desk.fileCase(submission: submission, termsAccepted: true, visitor: visitor)
            let second = try await desk.fileCase(submission: submission, termsAccepted: true, visitor: visitor)
            #expect(first == second)
            await #expect(throws: Refusal.notFound) {
                _ = try await desk.fileCase(submission: submission, termsAccepted: true, visitor: "somebody else")
            }
            #expect(try await world.int("SELECT COUNT(*) AS value FROM refund_case WHERE state <> 'draft'") == 1)
            #expect(try await world.int("SELECT open_minor AS value FROM payment") == 1_000)
            #expect(try await desk.filedCase(of: visitor)?.number == first)
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func aDraftEndsAfterADay(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let visitor = try await world.find(try await world.pay())
            world.clock.advance(seconds: 24 * 3600)
            await #expect(throws: Refusal.notFound) { try await desk.chooseAmount(nil, visitor: visitor) }
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func whatIsNotHereIsToldAndCannotBeAskedFor(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let visitor = try await world.find(try await world.pay(channel: .helipay))
            #expect(try await desk.draft(of: visitor)?.eligibility == .refused(.accountNotReady))
            await #expect(throws: Refusal.notFound) { try await desk.chooseAmount(nil, visitor: visitor) }
            let old = try await world.find(try await world.pay(daysAgo: 366))
            let lastDay = try #require(Day(iso: "2026-11-19"))
            #expect(try await desk.draft(of: old)?.eligibility == .refused(.windowPassed(lastDay: lastDay)))
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func aCaseHasRoomForTenFilesAndFortyMebibytes(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let filed = try await world.filed(try await world.pay(), asking: nil)
            for _ in 0..<10 {
                let version = try await world.version(filed.number)
                try await desk.addProof(.sample(), to: filed.number, version: version, visitor: filed.visitor)
            }
            let version = try await world.version(filed.number)
            await #expect(throws: Refusal.tooMuchProof) {
                try await desk.addProof(.sample(), to: filed.number, version: version, visitor: filed.visitor)
            }
            let draft = try await world.find(try await world.pay())
            await #expect(throws: Refusal.tooMuchProof) {
                try await desk.addProof(.sample(bytes: 40 * 1024 * 1024 + 1), visitor: draft)
            }
            try await desk.addProof(.sample(bytes: 40 * 1024 * 1024), visitor: draft)
            let room = try await desk.proofRoom(visitor: draft)
            #expect(room.files == 9 && room.bytes == 0)
        }
    }
}

@Suite struct OwnCaseTests {
    @Test(arguments: EngineUnderTest.allCases)
    func aQuestionIsAnsweredOnceWithSomething(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let filed = try await world.asked(try await world.pay(), asking: 5_000)
            let version = try await world.version(filed.number)
            await #expect(throws: Refusal.field("text", .missing)) {
                try await desk.answer(filed.number, text: " ", proofs: [], version: version, visitor: filed.visitor)
            }
            await #expect(throws: Refusal.stale(version: version)) {
                try await desk.answer(filed.number, text: "x", proofs: [], version: 1, visitor: filed.visitor)
            }
            await #expect(throws: Refusal.notFound) {
                try await desk.answer(filed.number, text: "x", proofs: [], version: version, visitor: "other")
            }
            try await desk.answer(
                filed.number, text: "Here", proofs: [.sample()], version: version, visitor: filed.visitor)
            #expect(try await world.state(filed.number) == .inReview)
            await #expect(throws: Refusal.notNow(state: .inReview)) {
                try await desk.answer(
                    filed.number, text: "Again", proofs: [], version: version + 1, visitor: filed.visitor)
            }
            #expect(try await desk.verify() == [])
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func anOfferIsTakenRefusedOrLapses(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let refused = try await world.offered(try await world.pay(), asking: 6_000, offer: 5_000)
            try await desk.refuseOffer(
                refused.number, version: try await world.version(refused.number), visitor: refused.visitor)
            #expect(try await world.state(refused.number) == .inReview)
            let silent = try await world.offered(try await world.pay(), asking: 6_000, offer: 5_000)
            world.clock.advance(seconds: 7 * 86_400)
            let visitor = try await visitorAgain(silent, desk, world)
            let version = try await world.version(silent.number)
            await #expect(throws: Refusal.notNow(state: .counterOffered)) {
                try await desk.acceptOffer(silent.number, version: version, visitor: visitor)
            }
            try await desk.lapseOffer(try await world.job(.lapseOffer, of: silent.number))
            #expect(try await world.state(silent.number) == .inReview)
            #expect(try await world.movementState(silent.number) == nil)
            #expect(try await desk.verify() == [])
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func anOfferMadeAgainIsNotEndedByTheFirstOnesTimer(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let filed = try await world.offered(try await world.pay(), asking: 6_000, offer: 5_000)
            try await desk.refuseOffer(
                filed.number, version: try await world.version(filed.number), visitor: filed.visitor)
            world.clock.advance(seconds: 86_400)
            try await desk.offer(
                filed.number, amount: .fen(5_500), reason: .other, explanation: "A little more than before.",
                version: try await world.version(filed.number), by: world.reviewer)
            world.clock.advance(seconds: 6 * 86_400)
            await #expect(throws: Refusal.notFound) { _ = try await world.job(.lapseOffer, of: filed.number) }
            world.clock.advance(seconds: 86_400)
            try await desk.lapseOffer(try await world.job(.lapseOffer, of: filed.number))
            #expect(try await world.state(filed.number) == .inReview)
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func aRequestIsStoppedOnlyUntilTheMoneyIsBeingSent(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let books = [9_940, 0, 0, 10_000, 60] as [Int64]
            let paid = try await world.pay()
            for step in 0..<5 {
                let filed: DeskWorld.Filed
                switch step {
                case 0: filed = try await world.filed(paid, asking: 6_000)
                case 1: filed = try await world.taken(paid, asking: 6_000)
                case 2: filed = try await world.asked(paid, asking: 6_000)
                case 3: filed = try await world.offered(paid, asking: 6_000, offer: 10)
                default: filed = try await world.approved(paid, asking: 6_000)
                }
                try await desk.withdraw(
                    filed.number, reason: "", version: try await world.version(filed.number), visitor: filed.visitor)
                #expect(try await world.state(filed.number) == .withdrawn)
                #expect(try await world.books() == books)
                let version = try await world.version(filed.number)
                await #expect(throws: Refusal.notNow(state: .withdrawn)) {
                    try await desk.withdraw(filed.number, reason: "", version: version, visitor: filed.visitor)
                }
            }
            #expect(try await world.int("SELECT open_minor AS value FROM payment") == 0)
            let sent = try await world.approved(paid, asking: 6_000)
            _ = try await world.sent(sent)
            let version = try await world.version(sent.number)
            await #expect(throws: Refusal.notNow(state: .approved)) {
                try await desk.withdraw(sent.number, reason: "", version: version, visitor: sent.visitor)
            }
            #expect(try await desk.verify() == [])
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func theLinkAloneMayAnswerAndNothingElse(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let filed = try await world.asked(try await world.pay(), asking: 6_000)
            let link = try #require(try await desk.filedCase(of: filed.visitor)?.linkToken)
            let opened = try #require(try await desk.openLink(link, visitor: nil))
            #expect(opened.number == filed.number)
            #expect(try await desk.viewer(of: filed.number, visitor: opened.visitor) == .link)
            let version = try await world.version(filed.number)
            await #expect(throws: Refusal.contactUnproved) {
                try await desk.withdraw(filed.number, reason: "", version: version, visitor: opened.visitor)
            }
            try await desk.answer(filed.number, text: "Yes", proofs: [], version: version, visitor: opened.visitor)
            #expect(try await world.state(filed.number) == .inReview)
        }
    }
}

/// Proves the contact again, as somebody does who comes back another week.
func visitorAgain(_ filed: DeskWorld.Filed, _ desk: Desk, _ world: DeskWorld) async throws -> String {
    let email = try await world.email(of: filed.number)
    let session = try await desk.requestTrackCode(for: filed.number, contact: email, visitor: nil, address: "c")
    return try await desk.proveTrackCode(
        try await world.code(of: filed.number), for: filed.number, visitor: session)
}

extension NewProof {
    /// A photograph that nobody has.
    static func sample(bytes: Int64 = 1_000, digest: UInt8 = 1) -> NewProof {
        NewProof(
            kind: .photo, mediaType: "image/jpeg", bytes: bytes, sha256: [UInt8](repeating: digest, count: 32),
            storedName: "name-\(UInt64.random(in: 0...UInt64.max))", fileKey: [UInt8](repeating: 2, count: 32))
    }
}
