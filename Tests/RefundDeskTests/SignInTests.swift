import RefundDesk
import RefundDomain
import Storage
import TestSupport
import Testing
import Vault

extension DeskWorld {
    /// How many entries of a kind the record has.
    func events(_ what: String) async throws -> Int64 {
        try await int("SELECT COUNT(*) AS value FROM event WHERE what = $1", [.text(what)])
    }
}

@Suite struct SignInTests {
    private let secret = Secret(bytes: [UInt8](repeating: 7, count: 20))

    private func code(_ world: DeskWorld, later seconds: Int64 = 0) -> String {
        let now = world.clock.now.seconds + seconds
        return OneTimeCode.standard.code(secret: secret, step: OneTimeCode.standard.step(at: now))
    }

    /// A session of the reviewer that waits for its code.
    private func waiting(_ desk: Desk, address: String = "one") async throws -> String {
        let found = try await desk.staffCredentials(email: "reviewer@staff.example", address: address)
        return try await desk.passwordProved(try #require(found))
    }

    @Test(arguments: EngineUnderTest.allCases)
    func aSessionWorksOnlyAfterTheCodeAndEndsInTime(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let pending = try await waiting(desk)
            #expect(try await desk.staff(of: pending) == nil)
            let session = try await desk.proveStaffCode(code(world), session: pending, address: "one")
            #expect(try await desk.staff(of: session) == world.reviewer)
            await #expect(throws: Refusal.codeExpired) {
                _ = try await desk.proveStaffCode(code(world), session: pending, address: "one")
            }
            world.clock.advance(seconds: StaffLimits.idleSeconds - 10)
            #expect(try await desk.staff(of: session) == world.reviewer)
            world.clock.advance(seconds: StaffLimits.idleSeconds)
            #expect(try await desk.staff(of: session) == nil)
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func aSessionInUseEndsAfterTwelveHours(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let pending = try await waiting(desk)
            let session = try await desk.proveStaffCode(code(world), session: pending, address: "one")
            var hours = 0
            while try await desk.staff(of: session) != nil, hours < 200 {
                world.clock.advance(seconds: 600)
                hours += 1
            }
            #expect(hours == 72)
            let other = try await desk.proveStaffCode(
                code(world), session: try await waiting(desk), address: "one")
            try await desk.signOut(session: other)
            #expect(try await desk.staff(of: other) == nil)
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func aCodeIsUsedOnce(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let first = try await waiting(desk)
            let second = try await waiting(desk)
            _ = try await desk.proveStaffCode(code(world), session: first, address: "one")
            await #expect(throws: Refusal.wrongCode(triesLeft: 4)) {
                _ = try await desk.proveStaffCode(code(world), session: second, address: "one")
            }
            world.clock.advance(seconds: 30)
            _ = try await desk.proveStaffCode(code(world), session: second, address: "one")
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func tenWrongPasswordsMakeTheAccountWaitAtThatAddress(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let email = "reviewer@staff.example"
            for _ in 0..<10 {
                #expect(try await desk.staffCredentials(email: email, address: "one") != nil)
                world.clock.advance(seconds: 64)
            }
            await #expect(throws: Refusal.self) { _ = try await desk.staffCredentials(email: email, address: "one") }
            let other = try await desk.staffCredentials(email: email, address: "two")
            let session = try await desk.proveStaffCode(
                code(world), session: try await desk.passwordProved(try #require(other)), address: "two")
            #expect(try await desk.staff(of: session) == world.reviewer)
            world.clock.advance(seconds: StaffLimits.waitSeconds)
            #expect(try await desk.staffCredentials(email: email, address: "one") != nil)
            #expect(try await desk.staffCredentials(email: "nobody@staff.example", address: "one") == nil)
            #expect(try await desk.staffCredentials(email: "not an address", address: "one") == nil)
            #expect(try await world.events("staff.sign-in-waits") == 1)
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func eachWrongTryWaitsLongerThanTheOneBefore(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            for (number, seconds) in [(4, 1), (5, 2), (6, 4), (7, 8), (8, 16), (9, 32)] as [(Int64, Int64)] {
                for _ in 0..<(number == 4 ? 4 : 1) {
                    _ = try await desk.staffCredentials(email: "reviewer@staff.example", address: "one")
                }
                await #expect(throws: Refusal.tooMany(retryAfterSeconds: seconds + 1), "\(number)") {
                    _ = try await desk.staffCredentials(email: "reviewer@staff.example", address: "one")
                }
                world.clock.advance(seconds: seconds + 1)
            }
            // The right one is as good as none of them.
            _ = try await waiting(desk)
            world.clock.advance(seconds: 1)
            _ = try await desk.staffCredentials(email: "reviewer@staff.example", address: "one")
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func aThousandTriesAtOnceAreNotMoreThanAreAllowed(_ engine: EngineUnderTest) async throws {
        try await withTwoDesks(engine) { desk, other, world in
            let allowed = try await withThrowingTaskGroup(of: Bool.self) { group in
                for index in 0..<(engine == .sqlite ? 1_000 : 60) {
                    group.addTask {
                        do {
                            _ = try await (index % 2 == 0 ? desk : other).staffCredentials(
                                email: "reviewer@staff.example", address: "one")
                            return true
                        } catch Refusal.tooMany {
                            return false
                        }
                    }
                }
                return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(allowed >= 4 && allowed <= StaffLimits.failuresMax)
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func anAddressThatTriesEverybodyWaitsAlone(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            for index in 0..<StaffLimits.failuresPerAddressMax {
                _ = try await desk.staffCredentials(email: "person\(index)@staff.example", address: "one")
            }
            await #expect(throws: Refusal.self) { _ = try await waiting(desk) }
            _ = try await waiting(desk, address: "two")
            world.clock.advance(seconds: 3_600)
            _ = try await waiting(desk)
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func anAttackFromManyAddressesIsWrittenDownAndShutsNobodyOut(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            for index in 0..<60 {
                _ = try await desk.staffCredentials(email: "reviewer@staff.example", address: "bot\(index)")
            }
            #expect(try await world.events("staff.sign-in-tried") == 1)
            let session = try await desk.proveStaffCode(
                code(world), session: try await waiting(desk), address: "one")
            #expect(try await desk.staff(of: session) == world.reviewer)
            #expect(try await desk.verify() == [])
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func wrongCodesCountOverAllSessions(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            var evaluated = 0
            for _ in 0..<10 {
                guard let pending = try? await waiting(desk) else { continue }
                for _ in 0..<6 {
                    world.clock.advance(seconds: 33)
                    do {
                        _ = try await desk.proveStaffCode("000000", session: pending, address: "one")
                        Issue.record("it was taken")
                    } catch Refusal.wrongCode {
                        evaluated += 1
                    } catch Refusal.codeExpired {
                        continue
                    } catch Refusal.tooMany {
                        continue
                    }
                }
            }
            #expect(evaluated <= 10)
            await #expect(throws: Refusal.self) {
                _ = try await desk.staffCredentials(email: "reviewer@staff.example", address: "one")
            }
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func peopleAreAddedOnceAndWhereTheyBelong(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, _ in
            func add(_ email: String, _ role: Role, _ merchant: String?) async throws {
                try await desk.addStaff(
                    email: email, role: role, merchantCode: merchant, passwordHash: "none", secret: [1])
            }
            await #expect(throws: Refusal.field("email", .unreadable)) { try await add("x", .reviewer, "lanting") }
            await #expect(throws: Refusal.field("merchant", .missing)) { try await add("a@b.example", .clerk, nil) }
            await #expect(throws: Refusal.field("merchant", .notOffered)) {
                try await add("a@b.example", .support, "lanting")
            }
            await #expect(throws: Refusal.field("merchant", .notOffered)) {
                try await add("a@b.example", .clerk, "nobody")
            }
            await #expect(throws: Refusal.alreadyThere("reviewer@staff.example")) {
                try await add("Reviewer@Staff.example", .reviewer, "lanting")
            }
        }
    }
}
