import ArgumentParser
import RefundDesk

/// `refund-portal verify`.
struct Verify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Recompute the audit chain, the ledger and every invariant.",
        discussion: "Only reads, beside a running server too. Exit code 1 and a list where something does not hold.")

    private struct Answer: Encodable {
        let ok: Bool
        let faults: [Item]
    }

    private struct Item: Encodable {
        let check: String
        let object: String
        let detail: String
    }

    @OptionGroup var options: SettingsOptions

    @Flag(help: "One JSON document.")
    var json = false

    func run() async throws {
        let faults = try await Office.reading(try await options.load()) { try await $0.desk.verify() }
        let items = faults.map { Item(check: $0.check, object: $0.object, detail: $0.detail) }
        Terminal().report(.output(try text(items)))
        if !items.isEmpty { throw ExitCode.found }
    }

    private func text(_ items: [Item]) throws -> String {
        if json { return try JSONText.document(Answer(ok: items.isEmpty, faults: items)) }
        if items.isEmpty { return "Everything holds.\n" }
        return items.map { "\($0.check)\t\($0.object)\t\($0.detail)\n" }.joined()
    }
}
