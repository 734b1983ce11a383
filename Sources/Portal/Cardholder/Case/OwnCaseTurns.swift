import RefundDesk
import RefundDomain
import Web
import Words

/// What the owner of a case can do once it is decided or its money is on the way.
extension OwnCaseView {
    /// Something that has a page of its own.
    struct Turn: Sendable {
        let title: String
        let text: String
        let href: String
        let label: String
        static let sample = Turn(
            title: "换一个人再看", text: "12 月 22 日前可以申请", href: "/cases/x/appeal", label: "申请复核")
    }

    /// Whether the money came.
    struct Arrival: Sendable {
        let title: String
        let sentence: String
        let version: String
        /// Where it is said that it came; nil before the bank has confirmed it.
        let arrived: String?
        let date: TextField
        /// Where it is said that it did not; nil while that is being looked into.
        let notArrived: String?
        /// The page that compares amounts; nil before the bank has confirmed one, and while that is looked into.
        let wrongAmount: String?
        static let sample = Arrival(
            title: "钱到账了吗？", sentence: "银行说已经退出", version: "4", arrived: "/cases/x/arrived", date: .sample,
            notArrived: "/cases/x/not-arrived", wrongAmount: "/cases/x/wrong-amount")
    }

    /// What has to be done now and has a page of its own: naming an account, or asking for another look at a no.
    static func turn(_ wording: CaseWording) -> Turn? {
        let owned = wording.owned
        guard owned.needsDestination else { return owned.state == .declined ? appeal(wording) : nil }
        return Turn(
            title: wording.text("turn.destination"), text: wording.text("turn.destination.text"),
            href: Paths.cases(owned.number, .destination),
            label: wording.text(owned.destinationNamed == nil ? "turn.destination.link" : "turn.destination.again"))
    }

    /// What can be done besides: where a part was agreed to, its money comes first.
    static func besides(_ wording: CaseWording) -> Turn? {
        wording.owned.state == .declined ? nil : appeal(wording)
    }

    private static func appeal(_ wording: CaseWording) -> Turn? {
        let owned = wording.owned
        guard owned.canBeAppealed, let until = owned.appealUntil else { return nil }
        let key = owned.state == .declined ? "turn.appeal" : "turn.appeal.part"
        return Turn(
            title: wording.text(key), text: wording.text("\(key).text", ["date": wording.dates.day(until)]),
            href: Paths.cases(owned.number, .appeal), label: wording.text("turn.appeal.link"))
    }

    /// Asked from the bank's word on, and before it when the money takes longer than usual.
    static func arrival(_ wording: CaseWording, _ version: String, _ typed: Typed) -> Arrival? {
        let owned = wording.owned
        let states = wording.money.live.map(\.state)
        let isConfirmed = owned.state != .closed && states.contains(.succeeded)
        let isLate = wording.status == .late && states.contains(.atBank)
        guard isConfirmed || isLate || wording.money.confirmed.minor > 0 else { return nil }
        let number = owned.number
        return Arrival(
            title: wording.text(isConfirmed || isLate ? "arrival" : "arrival.problem"),
            sentence: sentence(wording, isConfirmed: isConfirmed, isLate: isLate), version: version,
            arrived: isConfirmed ? Paths.cases(number, .arrived) : nil,
            date: TextField(
                "date", label: wording.text("arrival.date"), problem: typed.fault?.text("date", wording.phrases),
                value: typed.date, type: "date", width: "input--short", isOptional: true),
            notArrived: (isConfirmed || isLate) && !owned.isOpen(.notArrived) ? Paths.cases(number, .notArrived) : nil,
            wrongAmount: mayComplainOfAmount(wording) ? Paths.cases(number, .wrongAmount) : nil)
    }

    /// Whether the bank has confirmed an amount and nobody is looking into it already.
    static func mayComplainOfAmount(_ wording: CaseWording) -> Bool {
        wording.money.confirmed.minor > 0 && !wording.owned.isOpen(.wrongAmount)
    }

    private static func sentence(_ wording: CaseWording, isConfirmed: Bool, isLate: Bool) -> String {
        if isLate { return wording.text("arrival.late") }
        guard isConfirmed else {
            return wording.text(wording.money.arrived.minor > 0 ? "arrival.after" : "arrival.closed")
        }
        guard let expected = wording.money.live.last(where: { $0.state == .succeeded })?.expected else {
            return wording.text("arrival.soon")
        }
        return wording.text("arrival.confirmed", ["date": wording.dates.day(expected.latest)])
    }
}

extension OwnCase {
    /// Whether there is anything that only the proved owner can do.
    var hasOwnersActs: Bool {
        canBeWithdrawn || canBeAppealed || needsDestination || state == .counterOffered || money.confirmed.minor > 0
    }
}
