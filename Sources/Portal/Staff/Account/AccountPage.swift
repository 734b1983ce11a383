import HTTPTypes
import Hummingbird
import RefundDesk
import RefundDomain
import Vault
import Web
import Words

/// Makes the pages of one's own account.
struct AccountPage {
    static let saidField = "said"

    /// What a form came to, told on the page that it leads to.
    enum Said: String, CaseIterable {
        case password
        case authenticator
        case recoveryUsed = "recovery-used"

        init?(_ text: String) {
            self.init(rawValue: text)
        }
    }

    static func address(saying said: Said) -> String { "\(Paths.staffAccount)?\(saidField)=\(said.rawValue)" }

    static var keys: [String] {
        Said.allCases.map { "staff.account.said.\($0.rawValue)" } + news.map { "staff.account.news.\($0)" } + [
            "staff.account.old-password", "staff.account.codes-left", "staff.account.no-codes", "staff.account.own",
            "staff.account.began", "staff.account.seen",
        ]
    }

    /// The entries of the record that one sees of one's own account.
    private static let news: Set<String> = [
        "staff.added", "staff.joined", "staff.began-anew", "staff.signed-in", "staff.role-changed", "staff.shut-out",
        "staff.let-in", "staff.password-changed", "staff.authenticator-changed", "staff.recovery-renewed",
        "staff.recovery-used", "staff.signed-out-everywhere", "staff.sign-in-waits", "staff.sign-in-tried",
    ]

    let parts: PortalParts
    let request: Request
    let context: StaffContext
    private let phrases: Phrases

    init(_ parts: PortalParts, _ request: Request, _ context: StaffContext) {
        self.parts = parts
        self.request = request
        self.context = context
        phrases = parts.phrases(context)
    }

    func show(_ fault: FormFault? = nil, said: Said? = nil) async throws -> Response {
        let person = try await parts.person(context.member)
        let account = try await parts.desk.staffAccount(of: context.member)
        let sessions = try await parts.desk.staffSessions(of: context.member, own: context.token)
        let clock = StaffClock(person.zone, now: parts.desk.clock(), phrases)
        let left = ["left": String(account.recoveryLeft)]
        let view = AccountView(
            frame: person.frame(phrases, switching: Paths.staffAccount, .none), problems: Problems(fault, phrases),
            said: said.map { phrases.text("staff.account.said.\($0.rawValue)", left) }, email: account.email,
            role: phrases.text("staff.role.\(context.member.role.rawValue)"),
            oldPassword: TextField(
                "old_password", label: phrases.text("staff.account.old-password"),
                problem: fault?.text("old_password", phrases), type: "password", autocomplete: "current-password"),
            newPassword: NewPassword.textField(fault, phrases),
            codes: account.recoveryLeft == 0
                ? phrases.text("staff.account.no-codes") : phrases.text("staff.account.codes-left", left),
            sessions: sessions.map { line in
                AccountView.Session(
                    began: phrases.text("staff.account.began", ["time": clock.time(line.began)]),
                    seen: phrases.text("staff.account.seen", ["time": clock.time(line.lastSeen)]),
                    own: line.isOwn ? phrases.text("staff.account.own") : nil)
            },
            news: account.news.filter { AccountPage.news.contains($0.what) }.map { entry in
                AccountView.News(text: phrases.text("staff.account.news.\(entry.what)"), when: clock.time(entry.at))
            })
        return try parts.pages.html(
            view, status: fault == nil ? .ok : .unprocessableContent, to: request, in: context.language)
    }

    func authenticator(_ new: Authenticator, _ fault: FormFault?) async throws -> Response {
        let person = try await parts.person(context.member)
        let view = AuthenticatorView(
            frame: person.frame(phrases, switching: AccountRoutes.authenticator, .none),
            problems: Problems(fault, phrases), secret: Base32.encode(new.secret.bytes), mark: new.mark,
            authenticator: AuthenticatorPart(new.secret, email: person.email, phrases),
            code: TextField(
                "code", label: phrases.text("staff.code.label"), hint: phrases.text("staff.code.hint"),
                problem: fault?.text("code", phrases), inputMode: "numeric", autocomplete: "one-time-code",
                width: "input--code"))
        return try parts.pages.html(
            view, status: fault == nil ? .ok : .unprocessableContent, to: request, in: context.language)
    }
}

/// One's own account.
struct AccountView: View {
    static let template = "staff/account"
    static let sample = AccountView(
        frame: .sample, problems: .sample, said: "密码已经换好。", email: "lin@example.com", role: "审核员",
        oldPassword: .sample, newPassword: .sample, codes: "还剩 9 个", sessions: [.sample], news: [.sample])

    struct Session: Sendable, Hashable {
        let began: String
        let seen: String
        let own: String?

        static let sample = Session(began: "11 月 22 日 10:15 登录", seen: "最近使用 10:20", own: "就是这里")
    }

    struct News: Sendable, Hashable {
        let text: String
        let when: String

        static let sample = News(text: "您登录了", when: "11 月 22 日 10:15")
    }

    let frame: StaffFrame
    let problems: Problems?
    let said: String?
    let email: String
    let role: String
    let oldPassword: TextField
    let newPassword: TextField
    let codes: String
    let sessions: [Session]
    let news: [News]
}

/// A new authenticator in place of the old one.
struct AuthenticatorView: View {
    static let template = "staff/authenticator"
    static let sample = AuthenticatorView(
        frame: .sample, problems: .sample, secret: "GEZDGNBV", mark: "ab", authenticator: .sample, code: .sample)

    let frame: StaffFrame
    let problems: Problems?
    let secret: String
    let mark: String
    let authenticator: AuthenticatorPart
    let code: TextField
}
