/// The first digits of a bank's cards.
public struct CardPrefix: Sendable, Hashable {
    /// 3 to 10 digits.
    public let digits: String
    /// How many digits the whole number has.
    public let length: Int
    /// The bank's code in the list that it comes from.
    public let bank: String
    public let bankName: String
    public let kind: CardKind

    public init(digits: String, length: Int, bank: String, bankName: String, kind: CardKind) {
        self.digits = digits
        self.length = length
        self.bank = bank
        self.bankName = bankName
        self.kind = kind
    }
}

/// Which bank a card is of, by its first digits: for words and for when money should arrive, never for where it goes.
public struct CardIssuers: Sendable, Hashable {
    /// What the first digits tell; the kind is nil where they leave it open.
    public struct Issuer: Sendable, Hashable {
        public let bank: String
        public let name: String
        public let kind: CardKind?

        public init(bank: String, name: String, kind: CardKind?) {
            self.bank = bank
            self.name = name
            self.kind = kind
        }
    }

    /// Where the list comes from, in words.
    public let source: String
    public let prefixes: [CardPrefix]

    public init(source: String, prefixes: [CardPrefix]) {
        self.source = source
        self.prefixes = prefixes
    }

    /// Knows no bank.
    public static let empty = CardIssuers(source: "", prefixes: [])

    /// Digits of a prefix.
    public static let prefixDigits = 3...10
    /// Digits of a card's number (ISO/IEC 7812), as far as banks use them.
    public static let numberDigits = 13...19

    /// The rows that a card with these first digits may be of; see ``possible(_:length:among:)``.
    public func possible(_ digits: String, length: Int? = nil) -> [CardPrefix] {
        Self.possible(digits, length: length, among: prefixes)
    }

    /// The rows with the longest prefix that the digits begin with, and those whose prefix begins with the digits and
    /// goes on: more digits than were given would decide between them.
    ///
    /// - Parameter length: how many digits the whole number has, where that is known.
    public static func possible(
        _ digits: String, length: Int? = nil, among rows: some Sequence<CardPrefix>
    ) -> [CardPrefix] {
        guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return [] }
        let fitting = rows.filter { length == nil || $0.length == length }
        let begun = fitting.filter { digits.hasPrefix($0.digits) }
        let longest = begun.map(\.digits.utf8.count).max()
        let later = fitting.filter { $0.digits.utf8.count > digits.utf8.count && $0.digits.hasPrefix(digits) }
        // So few digits begin nearly every card; without any row that they complete they say nothing.
        guard let longest else { return digits.utf8.count < Self.usualDigits ? [] : later }
        return begun.filter { $0.digits.utf8.count == longest } + later
    }

    /// Digits that statements show of a card.
    private static let usualDigits = 6

    /// The one bank that rows leave; nil where there is none or more than one.
    public static func issuer(_ rows: [CardPrefix]) -> Issuer? {
        guard let first = rows.first, rows.allSatisfy({ $0.bank == first.bank }) else { return nil }
        let isOneKind = rows.allSatisfy { $0.kind == first.kind }
        return Issuer(bank: first.bank, name: first.bankName, kind: isOneKind ? first.kind : nil)
    }
}
