import HTTPTypes
import Hummingbird
import RefundDesk
import RefundDomain
import Vault
import Web
import Words

/// One's own account: password, authenticator, recovery codes, and where one is signed in.
struct AccountRoutes: Sendable {
    let parts: PortalParts

    static let password = "\(Paths.staffAccount)/password"
    static let authenticator = "\(Paths.staffAccount)/authenticator"
    static let recovery = "\(Paths.staffAccount)/recovery-codes"
    static let signOut = "\(Paths.staffAccount)/sign-out"

    /// The forms that change what proves a person.
    static let forms = [password, authenticator, recovery]

    func add(to routes: some RouterMethods<StaffContext>) {
        routes.get(RouterPath(Paths.staffAccount)) { request, context in
            let said = try FormFields.query(request).text(AccountPage.saidField).flatMap { AccountPage.Said($0) }
            return try await AccountPage(parts, request, context).show(said: said)
        }
        routes.post(RouterPath(Self.password), use: changePassword)
        routes.get(RouterPath(Self.authenticator)) { request, context in
            let new = try parts.desk.newAuthenticator(for: context.member)
            return try await AccountPage(parts, request, context).authenticator(new, nil)
        }
        routes.post(RouterPath(Self.authenticator), use: changeAuthenticator)
        routes.post(RouterPath(Self.recovery), use: renewRecovery)
        routes.post(RouterPath(Self.signOut), use: signOutEverywhere)
    }

    private func changePassword(_ request: Request, _ context: StaffContext) async throws -> Response {
        let fields = try await FormFields.read(request)
        let page = AccountPage(parts, request, context)
        do {
            let account = try await parts.desk.staffAccount(of: context.member)
            guard let old = fields.typed("old_password"), !old.isEmpty else {
                throw FormFault([Web.FieldFault("old_password", "staff.prove.password.missing")])
            }
            let new = try NewPassword.read(fields, parts.passwordRules, email: account.email)
            let address = context.clientAddress?.countingKey ?? "unknown"
            guard try await parts.isPassword(old, of: context.member, address: address) else {
                throw FormFault([Web.FieldFault("old_password", "staff.prove.password.wrong")])
            }
            try await parts.desk.changePassword(
                to: try await parts.hashed(new), of: context.member, session: context.token)
            return Pages.redirect(to: AccountPage.address(saying: .password))
        } catch let fault as FormFault {
            return try await page.show(fault)
        }
    }

    private func changeAuthenticator(_ request: Request, _ context: StaffContext) async throws -> Response {
        let fields = try await FormFields.read(request)
        guard let secret = fields.text("secret").flatMap({ Base32.decode($0) }),
            secret.count == OneTimeCode.secretBytes, let mark = fields.text("mark")
        else { throw RequestFault.malformed }
        let new = Authenticator(secret: Secret(bytes: secret), mark: mark)
        let page = AccountPage(parts, request, context)
        guard let code = fields.text("code") else {
            return try await page.authenticator(
                new, FormFault([Web.FieldFault("code", "staff.join.code.missing")]))
        }
        do {
            try await parts.desk.changeAuthenticator(
                to: new, code: code, of: context.member, session: context.token)
            return Pages.redirect(to: AccountPage.address(saying: .authenticator))
        } catch Refusal.field {
            return try await page.authenticator(new, FormFault([Web.FieldFault("code", "staff.join.code.wrong")]))
        }
    }

    /// Answered by the page itself: the codes are kept nowhere, so that no other page can show them.
    private func renewRecovery(_ request: Request, _ context: StaffContext) async throws -> Response {
        let codes = try await parts.desk.renewRecoveryCodes(of: context.member)
        let phrases = parts.phrases(context)
        let frame = Frame(
            brand: phrases.text("layout.portal"),
            switchAddress: "\(Paths.staffAccount)?\(LanguageChoice.name)=\(phrases.language.other.rawValue)")
        let view = RecoveryCodesView(frame: frame, codes: codes, next: Paths.staffAccount)
        return try parts.pages.html(view, to: request, in: context.language)
    }

    private func signOutEverywhere(_ request: Request, _ context: StaffContext) async throws -> Response {
        try await parts.desk.signOutEverywhere(context.member)
        return Pages.redirect(to: Paths.staffSignIn)
    }
}
