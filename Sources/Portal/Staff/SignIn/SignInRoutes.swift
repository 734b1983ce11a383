import HTTPTypes
import Hummingbird
import RefundDesk
import Vault
import Web
import Words

/// Signing in with password and one-time code, and out again.
///
/// A wrong password, an unknown address and an account of somebody who left get the same answer after the same work.
struct SignInRoutes: Sendable {
    let parts: PortalParts

    static var keys: [String] { ["label", "hint", "missing"].map { "staff.recovery-code.\($0)" } }

    func add(to routes: some RouterMethods<PortalContext>) {
        routes.get(RouterPath(Paths.staffSignIn), use: show)
        routes.post(RouterPath(Paths.staffSignIn), use: submit)
        routes.get(RouterPath(Paths.staffCode), use: showCode)
        routes.post(RouterPath(Paths.staffCode), use: submitCode)
        routes.get(RouterPath(Paths.staffRecovery), use: showRecovery)
        routes.post(RouterPath(Paths.staffRecovery), use: submitRecovery)
        routes.post(RouterPath(Paths.staffSignOut), use: signOut)
    }

    func show(_ request: Request, _ context: PortalContext) async throws -> Response {
        let destination = Destination(try FormFields.query(request).text(Destination.field))
        if let token = context.staffToken, let member = try await parts.desk.staff(of: token) {
            return Pages.redirect(to: (destination ?? .home(of: member.role)).address)
        }
        return try page(nil, email: nil, destination, request, context)
    }

    func submit(_ request: Request, _ context: PortalContext) async throws -> Response {
        let fields = try await FormFields.read(request)
        let destination = Destination(fields.text(Destination.field))
        guard let email = fields.text("email"), let password = fields.typed("password"), !password.isEmpty else {
            let missing = ["email", "password"].filter { (fields.typed($0) ?? "").isEmpty }
            let fault = FormFault(missing.map { Web.FieldFault($0, "staff.sign-in.\($0).missing") })
            return try page(fault, email: fields.typed("email"), destination, request, context)
        }
        guard let token = try await session(email: email, password: Secret(password), context) else {
            let fault = FormFault([Web.FieldFault("email", "staff.sign-in.wrong")])
            return try page(fault, email: fields.typed("email"), destination, request, context)
        }
        return going(to: SignInAddress.code(backTo: destination), with: token)
    }

    func showCode(_ request: Request, _ context: PortalContext) async throws -> Response {
        let destination = Destination(try FormFields.query(request).text(Destination.field))
        guard context.staffToken != nil else {
            return Pages.redirect(to: SignInAddress.address(backTo: destination))
        }
        return try codePage(nil, destination, request, context)
    }

    func submitCode(_ request: Request, _ context: PortalContext) async throws -> Response {
        let fields = try await FormFields.read(request)
        let destination = Destination(fields.text(Destination.field))
        guard let waiting = context.staffToken else {
            return Pages.redirect(to: SignInAddress.address(backTo: destination))
        }
        guard let code = fields.text("code") else {
            return try codePage(
                FormFault([Web.FieldFault("code", "staff.code.missing")]), destination, request, context)
        }
        do {
            let token = try await parts.desk.proveStaffCode(
                code, session: waiting, address: context.countingKey)
            let member = try await parts.desk.staff(of: token)
            let home = member.map { Destination.home(of: $0.role).address } ?? Paths.staffSignIn
            return going(to: destination?.address ?? home, with: token)
        } catch let refusal as Refusal {
            guard let fault = refusal.onForm("staff") else { throw refusal }
            return try codePage(fault, destination, request, context)
        }
    }

    func showRecovery(_ request: Request, _ context: PortalContext) async throws -> Response {
        let destination = Destination(try FormFields.query(request).text(Destination.field))
        guard context.staffToken != nil else {
            return Pages.redirect(to: SignInAddress.address(backTo: destination))
        }
        return try recoveryPage(nil, destination, request, context)
    }

    /// Leads to the account, which says how many codes are left.
    func submitRecovery(_ request: Request, _ context: PortalContext) async throws -> Response {
        let fields = try await FormFields.read(request)
        let destination = Destination(fields.text(Destination.field))
        guard let waiting = context.staffToken else {
            return Pages.redirect(to: SignInAddress.address(backTo: destination))
        }
        guard let code = fields.text("code") else {
            return try recoveryPage(
                FormFault([Web.FieldFault("code", "staff.recovery-code.missing")]), destination, request, context)
        }
        do {
            let token = try await parts.desk.proveRecoveryCode(
                code, session: waiting, address: context.countingKey)
            return going(to: AccountPage.address(saying: .recoveryUsed), with: token)
        } catch let refusal as Refusal {
            guard let fault = refusal.onForm("staff") else { throw refusal }
            return try recoveryPage(fault, destination, request, context)
        }
    }

    func signOut(_ request: Request, _ context: PortalContext) async throws -> Response {
        if let token = context.staffToken { try await parts.desk.signOut(session: token) }
        var response = Pages.redirect(to: Paths.staffSignIn)
        parts.cookies.remove(Sessions.staffCookie, sameSite: .strict, on: &response)
        QueueMemory(cookies: parts.cookies).forget(on: &response)
        // Pages of this session must not come back from the browser's cache (W3C Clear Site Data).
        response.headers[named: "Clear-Site-Data"] = "\"cache\", \"storage\""
        return response
    }

    /// The token of the session that waits for its code; nil when the two do not belong together.
    private func session(email: String, password: Secret, _ context: PortalContext) async throws -> String? {
        let known = try await parts.desk.staffCredentials(email: email, address: context.countingKey)
        switch try await parts.verdict(password, known?.passwordHash) {
        case .matches:
            guard let known else { return nil }
            return try await parts.desk.passwordProved(known)
        case .matchesRehash:
            guard let known else { return nil }
            try await parts.desk.rehashed(try await parts.hashed(password), of: known.member)
            return try await parts.desk.passwordProved(known)
        case .wrong: return nil
        }
    }

    private func going(to address: String, with token: String) -> Response {
        var response = Pages.redirect(to: address)
        parts.cookies.set(Sessions.staffCookie, to: token, sameSite: .strict, on: &response)
        return response
    }

    private func page(
        _ fault: FormFault?, email: String?, _ destination: Destination?, _ request: Request, _ context: PortalContext
    ) throws -> Response {
        let view = SignInView(
            frame: parts.frame(request, context), email: email, destination: destination, fault: fault,
            parts.phrases(context))
        return try parts.pages.html(
            view, status: fault == nil ? .ok : .unprocessableContent, to: request, in: context.language)
    }

    private func recoveryPage(
        _ fault: FormFault?, _ destination: Destination?, _ request: Request, _ context: PortalContext
    ) throws -> Response {
        let view = SignInRecoveryView(
            frame: parts.frame(request, context), destination: destination, fault: fault, parts.phrases(context))
        return try parts.pages.html(
            view, status: fault == nil ? .ok : .unprocessableContent, to: request, in: context.language)
    }

    private func codePage(
        _ fault: FormFault?, _ destination: Destination?, _ request: Request, _ context: PortalContext
    ) throws -> Response {
        let view = SignInCodeView(
            frame: parts.frame(request, context), destination: destination, fault: fault, parts.phrases(context))
        return try parts.pages.html(
            view, status: fault == nil ? .ok : .unprocessableContent, to: request, in: context.language)
    }
}
