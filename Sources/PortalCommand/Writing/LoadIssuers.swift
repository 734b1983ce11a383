import Foundation
import RefundDesk
import RefundDomain

/// `issuers load`: the file's list is the input, and is stored whole or not at all.
struct LoadIssuers: Sendable, Codable, Equatable {
    /// A list of all banks stays far below this.
    private static var fileBytesMax: Int { 4 * 1024 * 1024 }

    private struct Answer: Encodable {
        let prefixes: Int
        let banks: Int
        let change: String
    }

    /// What the file is called in messages.
    let file: String
    let asJSON: Bool

    func run(_ office: Office, _ input: CommandInput, _ report: CommandReport) async throws {
        let data = Data(try input.all(bytesMax: Self.fileBytesMax))
        do {
            let issuers = try CardIssuersFile.parse(data, name: file)
            let isNew = try await office.desk.loadIssuers(issuers)
            let answer = Answer(
                prefixes: issuers.prefixes.count, banks: Set(issuers.prefixes.map(\.bank)).count,
                change: isNew ? "loaded" : "unchanged")
            let text = "prefixes \(answer.prefixes), banks \(answer.banks), \(answer.change)\n"
            report(.output(asJSON ? try JSONText.document(answer) : text))
        } catch let fault as CardIssuersFile.Fault {
            throw CommandFailure(
                .badData, "\(fault). Nothing was loaded; reference/issuers/cn-cards.json shows the form.")
        }
    }
}
