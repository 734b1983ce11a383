import AsyncHTTPClient
import Channels
import Foundation
import Hummingbird
import Logging
import Messages
import NIOCore
import Portal
import Proofs
import RefundDesk
import RefundDomain
import ServiceLifecycle
import Storage
import StoragePostgres
import StorageSQLite
import Vault
import Web
import Words

/// Everything that `serve` and the demo run in one process, until a signal ends it.
struct Server: Sendable {
    private let settings: Settings
    private let database: OpenDatabase
    private let store: WatchedStore
    private let office: Office
    private let proofs: OpenProofStore
    private let parts: PortalParts
    private let writer: MessageWriter
    private let calendar: CalendarWatch
    private let keys: KeyWatch
    /// nil where the listener speaks in clear.
    private let tls: TLSWatch?
    private let logger: Logger

    /// Opens the database for writing and checks everything that could stop the start.
    ///
    /// - Parameters:
    ///   - demo: what only the demo has.
    ///   - hurry: divides waiting times; 1 outside the demo.
    /// - Throws: ``CommandFailure`` while another process writes the database, when its path is too long for a
    ///   socket, or when the program's own files are missing or wrong; ``StoreFault``.
    init(_ settings: Settings, demo: DemoParts? = nil, hurry: Int64 = 1) async throws {
        self.settings = settings
        logger = Logger(label: "portal")
        // Before the database: a mistake in a file is found without opening anything.
        tls = try settings.tls.map { [logger] files in try TLSWatch(files, clock: systemClock, logger: logger) }
        database = try await OpenDatabase.serving(settings.database)
        store = WatchedStore(database.store)
        office = try await Office(store, settings, hurry: hurry)
        calendar = CalendarWatch(logger: logger, outlook: office.desk.calendarOutlook)
        keys = KeyWatch(logger: logger, clock: office.desk.clock) { [desk = office.desk] in
            try await ChannelKeys.list(desk)
        }
        let (pages, assets) = try Self.pages()
        writer = MessageWriter(vocabulary: pages.vocabulary)
        let issuers = try IssuersFile.read(try ResourceFolder.find().path("reference/issuers/cn.json"))
        // Last: whoever throws after it would have to close it.
        proofs = OpenProofStore(settings.proofStore)
        parts = PortalParts(
            desk: office.desk, pages: pages, assets: assets, origin: settings.origin, proxies: settings.trustedProxies,
            passwords: office.passwords, passwordRules: office.passwordRules, proofStore: proofs.store,
            scansUploads: settings.scanner != nil,
            issuers: issuers, demo: demo, ticks: systemTicks)
    }

    /// The desk that the server works with.
    var desk: Desk { office.desk }

    /// Serves until SIGTERM or SIGINT; requests that are under way are answered first.
    ///
    /// - Parameters:
    ///   - others: what runs beside the pages and the worker.
    ///   - whenReady: called once people can come.
    func run(beside others: [any Service] = [], whenReady: @escaping @Sendable () -> Void = {}) async throws {
        let addresses = "LISTEN (\(settings.listen.text)) or ADMIN_LISTEN (\(settings.adminListen.text))"
        try await open(addresses) { channels in
            let portal = try Portal(parts, channels: channels)
            var application = ServerLimits().application(
                router: portal.router(), address: .hostname(settings.listen.host, port: settings.listen.port),
                logger: logger, tls: tls?.listener, proxies: settings.trustedProxies,
                lastAnswers: try portal.lastAnswers(), onServerRunning: { _ in whenReady() })
            if let tls { application.addServices(tls) }
            let watch = HealthWatch([databasePart, proofStorePart] + scannerParts, logger: logger)
            application.addServices(
                try attendant(), watch, calendar, keys, health(watch, draws: settings.worker == .on))
            if settings.worker == .on { application.addServices(try await courier(channels), examinationRoom) }
            application.addServices(others)
            try await application.runService()
        }
    }

    /// Does the background work alone until SIGTERM or SIGINT, without pages.
    func work() async throws {
        try await open("ADMIN_LISTEN (\(settings.adminListen.text))") { channels in
            let watch = HealthWatch([databasePart, proofStorePart] + scannerParts, logger: logger)
            var application = health(watch, draws: true)
            application.addServices(
                try attendant(), watch, calendar, keys, try await courier(channels), examinationRoom)
            try await application.runService()
        }
    }

    /// Runs what needs the channels, and closes everything after it.
    ///
    /// - Parameter addresses: where the work listens, as settings.
    private func open(_ addresses: String, _ work: (ChannelBook) async throws -> Void) async throws {
        warn()
        let client = HTTPClient(configuration: HTTPExchange.configuration)
        let result = await Result { try await work(ChannelBook.over(client, clock: desk.clock)) }
        try await client.shutdown()
        try await proofs.close()
        try database.close()
        do {
            try result.get()
        } catch let fault as IOError {
            throw CommandFailure(
                .cannotCreate,
                "\(addresses) cannot be listened on: \(fault). Each process on a machine needs addresses of its own.")
        }
    }

    /// The worker.
    private func courier(_ channels: ChannelBook) async throws -> Courier {
        // The writer's lock of a file is ours alone: whoever held a claim before is gone.
        if case .sqlite = database { try await desk.freeLeases() }
        let sender: any MessageSender = try settings.messageDirectory.map { try MessageFolder(folder: $0) } ?? NoPost()
        return Courier(
            desk: desk, book: channels, writer: writer, sender: sender, publicURL: settings.origin.text, logger: logger)
    }

    /// Looks into uploaded files.
    private var examinationRoom: ExaminationRoom {
        let examiner = ProofExaminer(store: proofs.store, scanner: settings.scanner.map { ClamScanner($0) })
        return ExaminationRoom(desk: desk, examiner: examiner, logger: logger)
    }

    /// What the engine needs beside the work: a file has one process that writes for all, a server tells all what was
    /// written.
    private func attendant() throws -> any Service {
        switch database {
        case .postgres(let store): NewsService(news: store.news)
        case .sqlite(_, let path):
            CommandServer<WriteCommand>(path: try SocketPath(databasePath: path), logger: logger) {
                await office.perform($0, $1, $2)
            }
        }
    }

    /// - Parameter draws: whether this process looks into uploads.
    private func health(_ watch: HealthWatch, draws: Bool) -> Application<RouterResponder<BasicRequestContext>> {
        let library: HealthRoutes.Library? =
            switch database {
            case .sqlite: .init(version: SQLiteStore.libraryVersion, hasWALResetBug: SQLiteStore.hasWALResetBug)
            case .postgres: nil
            }
        return ServerLimits().application(
            router: HealthRoutes(
                watch: watch, calendar: calendar, keys: keys, tls: tls, library: library, draws: draws
            ).router(),
            address: .hostname(settings.adminListen.host, port: settings.adminListen.port), logger: logger)
    }

    private var databasePart: HealthWatch.Part {
        HealthWatch.Part(name: HealthRoutes.database) {
            try await Migrator(deskMigrations).requireCurrent(store)
            if case .postgres(let server) = database { try await server.check(now: desk.clock().milliseconds) }
            try store.requireWriting()
        }
    }

    private var proofStorePart: HealthWatch.Part {
        HealthWatch.Part(name: HealthRoutes.proofStore, rest: .seconds(10)) { try await proofs.store.check() }
    }

    /// A scanner that is silent keeps uploads back, and nothing else.
    private var scannerParts: [HealthWatch.Part] {
        guard let address = settings.scanner else { return [] }
        return [
            HealthWatch.Part(name: HealthRoutes.scanner, rest: .seconds(10)) {
                if let obstacle = await ClamScanner(address).obstacle() { throw ScannerFault(reason: obstacle) }
            }
        ]
    }

    private func warn() {
        if settings.worker == .on, let words = DrawingState.warning {
            logger.warning("uploads are not drawn as they should be", metadata: ["reason": "\(words)"])
        }
        if case .sqlite = database, SQLiteStore.hasWALResetBug {
            logger.warning(
                "this SQLite can damage a file that two processes write; the lock keeps others out",
                metadata: ["version": "\(SQLiteStore.libraryVersion)"])
        }
        let files = OpenFiles.raiseLimit()
        if files < OpenFiles.needed {
            logger.warning(
                "the system lets this process have few files and connections open",
                metadata: ["allowed": "\(files)", "needed": "\(OpenFiles.needed)"])
        }
        if settings.messageDirectory == nil {
            logger.warning("MESSAGE_DIR is not set: no code and no message reaches anybody")
        }
    }

    private static func pages() throws -> (Pages, Assets) {
        let folder = try ResourceFolder.find()
        let assets = try Assets.load(folder: folder.path("Public"))
        let vocabulary = try Vocabulary.load(folder: folder.path("templates/words"))
        let templates = try Templates.load(
            folder: folder.path("templates"), vocabulary: vocabulary, assetAddress: assets.address)
        return (Pages(templates: templates, vocabulary: vocabulary), assets)
    }
}

/// Microseconds that never go back, for measuring.
let systemTicks: @Sendable () -> Int64 = {
    var now = timespec()
    clock_gettime(CLOCK_MONOTONIC, &now)
    return Int64(now.tv_sec) * 1_000_000 + Int64(now.tv_nsec) / 1000
}

/// Stands for the missing post: messages wait until there is one.
private struct NoPost: MessageSender {
    func send(_ message: Message) async throws {
        throw MessageFault.noPost
    }
}

extension ChannelBook {
    /// The clients of all channels over one HTTP client.
    static func over(_ client: HTTPClient, clock: @escaping @Sendable () -> Moment) -> ChannelBook {
        ChannelBook(
            exchange: HTTPExchange(client: client).send, clock: clock, nonce: { Hex.encode(try Random.bytes(16)) })
    }
}
