import Channels
import Foundation
import Hummingbird
import HummingbirdTesting
import Logging
public import Portal
import Proofs
public import RefundDesk
import RefundDomain
import Storage
public import Vault
import Web
import Words

/// The whole portal on a real database file with the real templates, a clock that stands still and no network.
public struct PortalUnderTest: Sendable {
    /// The desk behind the portal, for arranging and for looking.
    public let desk: Desk
    /// The clock of the desk and of everything else.
    public let clock: TestClock
    /// A temporary folder that ends with the test.
    public let folder: String
    /// Hashes passwords at the smallest cost.
    public let passwords: PasswordWorkshop
    /// The database, which fails when a test asks for it.
    public let store: TroubledStore
    /// Where it listens on the loopback; nil for a portal that is asked without a network.
    public let port: Int?
    private let client: any TestClientProtocol

    /// The origin that the portal takes forms from.
    public static let origin = "http://localhost"

    init(
        desk: Desk, clock: TestClock, folder: String, passwords: PasswordWorkshop, store: TroubledStore,
        client: any TestClientProtocol
    ) {
        port = client.port
        self.desk = desk
        self.clock = clock
        self.folder = folder
        self.passwords = passwords
        self.store = store
        self.client = client
    }

    /// A browser without any cookies that prefers a language.
    public func browser(_ acceptLanguage: String = "zh-CN") -> Browser {
        Browser(client: client, acceptLanguage: acceptLanguage)
    }

    /// A browser that adds more fields than a form has to every form, each with the value 1.
    public func browser(adding names: [String]) -> Browser {
        Browser(client: client, acceptLanguage: "zh-CN", additions: names.map { "\($0)=1" }.joined(separator: "&"))
    }

    /// Takes every message that is due out of the outbox, oldest first, as if it had been sent.
    public func takeMessages() async throws -> [OutgoingMessage] {
        var messages: [OutgoingMessage] = []
        while let job = try await desk.claimJob() {
            guard job.kind == .sendMessage, let message = try await desk.outgoingMessage(job) else { continue }
            try await desk.messageSent(job)
            messages.append(message)
        }
        return messages
    }

    /// The code in the newest message that has one.
    public func takeCode() async throws -> String? {
        try await takeMessages().reversed().lazy.compactMap { $0.values["code"] }.first
    }
}

/// How a test speaks to the portal.
public enum PortalWiring: Sendable {
    /// Straight to the routes.
    case routes
    /// Over HTTP, through the listener as a server starts it.
    case network(LiveLimits = LiveLimits())

    var limits: LiveLimits {
        switch self {
        case .routes: LiveLimits()
        case .network(let limits): limits
        }
    }
}

/// Runs `body` with a portal that has the sample merchant, and removes everything afterwards.
///
/// - Parameter record: where the portal's statements are written down.
@discardableResult
public func withPortal<T: Sendable>(
    _ wiring: PortalWiring = .routes, on engine: EngineUnderTest = .sqlite, record: StatementRecord? = nil,
    _ body: @Sendable (PortalUnderTest) async throws -> T
) async throws -> T {
    try await withTemporaryFolder { folder in
        try await withStore(engine) { plainStore in
            let clock = TestClock()
            _ = try await Migrator(deskMigrations).migrate(plainStore, now: clock.now.milliseconds)
            let store = TroubledStore(record.map { RecordingStore(plainStore, $0) } ?? plainStore)
            let keys = Keys(try KeyFile.generate())
            let days = try WorkingDaysFile.read(folder: "\(RepositoryFolder.path)/reference/working-days")
            let windows = try ArrivalWindowsFile.read("\(RepositoryFolder.path)/reference/arrival-windows.json")
            let desk = Desk(
                store: store, keys: keys, clock: { clock.now }, workingDays: days, arrivalWindows: windows,
                policy: Policy.standard.undoing(within: 0), leaseClock: .desk)
            try await Samples.addMerchant(desk)
            let cost = PasswordCost(checkedLogN: 4, r: 8, p: 1) ?? .standard
            let passwords = PasswordWorkshop(Password(pepper: keys.pepper, cost: cost))
            let portal = try Portal(
                parts(
                    desk: desk, clock: clock, passwords: passwords,
                    proofStore: FileProofStore(folder: folder + "/proofs"), live: wiring.limits),
                channels: ChannelBook(
                    exchange: { _ in throw ExchangeFault.notSent("no network in this test") }, clock: { clock.now },
                    nonce: { "nonce" }))
            let test: @Sendable (any TestClientProtocol) async throws -> T = { client in
                try await body(
                    PortalUnderTest(
                        desk: desk, clock: clock, folder: folder, passwords: passwords, store: store, client: client))
            }
            switch wiring {
            case .routes: return try await Application(router: portal.router()).test(.router, test)
            case .network:
                let application = ServerLimits().application(
                    router: portal.router(), address: .hostname("127.0.0.1", port: 0), logger: Logger(label: "portal"))
                return try await application.test(.live, test)
            }
        }
    }
}

/// The portal's parts from the repository's own templates, words and assets.
private func parts(
    desk: Desk, clock: TestClock, passwords: PasswordWorkshop, proofStore: any ProofStore,
    live: LiveLimits
) throws -> PortalParts {
    let pages = try RepositoryFolder.pages.get()
    guard let origin = WebOrigin(PortalUnderTest.origin) else { throw RequestFault.malformed }
    return PortalParts(
        desk: desk, pages: pages.pages, assets: pages.assets, origin: origin, proxies: TrustedProxies([]),
        passwords: passwords,
        passwordRules: try PasswordRules.read("\(RepositoryFolder.path)/reference/passwords/common.txt"),
        proofStore: proofStore,
        issuers: try IssuersFile.read("\(RepositoryFolder.path)/reference/issuers/cn.json"), live: live,
        ticks: { clock.now.milliseconds * 1000 })
}

/// This repository's files, for tests that use the real ones.
public enum RepositoryFolder {
    /// The folder that holds `Package.swift`.
    public static let path = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path

    /// Templates and assets, read once for all tests.
    static let pages = Result {
        let assets = try Assets.load(folder: "\(path)/Public")
        let vocabulary = try Vocabulary.load(folder: "\(path)/templates/words")
        let templates = try Templates.load(
            folder: "\(path)/templates", vocabulary: vocabulary, assetAddress: assets.address)
        return (pages: Pages(templates: templates, vocabulary: vocabulary), assets: assets)
    }
}
