import Hummingbird
import RefundDesk
import RefundDomain
import Web
import Words

/// How much is asked for.
struct AmountRoutes: Sendable {
    private let parts: PortalParts
    private let steps: RequestSteps

    init(_ parts: PortalParts) {
        self.parts = parts
        steps = RequestSteps(parts.desk)
    }

    func add(to router: Router<PortalContext>) {
        router.get(RouterPath(Paths.amount), use: show)
        router.post(RouterPath(Paths.amount), use: choose)
    }

    @Sendable private func show(_ request: Request, _ context: PortalContext) async throws -> Response {
        switch try await steps.standing(at: .amount, context) {
        case .elsewhere(let path): return Pages.redirect(to: path)
        case .here(let draft, _):
            guard case .askable(let most, let onlyWhole, let ceiling) = draft.eligibility else {
                return Pages.redirect(to: Paths.request)
            }
            let portion = draft.asked.map { $0 == most ? "whole" : "part" } ?? (onlyWhole ? "whole" : nil)
            let view = AmountView(
                most: most, by: ceiling, onlyWhole: onlyWhole, portion: portion,
                amount: draft.asked.flatMap { $0 == most ? nil : $0.decimal }, nil, parts.phrases(context),
                frame: parts.frame(request, context, of: draft))
            return try parts.pages.html(view, to: request, in: context.language)
        }
    }

    @Sendable private func choose(_ request: Request, _ context: PortalContext) async throws -> Response {
        let fields = try await FormFields.read(request)
        guard case .here(let draft, let visitor) = try await steps.standing(at: .amount, context),
            case .askable(let most, let onlyWhole, let ceiling) = draft.eligibility
        else { return Pages.redirect(to: Paths.request) }
        let fault: FormFault
        do {
            let amount = try asked(fields, most.currency)
            try await parts.desk.chooseAmount(amount, visitor: visitor)
            return Pages.redirect(to: try await steps.next(after: .amount, visitor: visitor))
        } catch let wrong as FormFault {
            fault = wrong
        } catch let refusal as Refusal {
            guard let shown = refusal.onForm(AmountView.prefix) else {
                if case .ineligible = refusal { return Pages.redirect(to: Paths.request) }
                throw refusal
            }
            fault = shown
        }
        let view = AmountView(
            most: most, by: ceiling, onlyWhole: onlyWhole, portion: fields.text("portion"),
            amount: fields.typed("amount"), fault, parts.phrases(context),
            frame: parts.frame(request, context, of: draft))
        return try parts.pages.html(view, status: .unprocessableContent, to: request, in: context.language)
    }

    /// The amount of the form; nil is everything that is left.
    private func asked(_ fields: FormFields, _ currency: Currency) throws(FormFault) -> Money? {
        switch fields.text("portion") {
        case "whole": return nil
        case "part": return try AmountField.read("amount", of: fields, in: currency, AmountView.prefix)
        default: throw FormFault([Web.FieldFault("portion", "\(AmountView.prefix).portion.missing")])
        }
    }
}

/// The page that asks how much.
struct AmountView: View {
    static let template = "cardholder/amount"
    static let prefix = "cardholder.amount"
    static let sample = AmountView(frame: .sample, problems: .sample, portion: .sample, amount: .sample)

    let frame: Frame
    let problems: Problems?
    let portion: Choices
    /// Nil where it is all or nothing.
    let amount: TextField?

    private init(frame: Frame, problems: Problems?, portion: Choices, amount: TextField?) {
        self.frame = frame
        self.problems = problems
        self.portion = portion
        self.amount = amount
    }

    init(
        most: Money, by ceiling: Ceiling, onlyWhole: Bool, portion: String?, amount: String?, _ fault: FormFault?,
        _ phrases: Phrases, frame: Frame
    ) {
        let prefix = AmountView.prefix
        self.frame = frame
        problems = Problems(fault, phrases)
        let wholeKey = ceiling == .left ? "whole" : "whole.limited"
        let whole = ("whole", phrases.text("\(prefix).\(wholeKey)", ["most": most.text]), nil as String?)
        let part = ("part", phrases.text("\(prefix).part"), nil as String?)
        self.portion = Choices(
            "portion", legend: phrases.text("\(prefix).legend"),
            hint: phrases.text("\(prefix).hint\(ceiling.wordSuffix)", ["most": most.text]),
            problem: fault?.text("portion", phrases), options: onlyWhole ? [whole] : [whole, part],
            chosen: portion.map { [$0] } ?? [])
        self.amount =
            onlyWhole
            ? nil
            : TextField(
                "amount", label: phrases.text("\(prefix).amount", ["currency": most.currency.code]),
                hint: phrases.text("\(prefix).amount.hint", ["most": most.text]),
                problem: fault?.text("amount", phrases), value: amount, inputMode: "decimal", width: "input--amount",
                prefix: most.currency.sign)
    }

    static var words: [String] {
        [
            "whole", "part", "legend", "hint", "amount", "amount.hint", "amount.too-much", "amount.too-little",
            "portion.missing",
            "portion.only-whole",
        ].map { "\(prefix).\($0)" } + AmountField.words(prefix) + limits
    }

    private static var limits: [String] {
        [Ceiling.share, .refund, .day].flatMap { ceiling in
            ["hint", "amount.too-much"].map { "\(prefix).\($0).\(ceiling.rawValue)" }
        } + ["\(prefix).whole.limited"]
    }
}

extension Ceiling {
    /// The end of the key of words about it; nothing for what is left, which needs no explanation.
    var wordSuffix: String { self == .left ? "" : ".\(rawValue)" }
}
