import AsyncHTTPClient
import Channels
import Foundation
import Logging
import Messages
import NIOCore
import Portal
import Proofs
import RefundDesk
import RefundDomain
import SandboxBank
import ServiceLifecycle
import Storage
import StorageSQLite
import Vault
import Web
import Words

/// Gets a demo's folder ready: keys, database, cast and scenes on the first start, the bank's address on every start.
struct DemoHouse: Sendable {
    let settings: Settings
    let folder: String
    let bankPort: Int
    let counter: BankCounter

    /// Waiting times of the query plan and of retries are divided by this, so that people see things happen.
    static let hurry: Int64 = 30
    /// How long the sandbox bank takes to settle, and a little more.
    private static let bankSettles: Duration = .milliseconds(2300)

    /// Makes or opens everything; the database is free again afterwards.
    ///
    /// - Throws: ``CommandFailure``, ``StoreFault``, ``DemoFault``.
    func prepare() async throws {
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        if !FileManager.default.fileExists(atPath: settings.keysFile) {
            _ = try KeyFile.create(at: settings.keysFile)
        }
        guard case .taken(let lock) = try WriterLock.take(databasePath: "\(folder)/portal.sqlite") else {
            throw CommandFailure(.tryAgain, "A demo is running on \(folder) already.")
        }
        let store = try SQLiteStore.open(writing: lock)
        let result = await Result { try await furnish(store) }
        try store.close()
        try result.get()
    }

    private func furnish(_ store: SQLiteStore) async throws {
        try await Migrator(deskMigrations).migrate(store, now: systemClock().milliseconds)
        let office = try await Office(store, settings, hurry: DemoHouse.hurry)
        let isNew = try await office.desk.merchants().isEmpty
        if isNew { try await invite(office) }
        try await pointAccounts(office.desk)
        guard isNew else { return }
        Terminal().report(.note("Preparing the demo: merchants, payments from the sample files, cases …"))
        try await withBank { try await tell(office.desk) }
    }

    /// The merchants with their terminals, channel accounts and people, and the payments of their sample files.
    private func invite(_ office: Office) async throws {
        for merchant in DemoCast.merchants {
            try await office.desk.addMerchant(
                code: merchant.code, name: merchant.name, nameEnglish: merchant.nameEnglish, zone: "Asia/Shanghai",
                currency: .cny)
            for terminal in merchant.terminals {
                try await office.desk.addTerminal(
                    number: terminal.number, merchantCode: merchant.code, family: terminal.family, storeName: nil)
            }
            for account in merchant.accounts {
                _ = try await office.desk.addChannelAccount(
                    merchantCode: merchant.code, channel: account.channel, name: account.name,
                    merchantNumber: account.number,
                    settings: try await accountJSON(account.channel, account.name, account.number))
            }
            for file in merchant.files { try await importFile(file, merchant.code, office) }
        }
        for person in DemoCast.people {
            try await office.desk.addStaff(
                email: person.email, role: person.role, merchantCode: person.merchantCode,
                passwordHash: try await office.passwords.hash(Secret(person.password)), secret: person.secret)
        }
    }

    private func importFile(_ name: String, _ merchantCode: String, _ office: Office) async throws {
        let path = try ResourceFolder.find().path("docs/examples/\(name)")
        let command = ImportStatement(
            merchant: merchantCode, format: nil, isDryRun: false, skipsBad: false, asJSON: false)
        let input = try await CommandSource.path(path).taken(folder: folder)
        let code = try await command.run(office, input) { _ in }
        guard code == .done else { throw DemoFault.sampleMissing(name) }
    }

    /// The bank's port may be another one than last time.
    private func pointAccounts(_ desk: Desk) async throws {
        for account in try await desk.channelAccounts() {
            let json = try await accountJSON(account.channel, account.name, account.merchantNumber)
            try await desk.changeChannelSettings(accountID: account.id, to: json)
        }
    }

    /// What the sandbox bank gives its merchants; the bank that people pay by gives nothing.
    private func accountJSON(
        _ channel: RefundDomain.Channel, _ name: String, _ number: String
    ) async throws -> [UInt8] {
        guard let counterChannel = BankChannel(rawValue: channel.rawValue) else {
            let account = ["channel": channel.rawValue, "format": "csv", "bank": name, "merchant_no": number]
            return try Array(JSONEncoder().encode(account))
        }
        return try await counter.accountJSON(
            counterChannel, merchant: number, name: name, baseURL: "http://127.0.0.1:\(bankPort)")
    }

    /// Plays the scenes; money and messages of the past go through the real courier at the time of the scene.
    private func tell(_ desk: Desk) async throws {
        let client = HTTPClient(configuration: HTTPExchange.configuration)
        let result = await Result {
            let book = ChannelBook.over(client, clock: systemClock)
            let words = try Vocabulary.load(folder: try ResourceFolder.find().path("templates/words"))
            let writer = MessageWriter(vocabulary: words)
            let sender = try MessageFolder(folder: "\(folder)/messages")
            let url = settings.origin.text
            let story = DemoStory(
                desk: desk, storeProof: storeProof,
                work: { desk in
                    let courier = Courier(
                        desk: desk, book: book, writer: writer, sender: sender, publicURL: url,
                        logger: Logger(label: "demo"))
                    await courier.workUntilIdle()
                },
                waitForBank: { try await Task.sleep(for: DemoHouse.bankSettles) })
            try await DemoPolicies(story: story).enact(keepers(desk))
            try await story.play(DemoScene.all, people: people(desk))
        }
        try await client.shutdown()
        try result.get()
    }

    private func people(_ desk: Desk) async throws -> [String: DemoPeople] {
        var found: [String: DemoPeople] = [:]
        for merchant in DemoCast.merchants {
            if let reviewer = try await member(.reviewer, of: merchant.code, desk),
                let approver = try await member(.approver, of: merchant.code, desk)
            {
                found[merchant.code] = DemoPeople(reviewer: reviewer, approver: approver)
            }
        }
        return found
    }

    private func member(_ role: Role, of merchantCode: String, _ desk: Desk) async throws -> StaffMember? {
        guard let person = DemoCast.people.first(where: { $0.merchantCode == merchantCode && $0.role == role }) else {
            return nil
        }
        return try await desk.staffMember(email: person.email)
    }

    /// The admins of the merchants by their codes, and the finance desk under no code.
    private func keepers(_ desk: Desk) async throws -> [String: StaffMember] {
        var found: [String: StaffMember] = [:]
        for person in DemoCast.people where person.role.keepsPolicies {
            found[person.merchantCode ?? ""] =
                try await desk.staffMember(email: person.email)
        }
        return found
    }

    @Sendable private func storeProof(_ picture: String) async throws -> NewProof {
        let name = "docs/examples/proof/\(picture).jpg"
        guard let picture = FileManager.default.contents(atPath: try ResourceFolder.find().path(name)) else {
            throw DemoFault.sampleMissing(name)
        }
        let pieces = AsyncStream { continuation in
            continuation.yield(ByteBuffer(bytes: picture))
            continuation.finish()
        }
        let intake = ProofIntake(store: FileProofStore(folder: "\(folder)/proofs"))
        let stored = try await intake.take(pieces)
        return NewProof(
            kind: .receipt, mediaType: stored.mediaType.rawValue, bytes: stored.bytes, sha256: stored.sha256,
            storedName: stored.name.text, fileKey: stored.fileKey.bytes)
    }

    /// Runs the bank while something is done with it.
    private func withBank(_ work: @Sendable @escaping () async throws -> Void) async throws {
        let (running, continuation) = AsyncStream.makeStream(of: Void.self)
        let bank = SandboxServer(counter: counter, port: bankPort, logger: Logger(label: "bank")) { _ in
            continuation.finish()
        }
        let group = ServiceGroup(services: [bank], logger: Logger(label: "bank"))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            for await _ in running {}
            let result = await Result { try await work() }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
            try result.get()
        }
    }
}
