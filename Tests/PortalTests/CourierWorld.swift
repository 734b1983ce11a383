import Channels
import Foundation
import Hummingbird
import HummingbirdTesting
import Logging
import Messages
import RefundDesk
import RefundDomain
import SandboxBank
import TestSupport
import Words

@testable import Portal

/// A desk, a courier, the sandbox bank and a door for its notices, all over real HTTP; only the clock is held.
struct CourierWorld: Sendable {
    let desk: Desk
    /// Another server's desk on the same database.
    let other: Desk
    let world: DeskWorld
    let bank: SandboxFixture
    let publicURL: String
    let writer: MessageWriter

    static func run(
        _ engine: EngineUnderTest = .sqlite, _ body: @escaping @Sendable (CourierWorld) async throws -> Void
    ) async throws {
        let vocabulary = try Vocabulary.load(folder: "\(RepositoryFolder.path)/templates/words")
        try await withTwoDesks(engine) { desk, other, world in
            try await SandboxFixture.run(clock: world.clock) { bank in
                try await desk.changeChannelSettings(accountID: world.accountID, to: bank.settings)
                let router = Router(context: PortalContext.self)
                CallbackRoutes(desk: desk, book: bank.book).add(to: router)
                try await Application(router: router).test(.live) { client in
                    try await body(
                        CourierWorld(
                            desk: desk, other: other, world: world, bank: bank,
                            publicURL: "http://localhost:\(client.port ?? 0)",
                            writer: MessageWriter(vocabulary: vocabulary)))
                }
            }
        }
    }

    /// A courier whose calls and messages go the usual way, or another one.
    func courier(
        _ book: ChannelBook? = nil, desk: Desk? = nil, sender: any MessageSender = Wastebasket()
    ) -> Courier {
        Courier(
            desk: desk ?? self.desk, book: book ?? bank.book, writer: writer, sender: sender, publicURL: publicURL,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    /// Works, moving the clock on to what is due next, until a movement is in a state; at most 40 times.
    func work(_ courier: Courier, on number: CaseNumber, until wanted: Movement.State) async throws {
        for _ in 0..<40 {
            while await courier.workOnce() {}
            if try await world.movementState(number) == wanted { return }
            try await skipToNextJob()
        }
    }

    /// Moves the clock on to what is due next.
    func skipToNextJob() async throws {
        guard let due = try await world.nextJobDue() else { return }
        world.clock.advance(seconds: max(due.seconds - world.clock.now.seconds + 1, 1))
    }

    /// Waits until a movement is in a state, for at most a minute; what is waited for comes over the line by itself.
    func waits(for wanted: Movement.State, _ number: CaseNumber) async throws -> Bool {
        for _ in 0..<3_000 {
            if try await world.movementState(number) == wanted { return true }
            try await Task.sleep(for: .milliseconds(20))
        }
        return false
    }
}

/// Takes messages and forgets them.
struct Wastebasket: MessageSender {
    func send(_ message: Message) async throws {}
}
