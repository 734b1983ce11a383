import HTTPTypes
import Hummingbird
import RefundDesk
import RefundDomain
import Web
import Words

/// The way in by the link of an invitation: a password, an authenticator, recovery codes, and one is there.
///
/// A link that ran out, was used, taken back or never made gets the same page.
struct JoinRoutes: Sendable {
    let parts: PortalParts

    static var keys: [String] {
        ["title.invite", "title.reset", "lead.invite", "lead.reset", "code.missing", "code.wrong", "taken"]
            .map { "staff.join.\($0)" }
    }

    func add(to routes: some RouterMethods<PortalContext>) {
        routes.get(RouterPath(Paths.staffJoin("{token}")), use: show)
        routes.post(RouterPath(Paths.staffJoin("{token}")), use: join)
    }

    @Sendable func show(_ request: Request, _ context: PortalContext) async throws -> Response {
        guard let link = context.parameters.get("token"), let open = try await parts.desk.invitation(link: link) else {
            return try over(request, context)
        }
        return try page(open, link, nil, request, context)
    }

    @Sendable func join(_ request: Request, _ context: PortalContext) async throws -> Response {
        let fields = try await FormFields.read(request)
        guard let link = context.parameters.get("token"), let open = try await parts.desk.invitation(link: link) else {
            return try over(request, context)
        }
        do {
            let password = try NewPassword.read(fields, parts.passwordRules, email: open.email)
            guard let code = fields.text("code") else {
                throw FormFault([Web.FieldFault("code", "staff.join.code.missing")])
            }
            let joined = try await parts.desk.join(
                link: link, passwordHash: try await parts.hashed(password), code: code)
            // The one form that is answered by a page: the codes are kept nowhere, so that no other page can show them.
            let view = RecoveryCodesView(
                frame: parts.frame(request, context), codes: joined.recoveryCodes,
                next: Destination.home(of: joined.member.role).address)
            var response = try parts.pages.html(view, to: request, in: context.language)
            parts.cookies.set(Sessions.staffCookie, to: joined.session, sameSite: .strict, on: &response)
            return response
        } catch let fault as FormFault {
            return try page(open, link, fault, request, context)
        } catch Refusal.field {
            return try page(
                open, link, FormFault([Web.FieldFault("code", "staff.join.code.wrong")]), request, context)
        } catch Refusal.alreadyThere {
            return try page(
                open, link, FormFault([Web.FieldFault(NewPassword.field, "staff.join.taken")]), request, context)
        } catch Refusal.notFound {
            return try over(request, context)
        }
    }

    private func page(
        _ open: OpenInvitation, _ link: String, _ fault: FormFault?, _ request: Request, _ context: PortalContext
    ) throws -> Response {
        let phrases = parts.phrases(context)
        let house =
            context.language == .en ? open.merchantNameEnglish ?? open.merchantName : open.merchantName
        let kind = open.kind.rawValue
        let view = JoinView(
            frame: parts.frame(request, context, brand: house), problems: Problems(fault, phrases),
            title: phrases.text("staff.join.title.\(kind)"),
            lead: phrases.text(
                "staff.join.lead.\(kind)",
                [
                    "house": house ?? phrases.text("layout.portal"), "email": open.email,
                    "role": phrases.text("staff.role.\(open.role.rawValue)"),
                ]), action: Paths.staffJoin(link), email: open.email,
            password: NewPassword.textField(fault, phrases),
            authenticator: AuthenticatorPart(open.secret, email: open.email, phrases),
            code: TextField(
                "code", label: phrases.text("staff.code.label"), hint: phrases.text("staff.code.hint"),
                problem: fault?.text("code", phrases), inputMode: "numeric", autocomplete: "one-time-code",
                width: "input--code"))
        return try parts.pages.html(
            view, status: fault == nil ? .ok : .unprocessableContent, to: request, in: context.language)
    }

    private func over(_ request: Request, _ context: PortalContext) throws -> Response {
        let view = JoinOverView(frame: parts.frame(request, context))
        return try parts.pages.html(view, status: .notFound, to: request, in: context.language)
    }
}

/// The page that an invitation leads to.
struct JoinView: View {
    static let template = "staff/join"
    static let sample = JoinView(
        frame: .sample, problems: .sample, title: "开始使用", lead: "兰亭百货邀请您。", action: "/staff/join/abc",
        email: "lin@example.com", password: .sample, authenticator: .sample, code: .sample)

    let frame: Frame
    let problems: Problems?
    let title: String
    let lead: String
    let action: String
    /// For password managers, which keep a password by its address.
    let email: String
    let password: TextField
    let authenticator: AuthenticatorPart
    let code: TextField
}

/// A link that leads nowhere any more.
struct JoinOverView: View {
    static let template = "staff/join-over"
    static let sample = JoinOverView(frame: .sample)

    let frame: Frame
}
