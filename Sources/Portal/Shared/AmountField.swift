import RefundDomain
import Web

/// Reads amounts that people type, and says what is wrong with them.
enum AmountField {
    /// An amount above nothing.
    ///
    /// - Throws: ``FormFault`` with words below `prefix`: `missing`, `unreadable`, `negative`, `zero`, `decimals`,
    ///   `too-large`.
    static func read(
        _ field: String, of fields: FormFields, in currency: Currency, _ prefix: String
    ) throws(FormFault) -> Money {
        let money: Money
        do {
            money = try Money.parse(fields.text(field) ?? "", in: currency)
        } catch {
            throw FormFault([fault(field, error, prefix)])
        }
        guard money.minor > 0 else { throw FormFault([FieldFault(field, "\(prefix).\(field).zero")]) }
        return money
    }

    /// Checks an amount whose currency is not known yet: it has to make sense in one of those that we know.
    static func check(_ field: String, of fields: FormFields, _ prefix: String) -> FieldFault? {
        let text = fields.text(field) ?? ""
        let amounts = Currency.all.compactMap { try? Money.parse(text, in: $0) }
        if amounts.isEmpty {
            do {
                _ = try Money.parse(text, in: .cny)
            } catch {
                return fault(field, error, prefix)
            }
        }
        return amounts.contains { $0.minor > 0 } ? nil : FieldFault(field, "\(prefix).\(field).zero")
    }

    private static func fault(_ field: String, _ fault: AmountFault, _ prefix: String) -> FieldFault {
        let key = "\(prefix).\(field)"
        return switch fault {
        case .empty: FieldFault(field, "\(key).missing")
        case .unreadable: FieldFault(field, "\(key).unreadable")
        case .negative: FieldFault(field, "\(key).negative")
        case .tooManyDecimals(let allowed): FieldFault(field, "\(key).decimals", ["allowed": String(allowed)])
        case .tooLarge: FieldFault(field, "\(key).too-large")
        }
    }

    /// The keys of the words below a prefix.
    static func words(_ prefix: String, _ field: String = "amount") -> [String] {
        ["missing", "unreadable", "negative", "zero", "decimals", "too-large"].map { "\(prefix).\(field).\($0)" }
    }
}
