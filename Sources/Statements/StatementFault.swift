/// Why a whole file cannot be read as a statement; no line of it may be trusted then.
public enum StatementFault: Error, Sendable, Hashable {
    case empty
    /// The system did not let us read; `errno` as the C library gives it.
    case unreadable(errno: Int32)
    /// The headings are those of no format we know.
    case unknownFormat
    /// A format that was asked for needs these columns, and the file has not got them.
    case missingColumns(StatementFormat, [String])
    /// Two columns that mean the same.
    case repeatedColumn(String)
    /// The file has a column for what nobody may keep: a card's track, code or PIN (PCI DSS 3.3).
    case forbiddenColumn(String)
    /// The bytes on a line are no text of the file's character set.
    case badCharacter(line: Int, charset: Charset)
    case utf16
    case charsetMissing(Charset)
    case damagedGzip
    case truncatedGzip
    case damagedZip
    case truncatedZip
    case encryptedZip
    /// A member of a ZIP archive is packed by a method that is not read (APPNOTE 4.4.5).
    case packedUnknown(method: Int)
    case tooManyMembers(max: Int)
    /// No member of a ZIP archive is a statement.
    case emptyZip
    /// More than one member of a ZIP archive may be the statement.
    case severalInZip
    case expandsTooMuch(times: Int)
    case tooLarge(bytesMax: UInt64)
    case tooManyLines(max: Int)
    /// The two lines of sums that end a WeChat Pay bill are not there: the file is cut off.
    case missingSummary
    /// There is something behind the two lines of sums.
    case afterSummary(line: Int)
    /// A sum that cannot be read.
    case unreadableSum(name: String, line: Int)
    /// A sum that the rows do not come to; both as decimal text.
    case wrongSum(name: String, stated: String, found: String)
    /// A sum beyond what 64 bits hold.
    case sumTooLarge(name: String)
}

extension StatementFault: CustomStringConvertible {
    /// What is wrong, in English, as the command prints it.
    public var description: String {
        switch self {
        case .empty: "the file is empty"
        case .unreadable(let errno): "the file cannot be read (errno \(errno))"
        case .unknownFormat: "the headings are of no known format; known are \(Self.formats)"
        case .missingColumns(let format, let names): "\(format.rawValue) needs the columns \(Self.list(names))"
        case .repeatedColumn(let name): "the column \(name) is there twice"
        case .forbiddenColumn(let name): "the column \(name) holds what must never be stored; remove it"
        case .badCharacter(let line, let charset): "line \(line) is not \(charset.rawValue) text"
        case .utf16: "the file is UTF-16; save it as UTF-8 or GBK"
        case .charsetMissing(let charset): "this system cannot read \(charset.rawValue)"
        case .damagedGzip: "the gzip data is damaged"
        case .truncatedGzip: "the gzip data ends too early"
        case .damagedZip: "the ZIP archive is damaged"
        case .truncatedZip: "the ZIP archive ends too early"
        case .encryptedZip: "the ZIP archive is encrypted; unpack it first"
        case .packedUnknown(let method): "the ZIP archive is packed by method \(method); only 0 and 8 are read"
        case .tooManyMembers(let max): "the ZIP archive has more than \(max) files"
        case .emptyZip: "the ZIP archive holds no statement"
        case .severalInZip: "the ZIP archive holds several files that may be the statement; unpack it first"
        case .expandsTooMuch(let times): "the packed data grows more than \(times) times"
        case .tooLarge(let max): "the file has more than \(max) bytes of text"
        case .tooManyLines(let max): "the file has more than \(max) lines"
        case .missingSummary: "the two lines of sums at the end are missing: the file is cut off"
        case .afterSummary(let line): "line \(line) stands behind the sums"
        case .unreadableSum(let name, let line): "line \(line): the sum \(name) is not a number"
        case .wrongSum(let name, let stated, let found): "the sum \(name) says \(stated), the rows come to \(found)"
        case .sumTooLarge(let name): "the sum \(name) is too large"
        }
    }

    private static var formats: String { list(StatementFormat.allCases.map(\.rawValue)) }

    private static func list(_ names: [String]) -> String { names.joined(separator: ", ") }
}
