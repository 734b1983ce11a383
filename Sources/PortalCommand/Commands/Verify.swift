import ArgumentParser
import Foundation
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

    @Option(help: "What `record heads` printed earlier; may be given more than once.")
    var heads: [String] = []

    @Flag(help: "One JSON document.")
    var json = false

    func run() async throws {
        let kept = try await kept()
        let faults = try await Office.reading(try await options.load()) { office in
            do { return try await office.desk.verify(against: kept) } catch let unusable as RecordHeads.Unusable {
                throw CommandFailure(.badData, sentence(unusable))
            }
        }
        let items = faults.map { Item(check: $0.check, object: $0.object, detail: $0.detail) }
        Terminal().report(.output(try text(items)))
        if !items.isEmpty { throw ExitCode.found }
    }

    private func kept() async throws -> [String] {
        var texts: [String] = []
        for path in heads {
            let input = try await CommandSource.path(path).taken(folder: FileManager.default.temporaryDirectory.path)
            texts.append(String(decoding: try input.all(bytesMax: RecordHeads.bytesMax), as: UTF8.self))
        }
        return texts
    }

    private func sentence(_ unusable: RecordHeads.Unusable) -> String {
        switch unusable {
        case .unreadable: "A file of --heads is not whole, or not what `record heads` printed."
        case .notOurs: "A file of --heads was changed, or KEYS_FILE is not the one it was made with."
        }
    }

    private func text(_ items: [Item]) throws -> String {
        if json { return try JSONText.document(Answer(ok: items.isEmpty, faults: items)) }
        if items.isEmpty { return "Everything holds.\n" }
        return items.map { "\($0.check)\t\($0.object)\t\($0.detail)\n" }.joined()
    }
}
