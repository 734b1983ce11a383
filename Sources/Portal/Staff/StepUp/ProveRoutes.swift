import HTTPTypes
import Hummingbird
import RefundDesk
import Vault
import Web
import Words

/// Where somebody proves anew who they are; what they were about to send goes on from here by itself.
struct ProveRoutes: Sendable {
    let parts: PortalParts

    static var keys: [String] {
        ["password", "password.missing", "password.wrong"].map { "staff.prove.\($0)" }
    }

    func add(to routes: some RouterMethods<PortalContext>) {
        routes.post(RouterPath(Paths.staffProve), use: prove)
    }

    @Sendable func prove(_ request: Request, _ context: PortalContext) async throws -> Response {
        let fields = try await FormFields.read(request)
        guard let to = fields.text(ProvePage.toField), let need = StepUp.need(to), Destination.isOurs(to),
            let token = context.staffToken, let member = context.staff
        else { throw RequestFault.notFound }
        let page = ProvePage(parts: parts, request: request, context: context)
        do {
            if need == .passwordAndCode {
                try await requirePassword(fields.typed(ProvePage.passwordField), member, context)
            }
            guard let code = fields.text(ProvePage.codeField) else {
                throw FormFault([Web.FieldFault(ProvePage.codeField, "staff.code.missing")])
            }
            let renewed = try await parts.desk.proveAgain(
                code: code, session: token, address: context.countingKey)
            return goingOn(to: to, with: renewed)
        } catch let fault as FormFault {
            return try page.page(need, to: to, fields, fault)
        } catch Refusal.wrongCode(let left) {
            let fault = Web.FieldFault(ProvePage.codeField, "staff.code.wrong", ["left": String(left)])
            return try page.page(need, to: to, fields, FormFault([fault]))
        } catch Refusal.codeExpired {
            return Pages.redirect(to: SignInAddress.address(backTo: Destination(form: to)))
        }
    }

    private func requirePassword(_ typed: String?, _ member: StaffMember, _ context: PortalContext) async throws {
        guard let typed, !typed.isEmpty else {
            throw FormFault([Web.FieldFault(ProvePage.passwordField, "staff.prove.password.missing")])
        }
        guard try await parts.isPassword(typed, of: member, address: context.countingKey) else {
            throw FormFault([Web.FieldFault(ProvePage.passwordField, "staff.prove.password.wrong")])
        }
    }

    /// 307: the browser sends the same form again, to where it was going (RFC 9110, 15.4.8).
    private func goingOn(to address: String, with token: String) -> Response {
        var response = Response(status: .temporaryRedirect)
        response.headers[.location] = address
        parts.cookies.set(Sessions.staffCookie, to: token, sameSite: .strict, on: &response)
        return response
    }
}

extension PortalParts {
    /// Whether a typed password is a person's own; a wrong one counts as one at the sign-in does.
    func isPassword(_ typed: String, of member: StaffMember, address: String) async throws -> Bool {
        let known = try await desk.staffCredentials(of: member, address: address)
        switch try await verdict(Secret(typed), known?.passwordHash) {
        case .matches, .matchesRehash:
            guard let known else { return false }
            try await desk.takeBack(known)
            return true
        case .wrong: return false
        }
    }
}

/// The page that asks somebody to prove anew who they are.
struct ProvePage {
    static let toField = "prove_to"
    static let codeField = "prove_code"
    static let passwordField = "prove_password"

    let parts: PortalParts
    let request: Request
    let context: PortalContext

    func page(_ need: StepUp, to: String, _ fields: FormFields, _ fault: FormFault?) throws -> Response {
        let phrases = parts.phrases(context)
        let own: Set = [ProvePage.toField, ProvePage.codeField, ProvePage.passwordField]
        let password = TextField(
            ProvePage.passwordField, label: phrases.text("staff.prove.password"),
            problem: fault?.text(ProvePage.passwordField, phrases), type: "password", autocomplete: "current-password")
        let view = ProveView(
            frame: parts.frame(request, context), problems: Problems(fault, phrases),
            hidden: fields.pairs.filter { !own.contains($0.name) }
                .map { ProveView.Hidden(name: $0.name, value: $0.value) }, to: to,
            password: need == .passwordAndCode ? password : nil,
            code: TextField(
                ProvePage.codeField, label: phrases.text("staff.code.label"), hint: phrases.text("staff.code.hint"),
                problem: fault?.text(ProvePage.codeField, phrases), inputMode: "numeric",
                autocomplete: "one-time-code", width: "input--code"))
        return try parts.pages.html(view, status: .unprocessableContent, to: request, in: context.language)
    }
}

/// Asks for a one-time code, and for the password where it is about people, before a form goes on.
struct ProveView: View {
    static let template = "staff/prove"
    static let sample = ProveView(
        frame: .sample, problems: .sample, hidden: [Hidden(name: "version", value: "3")],
        to: "/merchant/cases/RF-7K3M-Q9TX-D/second", password: .sample, code: .sample)

    struct Hidden: Sendable, Hashable {
        let name: String
        let value: String
    }

    let frame: Frame
    let problems: Problems?
    /// What the form brought, to be sent on.
    let hidden: [Hidden]
    let to: String
    let password: TextField?
    let code: TextField
}
