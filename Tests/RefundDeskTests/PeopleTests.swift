import RefundDesk
import RefundDomain
import Storage
import TestSupport
import Testing
import Vault

/// Two who keep the people of one merchant, and one of another.
struct PeopleHouse {
    let desk: Desk
    let world: DeskWorld
    let first: StaffMember
    let second: StaffMember
    let stranger: StaffMember

    init(_ world: DeskWorld) async throws {
        self.world = world
        desk = world.desk
        first = try await DeskWorld.add(.merchantAdmin, to: desk, email: "first@staff.example")
        second = try await DeskWorld.add(.merchantAdmin, to: desk, email: "second@staff.example")
        try await desk.addMerchant(code: "other", name: "其他", nameEnglish: nil, zone: "Asia/Shanghai", currency: .cny)
        stranger = try await DeskWorld.add(
            .merchantAdmin, to: desk, email: "admin@other.example", merchantCode: "other")
    }

    /// The newest invitation as a worker would send it.
    func sent() async throws -> OutgoingInvitation? {
        while let job = try await desk.claimJob() {
            guard job.kind == .sendInvitation else { continue }
            guard let outgoing = try await desk.outgoingInvitation(job) else { continue }
            try await desk.invitationSent(job)
            return outgoing
        }
        return nil
    }

    func code(_ secret: Secret) -> String {
        OneTimeCode.standard.code(secret: secret, step: OneTimeCode.standard.step(at: world.clock.now.seconds))
    }

    func join(_ link: String) async throws -> Joined {
        let open = try #require(try await desk.invitation(link: link))
        return try await desk.join(link: link, passwordHash: "hash", code: code(open.secret))
    }

    func session(_ email: String) async throws -> String {
        let found = try #require(try await desk.staffCredentials(email: email, address: "one"))
        let waiting = try await desk.passwordProved(found)
        let now = OneTimeCode.standard.step(at: world.clock.now.seconds)
        let code = OneTimeCode.standard.code(secret: Secret(bytes: [UInt8](repeating: 7, count: 20)), step: now)
        return try await desk.proveStaffCode(code, session: waiting, address: "one")
    }
}

@Suite struct PeopleTests {
    @Test(arguments: EngineUnderTest.allCases)
    func somebodyIsInvitedComesAndUsesARecoveryCode(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let house = try await PeopleHouse(world)
            try await desk.invite(email: "New@Staff.example", role: .reviewer, language: "en", by: house.first)
            let outgoing = try #require(try await house.sent())
            #expect(outgoing.to == "new@staff.example" && outgoing.language == "en" && outgoing.kind == .invite)
            let joined = try await house.join(outgoing.link)
            #expect(joined.member.role == .reviewer && joined.member.merchantID == world.merchantID)
            #expect(try await desk.staff(of: joined.session) == joined.member)
            #expect(Set(joined.recoveryCodes).count == RecoveryCodes.setCount)
            #expect(try await desk.invitation(link: outgoing.link) == nil)
            let code = try #require(joined.recoveryCodes.first)
            for (typed, works) in [(code.lowercased().replacing("-", with: " "), true), (code, false)] {
                let found = try #require(try await desk.staffCredentials(email: "new@staff.example", address: "one"))
                let waiting = try await desk.passwordProved(found)
                if works {
                    let session = try await desk.proveRecoveryCode(typed, session: waiting, address: "one")
                    #expect(try await desk.staff(of: session) == joined.member)
                } else {
                    await #expect(throws: Refusal.wrongCode(triesLeft: 4)) {
                        _ = try await desk.proveRecoveryCode(typed, session: waiting, address: "one")
                    }
                }
            }
            #expect(try await desk.staffAccount(of: joined.member).recoveryLeft == 9)
            #expect(try await world.events("staff.recovery-used") == 1)
            #expect(try await desk.verify() == [])
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func recoveryCodesAreOfNoUseToAnybodyElseAndEndWithANewSet(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let old = try await desk.renewRecoveryCodes(of: world.reviewer)
            let others = try await desk.renewRecoveryCodes(of: world.approver)
            let new = try await desk.renewRecoveryCodes(of: world.reviewer)
            #expect(Set(old).isDisjoint(with: new))
            #expect(new.allSatisfy { $0.utf8.count == 19 })
            for code in [old[0], others[0], "", "0000-0000-0000-0000"] {
                world.clock.advance(seconds: 60)
                let found = try await desk.staffCredentials(email: "reviewer@staff.example", address: "one")
                let waiting = try await desk.passwordProved(try #require(found))
                await #expect(throws: Refusal.wrongCode(triesLeft: 4), "\(code)") {
                    _ = try await desk.proveRecoveryCode(code, session: waiting, address: "one")
                }
            }
            let stored = try await world.store.read { sql in
                try sql.row("SELECT recovery_hashes FROM staff WHERE id = $1", [.text(world.reviewer.id)])?
                    .bytes("recovery_hashes")
            }
            #expect(stored?.count == 320)
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func aLinkHoldsForADayOnceAndUntilTheNextOne(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let house = try await PeopleHouse(world)
            try await desk.invite(email: "a@staff.example", role: .clerk, language: "en", by: house.first)
            let first = try #require(try await house.sent())
            try await desk.invite(email: "a@staff.example", role: .clerk, language: "en", by: house.first)
            let second = try #require(try await house.sent())
            #expect(try await desk.invitation(link: first.link) == nil)
            #expect(try await desk.invitation(link: second.link) != nil)
            #expect(try await desk.invitation(link: "") == nil)
            world.clock.advance(seconds: InvitationLimits.lifeSeconds)
            #expect(try await desk.invitation(link: second.link) == nil)
            await #expect(throws: Refusal.notFound) {
                _ = try await desk.join(link: second.link, passwordHash: "hash", code: "000000")
            }
            try await desk.invite(email: "a@staff.example", role: .clerk, language: "en", by: house.first)
            let third = try #require(try await house.sent())
            await #expect(throws: Refusal.field("code", .unreadable)) {
                _ = try await desk.join(link: third.link, passwordHash: "hash", code: "abc")
            }
            _ = try await house.join(third.link)
            await #expect(throws: Refusal.notFound) {
                _ = try await desk.join(link: third.link, passwordHash: "hash", code: "000000")
            }
            #expect(try await desk.verify() == [])
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func onlyWhoKeepsTheirPeopleInvites(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let house = try await PeopleHouse(world)
            for member in [world.reviewer, world.approver, world.support, world.clerk] {
                await #expect(throws: Refusal.field("role", .notOffered)) {
                    try await desk.invite(email: "a@staff.example", role: .clerk, language: "en", by: member)
                }
            }
            await #expect(throws: Refusal.field("role", .notOffered)) {
                try await desk.invite(email: "a@staff.example", role: .finance, language: "en", by: house.first)
            }
            await #expect(throws: Refusal.field("email", .unreadable)) {
                try await desk.invite(email: "nobody", role: .clerk, language: "en", by: house.first)
            }
            await #expect(throws: Refusal.alreadyThere("reviewer@staff.example")) {
                try await desk.invite(email: "reviewer@staff.example", role: .clerk, language: "en", by: house.first)
            }
            // Who works for another house is nobody's to learn.
            try await desk.invite(email: "reviewer@staff.example", role: .clerk, language: "en", by: house.stranger)
            let outgoing = try #require(try await house.sent())
            await #expect(throws: Refusal.alreadyThere("reviewer@staff.example")) {
                _ = try await house.join(outgoing.link)
            }
            let id = try await world.text("SELECT id AS value FROM staff_invitation")
            await #expect(throws: Refusal.notFound) { try await desk.endInvitation(id, by: house.first) }
            try await desk.endInvitation(id, by: house.stranger)
            #expect(try await desk.invitation(link: outgoing.link) == nil)
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func aNewRoleHoldsAtOnceAndShuttingOutEndsEverySession(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let house = try await PeopleHouse(world)
            let session = try await house.session("reviewer@staff.example")
            try await desk.changeRole(of: world.reviewer.id, from: .reviewer, to: .clerk, by: house.first)
            #expect(try await desk.staff(of: session)?.role == .clerk)
            await #expect(throws: Refusal.stale(version: 0)) {
                try await desk.changeRole(of: world.reviewer.id, from: .reviewer, to: .approver, by: house.first)
            }
            try await desk.shutOut(world.reviewer.id, by: house.first)
            #expect(try await desk.staff(of: session) == nil)
            #expect(try await desk.staffCredentials(email: "reviewer@staff.example", address: "two") == nil)
            await #expect(throws: Refusal.stale(version: 0)) {
                try await desk.shutOut(world.reviewer.id, by: house.second)
            }
            try await desk.letIn(world.reviewer.id, by: house.second)
            #expect(try await desk.staff(of: session) == nil)
            #expect(try await desk.staffCredentials(email: "reviewer@staff.example", address: "two") != nil)
            #expect(try await desk.verify() == [])
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func nobodyKeepsThemselvesOrTheOthersPeople(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let house = try await PeopleHouse(world)
            let tries: [(StaffMember, StaffMember, Refusal)] = [
                (house.first, house.first, .notAllowed), (house.first, house.stranger, .notFound),
                (world.approver, world.reviewer, .notAllowed), (house.first, world.support, .notFound),
            ]
            for (admin, target, refusal) in tries {
                await #expect(throws: refusal) { try await desk.shutOut(target.id, by: admin) }
                await #expect(throws: refusal) { try await desk.letIn(target.id, by: admin) }
                await #expect(throws: refusal) {
                    try await desk.proposeReset(of: target.id, language: "en", by: admin)
                }
                await #expect(throws: Refusal.self) {
                    try await desk.changeRole(of: target.id, from: target.role, to: .approver, by: admin)
                }
            }
            // Whoever kept people when the page was opened may not do so any more.
            try await desk.changeRole(of: house.second.id, from: .merchantAdmin, to: .clerk, by: house.first)
            await #expect(throws: Refusal.notAllowed) {
                try await desk.shutOut(world.reviewer.id, by: house.second)
            }
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func aLostAuthenticatorTakesTwo(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let house = try await PeopleHouse(world)
            let session = try await house.session("reviewer@staff.example")
            let old = try await desk.renewRecoveryCodes(of: world.reviewer)
            try await desk.proposeReset(of: world.reviewer.id, language: "en", by: house.first)
            await #expect(throws: Refusal.proposalOpen) {
                try await desk.proposeReset(of: world.reviewer.id, language: "en", by: house.second)
            }
            #expect(try await house.sent() == nil)
            let id = try await world.text("SELECT id AS value FROM staff_invitation")
            await #expect(throws: Refusal.makerMayNotDecide) { try await desk.confirmReset(id, by: house.first) }
            await #expect(throws: Refusal.notFound) { try await desk.confirmReset(id, by: house.stranger) }
            try await desk.confirmReset(id, by: house.second)
            await #expect(throws: Refusal.stale(version: 0)) { try await desk.confirmReset(id, by: house.second) }
            let outgoing = try #require(try await house.sent())
            #expect(outgoing.kind == .reset && outgoing.to == "reviewer@staff.example")
            #expect(try await desk.staff(of: session) != nil)
            let joined = try await house.join(outgoing.link)
            #expect(joined.member == world.reviewer)
            #expect(try await desk.staff(of: session) == nil)
            let found = try #require(try await desk.staffCredentials(email: outgoing.to, address: "one"))
            #expect(found.passwordHash == "hash")
            let waiting = try await desk.passwordProved(found)
            await #expect(throws: Refusal.wrongCode(triesLeft: 4)) {
                _ = try await desk.proveRecoveryCode(old[0], session: waiting, address: "one")
            }
            #expect(try await desk.verify() == [])
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func whoeverProvesThemselvesAnewGoesOnUnderANewToken(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let house = try await PeopleHouse(world)
            let session = try await house.session("reviewer@staff.example")
            world.clock.advance(seconds: 30)
            let other = try await house.session("reviewer@staff.example")
            world.clock.advance(seconds: 700)
            let secret = Secret(bytes: [UInt8](repeating: 7, count: 20))
            let before = try #require(try await desk.staffSession(of: session)).proved
            await #expect(throws: Refusal.wrongCode(triesLeft: 4)) {
                _ = try await desk.proveAgain(code: "000000", session: session, address: "one")
            }
            let renewed = try await desk.proveAgain(code: house.code(secret), session: session, address: "one")
            #expect(try await desk.staff(of: session) == nil)
            #expect(try #require(try await desk.staffSession(of: renewed)).proved > before)
            #expect(
                try await desk.staffSessions(of: world.reviewer, own: renewed).map(\.isOwn).filter { $0 }.count == 1)
            try await desk.changePassword(to: "other", of: world.reviewer, session: renewed)
            #expect(try await desk.staff(of: other) == nil)
            #expect(try await desk.staff(of: renewed) != nil)
            let new = try desk.newAuthenticator(for: world.reviewer)
            await #expect(throws: Refusal.notFound) {
                try await desk.changeAuthenticator(
                    to: Authenticator(secret: secret, mark: new.mark), code: house.code(secret), of: world.reviewer,
                    session: renewed)
            }
            try await desk.changeAuthenticator(
                to: new, code: house.code(new.secret), of: world.reviewer, session: renewed)
            try await desk.signOutEverywhere(world.reviewer)
            #expect(try await desk.staff(of: renewed) == nil)
            #expect(try await desk.verify() == [])
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func aStolenSessionEndsAfterFiveWrongProofs(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let session = try await PeopleHouse(world).session("reviewer@staff.example")
            for left in [4, 3, 2, 1] as [Int64] {
                await #expect(throws: Refusal.wrongCode(triesLeft: left)) {
                    _ = try await desk.proveAgain(code: "000000", session: session, address: "one")
                }
                world.clock.advance(seconds: 10)
            }
            await #expect(throws: Refusal.codeExpired) {
                _ = try await desk.proveAgain(code: "000000", session: session, address: "one")
            }
            #expect(try await desk.staff(of: session) == nil)
        }
    }
}
