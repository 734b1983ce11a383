import RefundDesk
import RefundDomain

/// `merchant add`.
struct AddMerchant: Sendable, Codable, Equatable {
    let code: String
    let name: String
    let nameEnglish: String?
    let zone: String
    let currency: String

    func run(_ office: Office, _ report: CommandReport) async throws {
        guard let currency = Currency(code: currency) else {
            throw CommandFailure(.badData, "\(currency) is no currency that this portal knows.")
        }
        try await office.desk.addMerchant(
            code: code, name: name, nameEnglish: nameEnglish, zone: zone, currency: currency)
        report(.output("merchant \(code) added\n"))
    }
}
