import Foundation
import RefundDesk
import RefundDomain

/// `capability load`: the file's rows are the input, and are stored whole or not at all.
struct LoadCapabilities: Sendable, Codable, Equatable {
    /// A file of the most rows stays below this.
    private static var fileBytesMax: Int { 2 * 1024 * 1024 }

    private struct Answer: Encodable {
        let rows: Int
        let channels: [String]
        let change: String
    }

    /// What the file is called in messages.
    let file: String
    let asJSON: Bool

    func run(_ office: Office, _ input: CommandInput, _ report: CommandReport) async throws {
        let data = Data(try input.all(bytesMax: Self.fileBytesMax))
        do {
            let capabilities = try CapabilitiesFile.parse(data, name: file)
            let isNew = try await office.desk.loadCapabilities(capabilities)
            let answer = Answer(
                rows: capabilities.rows.count,
                channels: Set(capabilities.rows.map(\.scope.channel.rawValue)).sorted(),
                change: isNew ? "loaded" : "unchanged")
            let text =
                "rows \(answer.rows), channels \(answer.channels.joined(separator: " ")), \(answer.change)\n"
            report(.output(asJSON ? try JSONText.document(answer) : text))
        } catch let fault as CapabilitiesFile.Fault {
            throw CommandFailure(.badData, "\(fault). Nothing was loaded; reference/capabilities.tsv shows the form.")
        }
    }
}
