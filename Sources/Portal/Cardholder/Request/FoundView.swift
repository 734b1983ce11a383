import RefundDesk
import RefundDomain
import Web
import Words

/// The payment that was found and the most that can be asked for.
///
/// Before the contact is proved it says no more than what was typed: whoever has the slip may not be who paid.
struct FoundView: View {
    static let template = "cardholder/found"
    static let sample = FoundView(frame: .sample, slip: .sample, why: "有一部分已经退回", next: "/request/reason")

    let frame: Frame
    let slip: Slip
    /// Why the most is less than was paid.
    let why: String?
    let next: String

    private init(frame: Frame, slip: Slip, why: String?, next: String) {
        self.frame = frame
        self.slip = slip
        self.why = why
        self.next = next
    }

    init(
        _ draft: Draft, most: Money, by ceiling: Ceiling, onlyWhole: Bool, merchant: String, _ phrases: Phrases,
        frame: Frame
    ) {
        self.frame = frame
        slip = Slip(
            status: phrases.text("cardholder.found.most"), sign: most.currency.sign, figures: most.figures,
            lines: TypedLines.lines(draft, merchant: merchant, phrases), tone: .calm)
        if onlyWhole {
            why = phrases.text("cardholder.found.only-whole")
        } else if ceiling != .left {
            why = phrases.text("\(AmountView.prefix).hint\(ceiling.wordSuffix)", ["most": most.text])
        } else {
            why = draft.payment.isPartlyTaken ? phrases.text("cardholder.found.partly-taken") : nil
        }
        next = draft.nextStep.path
    }

    static var words: [String] {
        ["most", "only-whole", "partly-taken"].map { "cardholder.found.\($0)" } + TypedLines.words
    }
}

/// Why nothing can be asked for here, and what else the person can do.
struct NotAskableView: View {
    static let template = "cardholder/not-askable"
    static let sample = NotAskableView(
        frame: .sample, title: "请联系商户", text: "这笔付款还不能在这里退。", lines: [.init("商户", "山茶书店")], offersTracking: true)

    let frame: Frame
    let title: String
    let text: String
    let lines: [Slip.Line]
    /// Whether there is a request already that can be tracked.
    let offersTracking: Bool

    private init(frame: Frame, title: String, text: String, lines: [Slip.Line], offersTracking: Bool) {
        self.frame = frame
        self.title = title
        self.text = text
        self.lines = lines
        self.offersTracking = offersTracking
    }

    init(_ draft: Draft, _ why: Ineligible, merchant: String, _ phrases: Phrases, frame: Frame) {
        self.frame = frame
        let key = "cardholder.not-askable.\(why.code)"
        var days = draft.able?.windowDays.value
        var most: Money?
        switch why {
        case .merchantWindowPassed: days = draft.policy[.windowDays]
        case .shareReached(let limit), .dayLimitReached(let limit), .wholeAboveLimit(let limit),
            .belowLeast(let limit, _):
            most = limit
        case .nothingLeft, .requestOpen, .windowPassed, .channelNotHere, .accountNotReady, .terminalCannot, .voided,
            .tooManyRefunds, .blocked:
            break
        }
        title = phrases.text("\(key).title")
        text = phrases.text(
            "\(key).text",
            [
                "merchant": merchant, "days": days.map { String($0) } ?? "", "most": most?.text ?? "",
            ])
        lines = TypedLines.lines(draft, merchant: merchant, phrases)
        switch why {
        case .requestOpen: offersTracking = true
        case .nothingLeft, .windowPassed, .channelNotHere, .accountNotReady, .terminalCannot, .voided,
            .tooManyRefunds, .blocked, .merchantWindowPassed, .shareReached, .dayLimitReached, .wholeAboveLimit,
            .belowLeast:
            offersTracking = false
        }
    }

    static var words: [String] {
        [
            "nothing-left", "request-open", "window-passed", "channel-not-here", "account-not-ready",
            "terminal-cannot", "voided", "too-many-refunds", "blocked", "merchant-window-passed", "share-reached",
            "day-limit-reached", "whole-above-limit", "below-least",
        ].flatMap { ["cardholder.not-askable.\($0).title", "cardholder.not-askable.\($0).text"] }
    }
}

/// What the person typed at the look-up, as lines of a slip.
enum TypedLines {
    private static let fields = ["reference_no", "terminal_no", "trace_no", "order_no", "date", "card_last4", "amount"]

    static func lines(_ draft: Draft, merchant: String, _ phrases: Phrases) -> [Slip.Line] {
        let typed = fields.compactMap { field in
            draft.typed[field].map { value in
                Slip.Line(
                    phrases.text("cardholder.typed.\(field)"), field == "amount" ? draft.payment.amount.text : value,
                    isNumber: field != "amount")
            }
        }
        return [Slip.Line(phrases.text("cardholder.typed.merchant"), merchant)] + typed
    }

    static var words: [String] { (fields + ["merchant"]).map { "cardholder.typed.\($0)" } }
}
