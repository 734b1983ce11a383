public import RefundDomain

/// Why one line of a statement cannot be taken, said so that the file can be put right.
public struct LineFault: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong with a value or a line.
    public enum Reason: Error, Sendable, Hashable {
        case missing
        case tooLong(charactersMax: Int)
        case controlCharacter
        /// Something else than letters, digits and signs of ASCII stands in a number or code.
        case notACode
        case amount(AmountFault)
        case zeroAmount
        case notATime
        case notADay
        /// A word that the format does not have.
        case unknownWord(known: String)
        case unknownCurrency
        /// The rest of the file is in this currency.
        case otherCurrency(expected: String)
        /// A whole card number, which must never be kept (PCI DSS 3.4).
        case cardNotMasked
        case notACard
        case cellCount(expected: Int, found: Int)
        case badQuotes
        case tooManyCells(max: Int)
        case lineTooLong(max: Int)
        /// A line of fixed width has another one, in bytes.
        case lineLength(expected: Int, found: Int)
        /// Two fields of fixed width run into one another; the byte is counted from 1.
        case notSeparated(at: Int)
    }

    /// The line of the file on which the record begins, counted from 1.
    public let line: Int
    /// The heading of the column as the file has it; nil where the whole line is meant.
    public let column: String?
    public let reason: Reason
    /// What stands there, cut to ``excerptCharactersMax`` characters and with long numbers masked; never of a card.
    public let excerpt: String?

    /// Characters of a value that a fault may show.
    public static let excerptCharactersMax = 32

    public init(line: Int, column: String?, reason: Reason, excerpt: String?) {
        self.line = line
        self.column = column
        self.reason = reason
        self.excerpt = excerpt
    }

    /// `line 12, column 金额: not an amount ("1O.00")`.
    public var description: String {
        let place = column.map { "line \(line), column \($0)" } ?? "line \(line)"
        return excerpt.map { "\(place): \(reason) (\"\($0)\")" } ?? "\(place): \(reason)"
    }

    /// A value as a fault may show it: no control characters, no number long enough to be a card's.
    static func excerpt(of text: String) -> String? {
        guard !text.isEmpty else { return nil }
        var digits = 0
        var result = ""
        for scalar in text.unicodeScalars.prefix(excerptCharactersMax) {
            let isDigit = ("0"..."9").contains(scalar)
            digits = isDigit ? digits + 1 : digits
            let isControl = scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
            result.unicodeScalars.append(isControl ? "·" : isDigit && digits > 6 ? "•" : scalar)
        }
        return text.unicodeScalars.count > excerptCharactersMax ? result + "…" : result
    }
}

extension LineFault.Reason: CustomStringConvertible {
    /// The reason in a few English words, as the command prints it.
    public var description: String {
        switch self {
        case .missing: "must be given"
        case .tooLong(let max): "longer than \(max) characters"
        case .controlCharacter: "has a control character"
        case .notACode: "not a number or code"
        case .amount(let fault): Self.words(fault)
        case .zeroAmount: "must be above zero"
        case .notATime: "not a date and time"
        case .notADay: "not a date"
        case .unknownWord(let known): "unknown word; known are \(known)"
        case .unknownCurrency: "unknown currency"
        case .otherCurrency(let expected): "other currency than the file's, \(expected)"
        case .cardNotMasked: "card numbers must be masked: first six and last four digits at most"
        case .notACard: "not a masked card number such as 622588******1234"
        case .cellCount(let expected, let found): "has \(found) values where the headings are \(expected)"
        case .badQuotes: "quotation marks that do not match"
        case .tooManyCells(let max): "more than \(max) values"
        case .lineTooLong(let max): "longer than \(max) bytes"
        case .lineLength(let expected, let found): "has \(found) bytes where the format has \(expected)"
        case .notSeparated(let place): "byte \(place) does not separate two fields as the format has it"
        }
    }

    private static func words(_ fault: AmountFault) -> String {
        switch fault {
        case .empty: "must be given"
        case .unreadable: "not an amount"
        case .negative: "must not be negative"
        case .tooManyDecimals(let allowed): "more than \(allowed) decimals"
        case .tooLarge: "larger than any payment may be"
        }
    }
}
