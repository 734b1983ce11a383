public import RefundDomain

/// One step through a statement that is being imported.
public enum ImportItem: Sendable, Hashable {
    case row(StatementRow)
    case bad(BadLine)
}

/// A line that cannot be taken, in words for the person who imports.
public struct BadLine: Sendable, Hashable {
    /// The line of the file, counted from 1.
    public let line: Int
    /// The whole sentence, line and column included; never of a card's number.
    public let sentence: String

    public init(line: Int, sentence: String) {
        self.line = line
        self.sentence = sentence
    }
}

/// A statement that can be read from its start more than once.
public struct ImportSource: Sendable {
    /// The format's name as it is kept with the import.
    public let format: String
    /// Whether every refund of its days is in it: not in a bill of payments, and not in a list of one's terminals.
    public let tellsOfRefunds: Bool
    /// Begins at the start and gives a function that gives one item after the other, nil at the end.
    ///
    /// It may throw, and so may what it gives: then nothing is imported and the error is passed on.
    public let open: @Sendable () throws -> () throws -> ImportItem?

    public init(
        format: String, tellsOfRefunds: Bool = true, open: @escaping @Sendable () throws -> () throws -> ImportItem?
    ) {
        self.format = format
        self.tellsOfRefunds = tellsOfRefunds
        self.open = open
    }
}

/// What an import may do.
public struct ImportOptions: Sendable, Hashable {
    /// Reads and checks everything and stores nothing.
    public var isDryRun: Bool
    /// Stores the good lines although there are bad ones.
    public var skipsBad: Bool

    public init(isDryRun: Bool = false, skipsBad: Bool = false) {
        self.isDryRun = isDryRun
        self.skipsBad = skipsBad
    }
}

/// What the rows of an import come to in one currency.
public struct ImportSums: Sendable, Hashable {
    public let currency: Currency
    public internal(set) var payments = 0
    public internal(set) var paidMinor: Int64 = 0
    /// Fees of the payments, each rounded half up.
    public internal(set) var feeMinor: Int64 = 0
    public internal(set) var refunds = 0
    public internal(set) var refundedMinor: Int64 = 0
}

/// What became of a statement; every row read is new, known or bad.
public struct ImportResult: Sendable, Hashable {
    public internal(set) var read = 0
    public internal(set) var new = 0
    /// There before, or joined to a payment that was.
    public internal(set) var known = 0
    public internal(set) var bad = 0
    /// Refunds that were sent from here, told of by the statement; they are for ``Desk/reconcile(_:merchantCode:)``.
    public internal(set) var ours = 0
    /// Of the rows that are not bad, by currency.
    public internal(set) var sums: [ImportSums] = []
    /// The first bad lines, at most ``linesMax``.
    public internal(set) var badLines: [BadLine] = []
    /// What a person should look at although it was imported, at most ``linesMax``.
    public internal(set) var warnings: [String] = []
    /// Whether anything was kept; false after a dry run and when bad lines stopped it.
    public internal(set) var isStored = false

    /// Lines that are told one by one; the rest is only counted.
    public static let linesMax = 1000

    public init() {}
}
