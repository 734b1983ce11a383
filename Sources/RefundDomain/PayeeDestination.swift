/// An account that the cardholder names for money that cannot go back to where it came from.
public struct PayeeDestination: Sendable, Hashable, CustomStringConvertible, CustomReflectable {
    /// Capital letters and digits without spaces: a card's number, an account's, or an IBAN.
    public let account: String
    public let bank: String
    /// Whose account it is, as the bank writes the name.
    public let holder: String

    public static let accountDigits = 6...34
    /// Card numbers that end in a check digit (ISO/IEC 7812-1).
    private static let cardDigits = 15...19

    /// An account, or nil when its number cannot be one: signs other than letters and digits, another length, or a card
    /// number whose check digit is wrong.
    public init?(account: String, bank: String, holder: String) {
        let digits = Array(account.utf8)
        guard PayeeDestination.accountDigits.contains(digits.count),
            digits.allSatisfy({ (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) }),
            digits.contains(where: { (0x30...0x39).contains($0) })
        else { return nil }
        if PayeeDestination.hasCheckDigit(digits), !PayeeDestination.passesCheck(digits) { return nil }
        self.account = account
        self.bank = bank
        self.holder = holder
    }

    /// The last four signs, all that pages show.
    public var last4: String { String(account.suffix(4)) }

    /// Whether the number can be a card's.
    public var isCard: Bool {
        PayeeDestination.cardDigits.contains(account.utf8.count)
            && account.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }

    /// Neither the account nor the name, whoever prints an order that has it.
    public var description: String { "••••\(last4)" }
    public var customMirror: Mirror { Mirror(self, children: []) }

    /// Cards begin with 3 to 6; other account numbers of that length, such as passbooks, have no check digit.
    private static func hasCheckDigit(_ digits: [UInt8]) -> Bool {
        cardDigits.contains(digits.count) && digits.allSatisfy { (0x30...0x39).contains($0) }
            && digits.first.map { (0x33...0x36).contains($0) } == true
    }

    /// The Luhn sum: every second digit from the right is doubled, the total ends in 0.
    private static func passesCheck(_ digits: [UInt8]) -> Bool {
        var sum = 0
        for (place, digit) in digits.reversed().enumerated() {
            let value = Int(digit - 0x30) * (place % 2 == 0 ? 1 : 2)
            sum += value > 9 ? value - 9 : value
        }
        return sum % 10 == 0
    }
}
