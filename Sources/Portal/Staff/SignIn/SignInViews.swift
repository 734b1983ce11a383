import Web
import Words

/// The first page of signing in: address and password.
struct SignInView: View {
    static let template = "staff/sign-in"
    static let sample = SignInView(
        frame: .sample, problems: .sample, email: .sample, password: .sample, destination: "/merchant/queue")

    let frame: Frame
    let problems: Problems?
    let email: TextField
    let password: TextField
    /// Where to go afterwards.
    let destination: String?
}

extension SignInView {
    init(frame: Frame, email typed: String?, destination: Destination?, fault: FormFault?, _ phrases: Phrases) {
        self.frame = frame
        problems = Problems(fault, phrases)
        email = TextField(
            "email", label: phrases.text("staff.sign-in.email"), problem: fault?.text("email", phrases), value: typed,
            type: "email", inputMode: "email", autocomplete: "username")
        password = TextField(
            "password", label: phrases.text("staff.sign-in.password"), problem: fault?.text("password", phrases),
            type: "password", autocomplete: "current-password")
        self.destination = destination?.address
    }
}

/// The second page of signing in: the code that the authenticator shows.
struct SignInCodeView: View {
    static let template = "staff/sign-in-code"
    static let sample = SignInCodeView(
        frame: .sample, problems: .sample, code: .sample, destination: "/merchant/queue", again: "/staff/sign-in",
        recovery: "/staff/sign-in/recovery")

    let frame: Frame
    let problems: Problems?
    let code: TextField
    let destination: String?
    /// The address that starts over.
    let again: String
    /// For those without their authenticator.
    let recovery: String
}

extension SignInCodeView {
    init(frame: Frame, destination: Destination?, fault: FormFault?, _ phrases: Phrases) {
        self.frame = frame
        problems = Problems(fault, phrases)
        code = TextField(
            "code", label: phrases.text("staff.code.label"), hint: phrases.text("staff.code.hint"),
            problem: fault?.text("code", phrases), inputMode: "numeric", autocomplete: "one-time-code",
            width: "input--code")
        self.destination = destination?.address
        again = SignInAddress.address(backTo: destination)
        recovery = SignInAddress.recovery(backTo: destination)
    }
}

/// The same for those without their authenticator: one of the codes that they wrote down.
struct SignInRecoveryView: View {
    static let template = "staff/sign-in-recovery"
    static let sample = SignInRecoveryView(
        frame: .sample, problems: .sample, code: .sample, destination: "/merchant/queue", back: "/staff/sign-in/code")

    let frame: Frame
    let problems: Problems?
    let code: TextField
    let destination: String?
    let back: String
}

extension SignInRecoveryView {
    init(frame: Frame, destination: Destination?, fault: FormFault?, _ phrases: Phrases) {
        self.frame = frame
        problems = Problems(fault, phrases)
        code = TextField(
            "code", label: phrases.text("staff.recovery-code.label"), hint: phrases.text("staff.recovery-code.hint"),
            problem: fault?.text("code", phrases))
        self.destination = destination?.address
        back = SignInAddress.code(backTo: destination)
    }
}

/// What somebody sees whose role has no pages yet.
struct StaffHomeView: View {
    static let template = "staff/home"
    static let sample = StaffHomeView(frame: .sample)

    let frame: StaffFrame
}
