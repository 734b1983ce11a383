import RefundDesk
import RefundDomain

/// `terminal add`.
struct AddTerminal: Sendable, Codable, Equatable {
    let number: String
    let merchant: String
    let family: String
    let store: String?

    func run(_ office: Office, _ report: CommandReport) async throws {
        guard let family = TerminalFamily(rawValue: family) else {
            throw CommandFailure(.badData, "\(family) is no family of terminals.")
        }
        try await office.desk.addTerminal(number: number, merchantCode: merchant, family: family, storeName: store)
        report(.output("terminal \(number) added\n"))
    }
}
