import RefundDesk
import RefundDomain
import Web

/// How a payment can be found.
enum FindMethod: String, CaseIterable {
    case slip
    case wallet
    case card
}

/// The form that finds a payment: what was typed, read as tolerantly as paper is printed.
struct FindForm {
    static let prefix = "cardholder.find"

    let query: PaymentQuery
    let amountText: String

    /// Reads the fields of one method.
    ///
    /// - Throws: ``FormFault`` for what is missing or cannot be what it should be; never for what does not exist.
    init(_ fields: FormFields, _ method: FindMethod) throws(FormFault) {
        var faults: [Web.FieldFault] = []
        let query = FindForm.asked(fields, method, &faults)
        if let fault = AmountField.check("amount", of: fields, FindForm.prefix) { faults.append(fault) }
        guard let query, faults.isEmpty else { throw FormFault(FindForm.inOrder(faults, method)) }
        self.query = query
        amountText = fields.text("amount") ?? ""
    }

    /// The form's fields in the order of the page.
    static func fields(_ method: FindMethod) -> [String] {
        switch method {
        case .slip: ["reference_no", "terminal_no", "trace_no", "amount", "card_last4"]
        case .wallet: ["order_no", "amount"]
        case .card: ["date", "amount", "card_last4", "terminal_no"]
        }
    }

    /// The keys of the words that the form's faults use.
    static var words: [String] {
        let missing = ["reference_no", "terminal_no", "trace_no", "order_no", "date", "card_last4"]
        return missing.flatMap { field in ["missing", "unreadable"].map { "\(prefix).\(field).\($0)" } }
            + AmountField.words(prefix) + ["\(prefix).no-match"]
    }

    private static func asked(
        _ fields: FormFields, _ method: FindMethod, _ faults: inout [Web.FieldFault]
    ) -> PaymentQuery? {
        switch method {
        case .slip: slip(fields, &faults)
        case .wallet: read("order_no", fields, &faults, TypedText.order).map { .order($0) }
        case .card: card(fields, &faults)
        }
    }

    private static func slip(_ fields: FormFields, _ faults: inout [Web.FieldFault]) -> PaymentQuery? {
        let last4 = fields.text("card_last4").flatMap { _ in read("card_last4", fields, &faults, lastFour) }
        let hasTrace = fields.text("terminal_no") != nil || fields.text("trace_no") != nil
        if fields.text("reference_no") != nil || !hasTrace {
            return read("reference_no", fields, &faults, reference).map { .reference($0, cardLast4: last4) }
        }
        let terminal = read("terminal_no", fields, &faults, terminal)
        guard let trace = read("trace_no", fields, &faults, trace), let terminal else { return nil }
        return .trace(terminal: terminal, trace: trace, cardLast4: last4)
    }

    private static func card(_ fields: FormFields, _ faults: inout [Web.FieldFault]) -> PaymentQuery? {
        let date = read("date", fields, &faults) { Day(iso: TypedText.date($0)) }
        let last4 = read("card_last4", fields, &faults, lastFour)
        let terminal = read("terminal_no", fields, &faults, terminal)
        guard let date, let last4, let terminal else { return nil }
        return .card(day: date, cardLast4: last4, terminal: terminal)
    }

    /// The value of a field; nil, with a fault noted, when it is missing or cannot be read.
    private static func read<Value>(
        _ field: String, _ fields: FormFields, _ faults: inout [Web.FieldFault], _ reader: (String) -> Value?
    ) -> Value? {
        guard let text = fields.text(field) else {
            faults.append(Web.FieldFault(field, "\(prefix).\(field).missing"))
            return nil
        }
        guard let value = reader(text) else {
            faults.append(Web.FieldFault(field, "\(prefix).\(field).unreadable"))
            return nil
        }
        return value
    }

    private static func reference(_ text: String) -> String? {
        TypedText.symbols(text).flatMap { (6...32).contains($0.utf8.count) ? $0 : nil }
    }

    private static func terminal(_ text: String) -> String? {
        TypedText.symbols(text).flatMap { $0.utf8.count <= 16 ? $0 : nil }
    }

    /// Slips print six digits; people leave out the zeros in front.
    private static func trace(_ text: String) -> String? {
        guard let digits = TypedText.digits(text), digits.utf8.count <= 12 else { return nil }
        return String(repeating: "0", count: max(0, 6 - digits.utf8.count)) + digits
    }

    /// Four digits and nothing more: a whole card number is not wanted, and not taken.
    private static func lastFour(_ text: String) -> String? {
        TypedText.digits(text).flatMap { $0.utf8.count == 4 ? $0 : nil }
    }

    private static func inOrder(_ faults: [Web.FieldFault], _ method: FindMethod) -> [Web.FieldFault] {
        fields(method).flatMap { field in faults.filter { $0.field == field } }
    }
}
