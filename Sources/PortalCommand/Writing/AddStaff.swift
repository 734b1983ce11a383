import Foundation
import RefundDesk
import RefundDomain
import Vault

/// `staff add`: the password is the input, or is made up and shown; the one-time-code secret is shown once.
struct AddStaff: Sendable, Codable, Equatable {
    /// 120 bits in base32.
    private static var madeUpBytes: Int { 15 }

    private struct Answer: Encodable {
        let email: String
        let role: String
        let password: String?
        let oneTimeSecret: String
        let otpauth: String

        enum CodingKeys: String, CodingKey {
            case email, role, password, otpauth
            case oneTimeSecret = "one_time_secret"
        }
    }

    let email: String
    let role: String
    let merchant: String?
    let asJSON: Bool

    func run(_ office: Office, _ input: CommandInput, _ report: CommandReport) async throws {
        guard let role = Role(rawValue: role) else {
            throw CommandFailure(.badData, "\(role) is no role.")
        }
        let given = try password(input, office.passwordRules)
        let password = try given ?? Base32.encode(Random.bytes(Self.madeUpBytes)).lowercased()
        let secret = try OneTimeCode.newSecret()
        try await office.desk.addStaff(
            email: email, role: role, merchantCode: merchant,
            passwordHash: try await office.passwords.hash(Secret(password)), secret: secret.bytes)
        let answer = Answer(
            email: email, role: role.rawValue, password: given == nil ? password : nil,
            oneTimeSecret: Base32.encode(secret.bytes),
            otpauth: OneTimeCode.standard.uri(secret: secret, issuer: "Refund Portal", account: email))
        report(.output(asJSON ? try JSONText.document(answer) : try text(answer)))
    }

    /// The first line of the input; nil when there is none.
    private func password(_ input: CommandInput, _ rules: PasswordRules) throws -> String? {
        let bytes = try input.all(bytesMax: Password.bytesMax)
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw CommandFailure(.badData, "The password on standard input is not UTF-8.")
        }
        let line = text.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
        guard !line.isEmpty else { return nil }
        if let fault = rules.fault(of: line, email: email) { throw CommandFailure(.badData, sentence(fault)) }
        return line
    }

    private func sentence(_ fault: PasswordFault) -> String {
        switch fault {
        case .tooShort: "The password needs \(PasswordRules.charactersMin) characters or more."
        case .tooLong: "The password may have \(PasswordRules.bytesMax) bytes at most."
        case .common: "The password is one that everybody tries first. Choose another."
        case .name: "The password has the name of the address in it. Choose another."
        }
    }

    private func text(_ answer: Answer) throws -> String {
        var lines = ["\(answer.email) added as \(answer.role)"]
        if let password = answer.password { lines.append("password: \(password)") }
        lines.append("one-time-code secret, shown only now: \(answer.oneTimeSecret)")
        lines.append(answer.otpauth)
        lines.append(try QRText.picture(of: answer.otpauth))
        return lines.joined(separator: "\n") + "\n"
    }
}
