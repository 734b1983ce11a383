import ArgumentParser
import Foundation
import Logging
import Messages
import Portal
import RefundDomain
import SandboxBank
import Vault

/// `refund-portal demo`.
struct Demo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run everything in one process, with sample data and a sandbox bank, to try it out.",
        discussion: """
            Listens on loopback only: the portal at PORT, health at PORT+1, the bank at PORT+2. Starting it again keeps
            the data; deleting its folder starts over.
            """)

    @Option(help: "The portal's port.")
    var port = 8080

    @Option(help: "The folder of everything it keeps.")
    var data = "demo"

    func validate() throws {
        guard (1...65_533).contains(port) else { throw ValidationError("The port must be 1 to 65533.") }
    }

    func run() async throws {
        let folder = URL(fileURLWithPath: data).standardizedFileURL.path
        let settings = try await DemoSettings(port: port, folder: folder).load()
        let logger = Logger(label: "demo")
        let counter = try BankCounter(
            folder: "\(folder)/bank", clock: { systemClock().milliseconds }, random: { try Random.bytes($0) })
        let house = DemoHouse(settings: settings, folder: folder, bankPort: port + 2, counter: counter)
        try await house.prepare()
        let people = DemoCast.people.map {
            DemoParts.Person(email: $0.email, password: $0.password, secret: Secret(bytes: $0.secret))
        }
        let server = try await Server(
            settings, demo: DemoParts(messages: try MessageFolder(folder: "\(folder)/messages"), people: people),
            hurry: DemoHouse.hurry)
        let banner = DemoBanner(settings: settings, folder: data).text
        try await server.run(beside: [SandboxServer(counter: counter, port: port + 2, logger: logger)]) {
            Terminal().report(.output(banner))
        }
    }
}
