import RefundDesk
import RefundDomain
import Storage
import TestSupport
import Testing

@Suite struct ContactCodeTests {
    private func contact(_ visitor: String, _ desk: Desk, email: String = "a@example.com") async throws {
        try await desk.giveContact(name: "Zhang Wei", email: email, phone: "", visitor: visitor)
    }

    /// A code of six digits that is not the given one.
    private func other(than code: String) -> String {
        code == "000000" ? "000001" : "000000"
    }

    @Test(arguments: EngineUnderTest.allCases)
    func aCodeHasFiveTriesAndTheRightOneIsNoHelpAfterThem(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let visitor = try await world.find(try await world.pay())
            try await contact(visitor, desk)
            let code = try await world.code(ofDraft: visitor)
            for left in [4, 3, 2, 1] as [Int64] {
                await #expect(throws: Refusal.wrongCode(triesLeft: left)) {
                    try await desk.proveContact(code: other(than: code), visitor: visitor)
                }
            }
            await #expect(throws: Refusal.codeExpired) {
                try await desk.proveContact(code: other(than: code), visitor: visitor)
            }
            await #expect(throws: Refusal.codeExpired) { try await desk.proveContact(code: code, visitor: visitor) }
            await #expect(throws: Refusal.self) { try await desk.resendContactCode(visitor: visitor) }
            world.clock.advance(seconds: CodeLimits.lifeSeconds)
            try await desk.resendContactCode(visitor: visitor)
            try await desk.proveContact(code: try await world.code(ofDraft: visitor), visitor: visitor)
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func onePaymentSendsCodesToAFewContactsOnly(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let visitor = try await world.find(try await world.pay())
            for place in 0..<CodeLimits.unusedCodesPerPaymentAndDay {
                try await contact(visitor, desk, email: "a\(place)@example.com")
            }
            await #expect(throws: Refusal.tooMany(retryAfterSeconds: 86_400)) {
                try await contact(visitor, desk, email: "one-more@example.com")
            }
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func aCodeHoldsForTenMinutesAndOnce(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let visitor = try await world.find(try await world.pay())
            try await contact(visitor, desk)
            let code = try await world.code(ofDraft: visitor)
            world.clock.advance(seconds: CodeLimits.lifeSeconds + 1)
            await #expect(throws: Refusal.codeExpired) { try await desk.proveContact(code: code, visitor: visitor) }
            try await desk.resendContactCode(visitor: visitor)
            let next = try await world.code(ofDraft: visitor)
            try await desk.proveContact(code: " \(next.prefix(3)) \(next.suffix(3))", visitor: visitor)
            // The same form again changes nothing; for another contact the used code counts no more.
            try await desk.proveContact(code: next, visitor: visitor)
            try await contact(visitor, desk, email: "another@example.com")
            let fresh = try await world.code(ofDraft: visitor)
            if fresh != next {
                await #expect(throws: Refusal.wrongCode(triesLeft: CodeLimits.tries - 1)) {
                    try await desk.proveContact(code: next, visitor: visitor)
                }
            }
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func aNewCodeEndsTheOldOneAndDoesNotRenewItsTries(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let visitor = try await world.find(try await world.pay())
            try await contact(visitor, desk)
            let old = try await world.code(ofDraft: visitor)
            for _ in 0..<2 { try? await desk.proveContact(code: other(than: old), visitor: visitor) }
            try await desk.resendContactCode(visitor: visitor)
            let new = try await world.code(ofDraft: visitor)
            await #expect(throws: Refusal.wrongCode(triesLeft: 2)) {
                try await desk.proveContact(code: new == old ? other(than: new) : old, visitor: visitor)
            }
            try await desk.proveContact(code: new, visitor: visitor)
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func aCodeOfAnotherSessionIsRefused(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let paid = try await world.pay()
            let mine = try await world.find(paid)
            let theirs = try await world.find(paid)
            try await contact(mine, desk)
            try await contact(theirs, desk, email: "b@example.com")
            await #expect(throws: Refusal.self) {
                try await desk.proveContact(code: try await world.code(ofDraft: mine), visitor: theirs)
            }
            try await desk.proveContact(code: try await world.code(ofDraft: mine), visitor: mine)
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func aContactIsSentThreeCodesInTenMinutes(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let paid = try await world.pay()
            for _ in 0..<3 { try await contact(try await world.find(paid), desk) }
            let fourth = try await world.find(paid)
            await #expect(throws: Refusal.self) { try await contact(fourth, desk) }
            #expect(try await desk.draft(of: fourth)?.email == nil, "a refused contact is not kept")
            try await contact(fourth, desk, email: "another@example.com")
            world.clock.advance(seconds: CodeLimits.lifeSeconds)
            try await contact(fourth, desk)
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func aContactHasTwentyWrongTriesADay(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let paid = try await world.pay()
            var evaluated = 0
            for _ in 0..<8 {
                let visitor = try await world.find(paid)
                do {
                    try await contact(visitor, desk)
                } catch Refusal.tooMany {
                    world.clock.advance(seconds: CodeLimits.lifeSeconds)
                    continue
                }
                let code = try await world.code(ofDraft: visitor)
                for _ in 0..<5 {
                    await #expect(throws: Refusal.self) {
                        try await desk.proveContact(code: other(than: code), visitor: visitor)
                    }
                    evaluated += 1
                }
                world.clock.advance(seconds: CodeLimits.lifeSeconds)
            }
            #expect(evaluated == 20)
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func triesThatWereNotMadeAreNotCounted(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let visitor = try await world.find(try await world.pay())
            try await contact(visitor, desk)
            try? await desk.proveContact(code: other(than: try await world.code(ofDraft: visitor)), visitor: visitor)
            for _ in 0..<2 { try await desk.resendContactCode(visitor: visitor) }
            let tried = try await world.int("SELECT SUM(tries_given - tries_left) AS value FROM contact_code")
            #expect(tried == 1)
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func aChangedContactHasToBeProvedAgain(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let visitor = try await world.draft(of: try await world.pay(), asking: 100)
            let before = try #require(try await desk.draft(of: visitor))
            #expect(before.contactIsProved)
            try await contact(visitor, desk, email: "changed@example.com")
            #expect(try await desk.draft(of: visitor)?.contactIsProved == false)
        }
    }

    @Test(
        arguments: [
            ("", "a@example.com", "", "name"), ("Zhang\nWei", "a@example.com", "", "name"),
            (String(repeating: "长", count: 81), "a@example.com", "", "name"), ("Zhang", "", "", "email"),
            ("Zhang", "not an address", "", "email"), ("Zhang", "", "12345", "phone"),
            ("Zhang", "a@example.com", "<script>", "phone"), ("Zhang", String(repeating: "a", count: 121), "", "email"),
        ], EngineUnderTest.allCases)
    func aContactThatDoesNotFitIsToldByItsField(
        _ typed: (name: String, email: String, phone: String, field: String), _ engine: EngineUnderTest
    ) async throws {
        let (name, email, phone, field) = typed
        try await withDesk(engine) { desk, world in
            let visitor = try await world.find(try await world.pay())
            do {
                try await desk.giveContact(name: name, email: email, phone: phone, visitor: visitor)
                Issue.record("it was taken")
            } catch Refusal.field(let found, _) {
                #expect(found == field)
            }
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func newsGoToTheContactThatWasProved(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let visitor = try await world.find(try await world.pay())
            try await desk.chooseReason(.notReceived, details: "", visitor: visitor)
            try await desk.chooseAmount(nil, visitor: visitor)
            try await desk.giveContact(
                name: "Zhang", email: "mistyped@example.com", phone: "13800138000", visitor: visitor)
            try await desk.proveContact(code: try await world.code(ofDraft: visitor), visitor: visitor)
            _ = try await desk.fileCase(submission: "0123456789abcdef", termsAccepted: true, visitor: visitor)
            #expect(try await world.int("SELECT COUNT(*) AS value FROM message WHERE medium = 'email'") == 0)
            #expect(try await world.int("SELECT COUNT(*) AS value FROM message WHERE medium = 'sms'") == 2)
        }
    }
}

@Suite struct TrackTests {
    @Test(arguments: EngineUnderTest.allCases)
    func theRightContactAndCodeOpenTheCase(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let filed = try await world.filed(try await world.pay(), asking: 100, email: "me@example.com")
            let visitor = try await visitorAgain(filed, desk, world)
            #expect(try await desk.viewer(of: filed.number, visitor: visitor) == .cardholder)
            try await desk.withdraw(
                filed.number, reason: "", version: try await world.version(filed.number), visitor: visitor)
        }
    }

    /// What a stranger sees of a case who tries a contact and codes.
    private func answers(_ number: CaseNumber, _ contact: String, _ desk: Desk) async throws -> [String] {
        var seen: [String] = []
        for _ in 0..<5 {
            let session = try await desk.requestTrackCode(
                for: number, contact: contact, visitor: nil, address: "x\(contact)")
            for _ in 0..<2 {
                do {
                    _ = try await desk.proveTrackCode("12345", for: number, visitor: session)
                    seen.append("open")
                } catch let refusal as Refusal {
                    seen.append("\(refusal)")
                }
            }
        }
        return seen
    }

    @Test(arguments: EngineUnderTest.allCases)
    func aStrangerDoesNotLearnWhoseCaseItIsNorWhetherThereIsOne(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let filed = try await world.filed(try await world.pay(), asking: 100, email: "me@example.com")
            let unknown = try #require(CaseNumber(value: 31))
            let wrong = try await answers(filed.number, "you@example.com", desk)
            let none = try await answers(unknown, "me@example.com", desk)
            let words = try await answers(filed.number, "no address at all", desk)
            #expect(wrong == none && wrong == words)
            world.clock.advance(seconds: CodeLimits.lifeSeconds)
            let right = try await answers(filed.number, "me@example.com", desk)
            #expect(right.prefix(2) == wrong.prefix(2), "the first answers do not tell the right contact")
            #expect(!right.contains { $0.contains("tooMany") })
            #expect(!right.contains("open"))
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func anAddressAsksForTwentyCodesAnHour(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let unknown = try #require(CaseNumber(value: 31))
            for _ in 0..<20 {
                _ = try await desk.requestTrackCode(
                    for: unknown, contact: "a@example.com", visitor: nil, address: "one")
            }
            await #expect(throws: Refusal.self) {
                _ = try await desk.requestTrackCode(
                    for: unknown, contact: "a@example.com", visitor: nil, address: "one")
            }
            _ = try await desk.requestTrackCode(for: unknown, contact: "a@example.com", visitor: nil, address: "two")
            world.clock.advance(seconds: 3_600)
            _ = try await desk.requestTrackCode(for: unknown, contact: "a@example.com", visitor: nil, address: "one")
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func aLinkHoldsForNinetyDaysAfterTheLastChange(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let filed = try await world.filed(try await world.pay(), asking: 100)
            let link = try #require(try await desk.filedCase(of: filed.visitor)?.linkToken)
            #expect(try await desk.openLink(String(link.dropLast()), visitor: nil) == nil)
            world.clock.advance(seconds: 89 * 86_400)
            #expect(try await desk.openLink(link, visitor: nil)?.number == filed.number)
            try await desk.take(filed.number, version: try await world.version(filed.number), by: world.reviewer)
            world.clock.advance(seconds: 89 * 86_400)
            let session = try #require(try await desk.openLink(link, visitor: nil)?.visitor)
            world.clock.advance(seconds: 86_400 + 60)
            #expect(try await desk.openLink(link, visitor: nil) == nil)
            #expect(try await desk.viewer(of: filed.number, visitor: session) == nil, "a session ends after a day")
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func aLinkNeverLowersAProvedContact(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let filed = try await world.filed(try await world.pay(), asking: 100)
            let link = try #require(try await desk.filedCase(of: filed.visitor)?.linkToken)
            let session = try #require(try await desk.openLink(link, visitor: filed.visitor)?.visitor)
            #expect(try await desk.viewer(of: filed.number, visitor: session) == .cardholder)
            #expect(try await desk.viewer(of: filed.number, visitor: filed.visitor) == nil, "the old session ended")
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func aReplacedLinkOpensNothingAndTheNewOneDoes(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let filed = try await world.filed(try await world.pay(), asking: 100)
            let link = try #require(try await desk.filedCase(of: filed.visitor)?.linkToken)
            let session = try #require(try await desk.openLink(link, visitor: nil)?.visitor)
            let old = try await world.store.read { try $0.row("SELECT link_hash FROM refund_case")?.bytes("link_hash") }
            try await world.store.write { try $0.run("UPDATE refund_case SET link_hash = $1", [.bytes([9])]) }
            #expect(try await desk.viewer(of: filed.number, visitor: session) == nil)
            try await world.store.write { try $0.run("UPDATE refund_case SET link_hash = $1", [.bytes(old)]) }
            #expect(try await desk.viewer(of: filed.number, visitor: session) == .link)
        }
    }
}

@Suite struct LookUpBudgetTests {
    private func miss(_ query: PaymentQuery, _ address: String, _ desk: Desk) async throws -> Finding {
        try await desk.find(query, amountText: "1", visitor: nil, address: address, language: "en")
    }

    @Test(arguments: EngineUnderTest.allCases)
    func anAddressMissesTwentyTimesAnHour(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let paid = try await world.pay()
            for _ in 0..<20 { #expect(try await miss(.order("42"), "one", desk) == .notFound) }
            await #expect(throws: Refusal.self) { _ = try await miss(.order(paid.transaction), "one", desk) }
            #expect(try await miss(.order("42"), "two", desk) == .notFound)
            world.clock.advance(seconds: 3_600)
            #expect(try await miss(.order("42"), "one", desk) == .notFound)
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func aTerminalMissesFiveTimesAnHourWhoeverTries(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { (desk: Desk, _: DeskWorld) async throws in
            let slip = PaymentQuery.trace(terminal: "80210001", trace: "000001", cardLast4: "1234")
            for address in ["one", "two", "three", "four", "five"] {
                #expect(try await miss(slip, address, desk) == .notFound)
            }
            await #expect(throws: Refusal.self) { _ = try await miss(slip, "another", desk) }
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func whatIsCountedDoesNotNameAnybody(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            _ = try await miss(.order("42"), "203.0.113.7", desk)
            let named = try await world.int(
                "SELECT COUNT(*) AS value FROM look_up_miss WHERE bucket LIKE '%203.0%' OR bucket LIKE 'address%'")
            #expect(named == 0)
        }
    }
}
