import RefundDesk
import RefundDomain
import Storage
import Web
import Words

/// Expected and actual side by side, and the form that says what should have come.
struct OwnAmountView: View {
    static let template = "cardholder/case-amount"
    static let sample = OwnAmountView(
        frame: .sample, problems: .sample, back: "/cases/x", sums: .sample, action: "/cases/x/wrong-amount",
        version: "4", expected: .sample, details: .sample)

    let frame: Frame
    let problems: Problems?
    let back: String
    let sums: Sums
    let action: String
    let version: String
    let expected: TextField
    let details: TextArea
}

extension OwnAmountView {
    /// What was typed and did not fit.
    struct Typed: Sendable {
        var expected: String?
        var details: String?
        var fault: FormFault?
    }

    init(_ wording: CaseWording, before: Money, typed: Typed = Typed(), frame: Frame) {
        let owned = wording.owned
        let phrases = wording.phrases
        self.frame = frame
        problems = Problems(typed.fault, phrases)
        back = Paths.cases(owned.number)
        sums = wording.comparison(before: before)
        action = Paths.cases(owned.number, .wrongAmount)
        version = String(owned.version)
        expected = TextField(
            "expected", label: wording.text("wrong.expected", ["currency": owned.asked.currency.code]),
            problem: typed.fault?.text("expected", phrases), value: typed.expected, inputMode: "decimal",
            width: "input--amount", prefix: owned.asked.currency.sign)
        details = TextArea(
            "details", label: wording.text("details"), hint: wording.text("details.hint"),
            problem: typed.fault?.text("details", phrases), value: typed.details, rows: 3, isOptional: true)
    }

    static var words: [String] {
        (["wrong.expected", "details", "details.hint", "details.too-long", "details.unreadable"].map {
            "\(CaseWording.prefix).\($0)"
        }) + AmountField.words(CaseWording.prefix, "expected")
    }
}

extension OwnCaseQuery {
    /// What had been refunded of a case's payment otherwise: by other cases and elsewhere.
    func refundedBefore(_ number: CaseNumber) async throws -> Money {
        try await desk.store.read { sql in
            guard
                let row = try sql.row(
                    """
                    SELECT payment.currency,
                           payment.refunded_elsewhere_minor + payment.refunded_minor
                           - (SELECT COALESCE(SUM(movement.taken_minor), 0)
                              FROM   movement
                              WHERE  movement.case_id = refund_case.id
                              AND    movement.state IN ('succeeded', 'arrived', 'unclaimed', 'given_outside'))
                           AS before_minor
                    FROM   refund_case
                    JOIN   payment
                    ON     payment.id = refund_case.payment_id
                    WHERE  refund_case.number = $1
                    """, [.text(number.text)])
            else { throw Refusal.notFound }
            let currency = try row.currency()
            return Money(minor: try row.int("before_minor"), currency: currency) ?? .zero(currency)
        }
    }
}
