import RefundDesk
import RefundDomain
import Web
import Words

/// The form that names an account for money that could not go back to where it came from.
struct OwnDestinationView: View {
    static let template = "cardholder/case-destination"
    static let sample = OwnDestinationView(
        frame: .sample, problems: .sample, back: "/cases/x", named: "您在 11 月 24 日填过一次", amount: "¥50.00",
        action: "/cases/x/destination", version: "4", account: .sample, bank: .sample, holder: .sample,
        file: .sample)

    let frame: Frame
    let problems: Problems?
    let back: String
    /// When one was named before; the new one takes its place.
    let named: String?
    let amount: String
    let action: String
    let version: String
    let account: TextField
    let bank: TextField
    let holder: TextField
    let file: FileField
}

extension OwnDestinationView {
    /// What was typed and did not fit; the account number is not kept on the page.
    struct Typed: Sendable {
        var bank: String?
        var holder: String?
        var fault: FormFault?
    }

    init(_ wording: CaseWording, typed: Typed = Typed(), frame: Frame) {
        let owned = wording.owned
        let phrases = wording.phrases
        let waiting = wording.money.live.last { $0.state == .returned || $0.state == .needsPayeeAction }
        self.frame = frame
        problems = Problems(typed.fault, phrases)
        back = Paths.cases(owned.number)
        named = owned.destinationNamed.map {
            wording.text("destination.named", ["date": wording.dates.day($0)])
        }
        amount = waiting?.gross.text ?? wording.amount.text
        action = Paths.cases(owned.number, .destination)
        version = String(owned.version)
        account = TextField(
            "account", label: wording.text("account"), hint: wording.text("account.hint"),
            problem: typed.fault?.text("account", phrases), inputMode: "numeric")
        bank = TextField(
            "bank", label: wording.text("account-bank"), hint: wording.text("account-bank.hint"),
            problem: typed.fault?.text("bank", phrases), value: typed.bank)
        holder = TextField(
            "holder", label: wording.text("holder"), hint: wording.text("holder.hint"),
            problem: typed.fault?.text("holder", phrases), value: typed.holder, autocomplete: "name")
        file = FileField(typed.fault, phrases)
    }

    static var words: [String] {
        let fields = ["account", "bank", "holder"].flatMap { field in
            ["missing", "unreadable", "too-long"].map { "\(field).\($0)" }
        }
        return
            (fields + [
                "account", "account.hint", "account-bank", "account-bank.hint", "holder", "holder.hint",
                "destination.named",
            ]).map { "\(CaseWording.prefix).\($0)" }
    }
}
