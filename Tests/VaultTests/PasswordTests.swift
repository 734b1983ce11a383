import Foundation
import Synchronization
import Testing

@testable import Vault

struct PasswordTests {
    private let cheap: Password
    private let dearer: Password

    init() throws {
        cheap = Password(pepper: Secret("pepper"), cost: try #require(PasswordCost(checkedLogN: 4, r: 1, p: 1)))
        dearer = Password(pepper: Secret("pepper"), cost: try #require(PasswordCost(checkedLogN: 5, r: 1, p: 1)))
    }

    @Test func theRightPasswordMatchesAndNoOtherDoes() throws {
        let stored = try cheap.hash(Secret("correct horse"))
        #expect(try cheap.verify(Secret("correct horse"), against: stored) == .matches)
        for wrong in ["", "correct hors", "correct horse ", "Correct horse"] {
            #expect(try cheap.verify(Secret(wrong), against: stored) == .wrong)
        }
        #expect(try cheap.verify(Secret("correct horse"), against: nil) == .wrong)
    }

    @Test func theStandardCostIsTheOneAgreed() throws {
        let password = Password(pepper: Secret("pepper"))
        let stored = try password.hash(Secret("correct horse"))
        #expect(stored.hasPrefix("$scrypt$ln=15,r=8,p=3,keyid="))
        #expect(try password.verify(Secret("correct horse"), against: stored) == .matches)
        #expect(!stored.contains("horse"))
    }

    @Test func aHashOfAnotherCostMatchesAndWantsRenewal() throws {
        let stored = try cheap.hash(Secret("correct horse"))
        #expect(try dearer.verify(Secret("correct horse"), against: stored) == .matchesRehash)
        #expect(try dearer.verify(Secret("wrong"), against: stored) == .wrong)
    }

    @Test func withoutThePepperAStolenHashIsUseless() throws {
        let stored = try cheap.hash(Secret("correct horse"))
        let stranger = Password(pepper: Secret("other"), cost: try #require(PasswordCost(checkedLogN: 4, r: 1, p: 1)))
        #expect(throws: VaultFault.self) { try stranger.verify(Secret("correct horse"), against: stored) }
    }

    @Test func keyboardsThatSendOtherFormsOfACharacterAgree() throws {
        let stored = try cheap.hash(Secret("caf\u{e9}"))
        #expect(try cheap.verify(Secret("cafe\u{301}"), against: stored) == .matches)
    }

    @Test func damagedStoredTextsAreFaults() throws {
        let good = try cheap.hash(Secret("x"))
        let texts = [
            "", "$", "$scrypt$", "scrypt" + good, good + "A", good + "$", String(good.dropLast(4)),
            good.replacing("ln=4", with: "ln=40"), good.replacing("ln=4", with: "ln=-4"),
            good.replacing("r=1", with: "r=999999999"), good.replacing("$scrypt", with: "$argon2id"),
        ]
        for text in texts {
            #expect(throws: VaultFault.damaged, "\(text)") { try cheap.verify(Secret("x"), against: text) }
        }
    }

    @Test func theWorkshopHashesAndVerifies() async throws {
        let workshop = PasswordWorkshop(cheap)
        let stored = try await workshop.hash(Secret("correct horse"))
        #expect(try await workshop.verify(Secret("correct horse"), against: stored) == .matches)
        #expect(try await workshop.verify(Secret("wrong"), against: stored) == .wrong)
        await #expect(throws: VaultFault.damaged) { try await workshop.verify(Secret("x"), against: "") }
    }

    @Test func theWorkshopRunsTwoAtOnceAndRefusesALongLine() async throws {
        let workshop = PasswordWorkshop(cheap)
        let places = PasswordWorkshop.runningMax + PasswordWorkshop.waitingMax
        let gate = DispatchSemaphore(value: 0)
        let tally = Tally()
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for _ in 0...places {
                group.addTask {
                    do throws(VaultFault) {
                        return try await workshop.inLine {
                            tally.enter()
                            gate.wait()
                            tally.leave()
                            return true
                        }
                    } catch {
                        #expect(error == .busy)
                        // One caller too many was refused: let everyone else finish.
                        for _ in 0..<places { gate.signal() }
                        return false
                    }
                }
            }
            let served = try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            #expect(served == places)
        }
        #expect(tally.most <= PasswordWorkshop.runningMax)
        #expect(try await workshop.inLine { true })
    }
}

/// Counts how many are inside at once.
private final class Tally: Sendable {
    private let counts = Mutex((now: 0, most: 0))

    var most: Int { counts.withLock { $0.most } }

    func enter() {
        counts.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1)) }
    }

    func leave() {
        counts.withLock { $0.now -= 1 }
    }
}
