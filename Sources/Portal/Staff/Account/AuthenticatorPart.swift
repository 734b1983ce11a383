import RefundDesk
import Vault
import Web
import Words

/// What an authenticator app takes: a picture, the same as an address, and the secret for typing.
struct AuthenticatorPart: Sendable, Hashable {
    /// In groups of four.
    let secret: String
    let address: String
    let qr: String?
    let box: String?

    static let sample = AuthenticatorPart(
        secret: "GEZD GNBV", address: "otpauth://totp/a", qr: "M4 4h1v1h-1z", box: "0 0 41 41")
}

extension AuthenticatorPart {
    init(_ secret: Secret, email: String, _ phrases: Phrases) {
        let letters = Array(Base32.encode(secret.bytes))
        self.secret = stride(from: 0, to: letters.count, by: 4)
            .map { String(letters.dropFirst($0).prefix(4)) }.joined(separator: " ")
        address = OneTimeCode.standard.uri(secret: secret, issuer: phrases.text("layout.portal"), account: email)
        let picture = QRPath(address)
        qr = picture?.path
        box = picture?.box
    }
}

/// Codes that are shown once.
struct RecoveryCodesView: View {
    static let template = "staff/recovery-codes"
    static let sample = RecoveryCodesView(
        frame: .sample, codes: ["7K3M-Q9TX-40ZV-8HJC"], next: "/merchant/queue")

    let frame: Frame
    let codes: [String]
    /// Where to go on to.
    let next: String
}

/// A password that somebody chooses.
struct NewPassword {
    static let field = "new_password"
    static let keys =
        PasswordFault.allCases.map { "staff.password.\($0.rawValue)" } + [
            "staff.password.new", "staff.password.hint", "staff.password.missing",
        ]

    /// The password of a form.
    ///
    /// - Throws: ``FormFault`` for one that is missing or does not fit the rules.
    static func read(
        _ fields: FormFields, _ rules: PasswordRules, email: String
    ) throws(FormFault) -> Secret {
        guard let typed = fields.typed(field), !typed.isEmpty else {
            throw FormFault([Web.FieldFault(field, "staff.password.missing")])
        }
        if let fault = rules.fault(of: typed, email: email) {
            throw FormFault([
                Web.FieldFault(
                    field, "staff.password.\(fault.rawValue)", ["least": String(PasswordRules.charactersMin)])
            ])
        }
        return Secret(typed)
    }

    static func textField(_ fault: FormFault?, _ phrases: Phrases) -> TextField {
        TextField(
            field, label: phrases.text("staff.password.new"),
            hint: phrases.text("staff.password.hint", ["least": String(PasswordRules.charactersMin)]),
            problem: fault?.text(field, phrases), type: "password", autocomplete: "new-password")
    }
}
