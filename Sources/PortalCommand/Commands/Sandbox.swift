import ArgumentParser
import Foundation
import Logging
import RefundDomain
import SandboxBank
import Vault

/// `refund-portal sandbox`.
struct Sandbox: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run the sandbox bank alone: the other side of the payment channels, for trying things out.",
        discussion: "Listens on loopback only. Its books and keys stay in its folder.")

    @Option(help: "The port on loopback.")
    var port = 8090

    @Option(help: "The folder of its books and keys.")
    var data = "data/bank"

    @Option(help: "Print the JSON of this merchant number's account, as `channel add` takes it, and end.")
    var account: String?

    @Option(help: "With --account: the channel whose account it is.")
    var channel = BankChannel.wechatPay.rawValue

    func validate() throws {
        guard BankChannel(rawValue: channel) != nil else {
            let names = BankChannel.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("The channel must be one of \(names).")
        }
        guard (1...65_535).contains(port) else { throw ValidationError("The port must be 1 to 65535.") }
    }

    func run() async throws {
        LineLogHandler.bootstrap(level: .info, format: .text)
        if let account {
            // Only the keys: the books may be in the hands of a bank that runs.
            let json = try BankKeys.accountJSON(
                BankChannel(rawValue: channel) ?? .wechatPay, folder: data, merchant: account,
                name: "Sandbox \(account)", baseURL: "http://127.0.0.1:\(port)",
                random: { try Random.bytes($0) })
            Terminal().report(.output(String(decoding: json, as: UTF8.self) + "\n"))
            return
        }
        let counter = try BankCounter(
            folder: data, clock: { systemClock().milliseconds }, random: { try Random.bytes($0) })
        try await SandboxServer(counter: counter, port: port, logger: Logger(label: "bank")).run()
    }
}
