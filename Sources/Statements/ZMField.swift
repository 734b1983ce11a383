/// The fields of UnionPay's ZM file that are read, by where each begins and how many bytes it has.
///
/// The file has no headings: 42 fields of fixed width, counted in bytes of GBK, with one byte between any two. Files
/// that are older have fewer and longer fields after 期数, so that nothing behind it is needed.
enum ZMField: String, CaseIterable, Sendable {
    case traceNumber = "系统跟踪号"
    case sentAt = "交易传输时间"
    case card = "账号"
    case amount = "交易金额"
    case queryNumber = "查询流水号"
    case orderNumber = "商户订单号"
    case cardKind = "卡类型"
    case fee = "商户手续费"
    case kind = "交易类型"
    case originalQueryNumber = "原交易查询流水号"
    case merchantNumber = "商户代码"
    case terminalNumber = "终端号"
    case originalOrderNumber = "原始订单号"

    /// Which of the fields it is, counted from 1.
    private var number: Int {
        switch self {
        case .traceNumber: 4
        case .sentAt: 5
        case .card: 6
        case .amount: 7
        case .queryNumber: 10
        case .orderNumber: 12
        case .cardKind: 13
        case .fee: 16
        case .kind: 20
        case .originalQueryNumber: 27
        case .merchantNumber: 28
        case .terminalNumber: 34
        case .originalOrderNumber: 41
        }
    }

    var place: ZMPlace { ZMLayout.place(number, rawValue) }
}

/// Where a field stands in a line, in bytes.
struct ZMPlace: Hashable, Sendable {
    let range: Range<Int>
    let name: String
}

/// The widths of a line.
enum ZMLayout {
    /// Of all fields in bytes, in the order of the file.
    static let widths = [
        3, 11, 11, 6, 10, 19, 12, 4, 2, 21, 2, 32, 2, 6, 10, 13, 13, 4, 15, 2, 2, 6, 2, 4, 32, 1, 21, 15, 1, 15, 32,
        13, 13, 8, 32, 13, 13, 12, 2, 1, 32, 98,
    ]
    /// Fields up to 分期手续费, which every file has.
    static let sharedFields = 38
    /// A line of this length has all fields, or the older tail (2, 1, 131) in place of the last four.
    static let lineBytes = widths.reduce(0, +) + widths.count - 1
    /// Public descriptions of the older tail disagree whether it replaces the last three fields or the last four; with
    /// three, a line is longer by so much.
    static let olderLineBytes = lineBytes + 3
    /// What may stand between two fields.
    static let separators = Array(" |,\t".utf8)

    static func place(_ number: Int, _ name: String) -> ZMPlace {
        let start = widths.prefix(number - 1).reduce(0, +) + number - 1
        let width = widths.dropFirst(number - 1).first ?? 0
        return ZMPlace(range: start..<(start + width), name: name)
    }

    /// Where bytes must separate the fields that every file has, the first field's first.
    static let separatorPlaces = (1...sharedFields).map { place($0, "").range.upperBound }

    /// Whether bytes at the start of a file look like a line: its first separators and two numbers are in place.
    static func begins(_ bytes: [UInt8]) -> Bool {
        guard let separator = bytes.dropFirst(widths.first ?? 0).first, separators.contains(separator) else {
            return false
        }
        let isSeparated = separatorPlaces.prefix(6).allSatisfy { bytes.dropFirst($0).first == separator }
        return isSeparated && isDigits(bytes, ZMField.traceNumber) && isDigits(bytes, ZMField.sentAt)
    }

    /// Bytes of a file that ``begins(_:)`` wants to see.
    static let startBytes = 80

    private static func isDigits(_ bytes: [UInt8], _ field: ZMField) -> Bool {
        let cell = bytes.dropFirst(field.place.range.lowerBound).prefix(field.place.range.count)
        return cell.count == field.place.range.count && cell.allSatisfy { (0x30...0x39).contains($0) }
    }
}
