import RefundDomain

/// Reads UnionPay's ZM file, the merchant's settled transactions of one day, one a line.
///
/// Amounts are fen without a point. The day is named without its year, which the query number tells or else today.
struct UnionPayZM {
    private var lines: LineReader
    private let today: Day
    private let places: [ZMField: ZMPlace]

    init(_ source: ByteSource, today: Day) {
        lines = LineReader(source)
        self.today = today
        places = Dictionary(uniqueKeysWithValues: ZMField.allCases.map { ($0, $0.place) })
    }

    /// The next row or bad line; nil at the end.
    mutating func next() throws -> StatementItem? {
        while true {
            switch try lines.next() {
            case .end: return nil
            case .tooLong: return .fault(lineFault(.lineTooLong(max: LineReader.lineBytesMax)))
            case .line where lines.line.allSatisfy { $0 == UInt8(ascii: " ") }: continue
            case .line:
                do throws(LineFault) {
                    return .row(try row())
                } catch {
                    return .fault(error)
                }
            }
        }
    }

    private func row() throws(LineFault) -> StatementRow {
        try checkShape()
        let kind = try required(.kind) { bytes throws(LineFault.Reason) in
            guard let kind = ZMKind(rawValue: try CellText.code(bytes)) else {
                throw .unknownWord(known: ZMKind.known)
            }
            return kind
        }
        switch kind {
        case .payment, .completion: return .payment(try payment())
        case .refund: return .refund(try refund(.refund))
        case .void, .completionVoid: return .refund(try refund(.void))
        }
    }

    /// Fields that are shifted by a byte would be other fields: length and separators are held against the layout.
    private func checkShape() throws(LineFault) {
        let line = lines.line
        guard line.count == ZMLayout.lineBytes || line.count == ZMLayout.olderLineBytes else {
            throw lineFault(.lineLength(expected: ZMLayout.lineBytes, found: line.count))
        }
        let separator = line.dropFirst(ZMLayout.separatorPlaces.first ?? 0).first
        guard let separator, ZMLayout.separators.contains(separator) else { throw lineFault(.notSeparated(at: 4)) }
        for place in ZMLayout.separatorPlaces where line.dropFirst(place).first != separator {
            throw lineFault(.notSeparated(at: place + 1))
        }
    }

    private func payment() throws(LineFault) -> StatementPayment {
        StatementPayment(
            line: lines.number, merchantNumber: try required(.merchantNumber, Self.code), channel: .unionPay,
            // 系统跟踪号 is the acquirer's count and not the terminal's, which stands on the slip.
            slip: SlipNumbers(terminal: try value(.terminalNumber, Self.code)),
            paidAt: try sentAt(), card: try card(), channelTransactionNumber: try required(.queryNumber, Self.code),
            merchantOrderNumber: try value(.orderNumber, Self.code),
            amount: try required(.amount, Self.fen), feeThousandths: try fee())
    }

    private func refund(_ kind: StatementRefund.Kind) throws(LineFault) -> StatementRefund {
        StatementRefund(
            line: lines.number, kind: kind, status: .succeeded,
            merchantNumber: try required(.merchantNumber, Self.code), channel: .unionPay,
            slip: SlipNumbers(
                terminal: try value(.terminalNumber, Self.code), trace: try value(.traceNumber, Self.code)),
            refundedAt: try sentAt(), card: try card(), refundNumber: try value(.orderNumber, Self.code),
            channelRefundNumber: try value(.queryNumber, Self.code),
            channelTransactionNumber: try value(.originalQueryNumber, Self.code),
            merchantOrderNumber: try originalOrder(), amount: try required(.amount, Self.fen),
            feeReturnedThousandths: try fee())
    }

    /// The order of the payment, which only newer files have as a field of its own.
    private func originalOrder() throws(LineFault) -> String? {
        guard let place = places[.originalOrderNumber], lines.line.count == ZMLayout.lineBytes else { return nil }
        let separator = lines.line.dropFirst(ZMLayout.separatorPlaces.first ?? 0).first
        let bounds = [place.range.lowerBound - 1, place.range.upperBound]
        guard bounds.allSatisfy({ lines.line.dropFirst($0).first == separator }) else { return nil }
        return try value(.originalOrderNumber, Self.code)
    }

    // MARK: Fields

    private static func code(_ bytes: Span<UInt8>) throws(LineFault.Reason) -> String { try CellText.code(bytes) }

    /// Digits that count fen.
    private static func fen(_ bytes: Span<UInt8>) throws(LineFault.Reason) -> Money {
        guard bytes.count <= fenDigitsMax else { throw .amount(.tooLarge) }
        var minor: Int64 = 0
        for index in bytes.indices {
            guard (0x30...0x39).contains(bytes[index]) else { throw .amount(.unreadable) }
            minor = minor * 10 + Int64(bytes[index] - 0x30)
        }
        guard minor > 0 else { throw .zeroAmount }
        guard let money = Money(minor: minor, currency: .cny) else { throw .amount(.tooLarge) }
        return money
    }

    private static let fenDigitsMax = 12

    /// `D000000000060`: a sign (debit or credit) and fen. Which sign a payment has is nowhere said, so that its kind
    /// decides, as with the amount itself.
    private func fee() throws(LineFault) -> Int64 {
        try value(.fee) { bytes throws(LineFault.Reason) in
            guard bytes[0] == UInt8(ascii: "C") || bytes[0] == UInt8(ascii: "D") else { throw .amount(.unreadable) }
            let digits = bytes.extracting(1..<bytes.count)
            guard digits.count > 0 else { throw .amount(.unreadable) }
            do throws(LineFault.Reason) {
                return try Self.fen(digits).minor * 1000
            } catch {
                guard error == .zeroAmount else { throw error }
                return 0
            }
        } ?? 0
    }

    private func card() throws(LineFault) -> StatementCard {
        let number = try value(.card) { bytes throws(LineFault.Reason) in try CardText.masked(bytes) }
        let kind = try value(.cardKind, Self.code)
        return StatementCard(
            first6: number?.first6, last4: number?.last4, kind: kind.flatMap { Self.cardKinds[$0] })
    }

    private static let cardKinds: [String: CardKind] = [
        "01": .debit, "02": .credit, "03": .semiCredit, "05": .prepaid,
    ]

    /// MMDDhhmmss in the year that fits.
    private func sentAt() throws(LineFault) -> LocalTime {
        let query = try value(.queryNumber, Self.code) ?? ""
        return try required(.sentAt) { bytes throws(LineFault.Reason) in
            guard bytes.count == 10, let month = CellText.number(bytes, 0..<2),
                let day = CellText.number(bytes, 2..<4), let hour = CellText.number(bytes, 4..<6),
                let minute = CellText.number(bytes, 6..<8), let second = CellText.number(bytes, 8..<10),
                let date = ZMYear.date(month: month, day: day, query: query, today: today),
                let time = LocalTime(day: date, hour: hour, minute: minute, second: second)
            else { throw .notATime }
            return time
        }
    }

    /// A field without the blanks around it; nil when nothing else is there.
    private func value<Value>(
        _ field: ZMField, _ read: (Span<UInt8>) throws(LineFault.Reason) -> Value
    ) throws(LineFault) -> Value? {
        guard let place = places[field] else { return nil }
        let bytes = Array(lines.line.dropFirst(place.range.lowerBound).prefix(place.range.count))
        let span = bytes.span
        let trimmed = CellText.trimmed(span, 0..<bytes.count)
        guard !trimmed.isEmpty else { return nil }
        do throws(LineFault.Reason) {
            return try read(span.extracting(trimmed))
        } catch {
            let isCard = error == .cardNotMasked || error == .notACard
            // A field with other bytes than ASCII may be cut in the middle of a character.
            let isShown = !isCard && bytes.allSatisfy { $0 < 0x80 }
            let excerpt = isShown ? LineFault.excerpt(of: CellText.string(span.extracting(trimmed))) : nil
            throw LineFault(line: lines.number, column: place.name, reason: error, excerpt: excerpt)
        }
    }

    private func required<Value>(
        _ field: ZMField, _ read: (Span<UInt8>) throws(LineFault.Reason) -> Value
    ) throws(LineFault) -> Value {
        guard let value = try value(field, read) else {
            throw LineFault(line: lines.number, column: field.rawValue, reason: .missing, excerpt: nil)
        }
        return value
    }

    private func lineFault(_ reason: LineFault.Reason) -> LineFault {
        LineFault(line: lines.number, column: nil, reason: reason, excerpt: nil)
    }
}

/// 交易类型 of the rows that move money of a payment.
enum ZMKind: String {
    case payment = "01"
    case completion = "03"
    case refund = "04"
    case void = "31"
    case completionVoid = "33"

    /// The words as a fault names them.
    static let known = "01, 03, 04, 31, 33"
}

/// Finds the year of a day that a file names without one.
enum ZMYear {
    /// The year in which the query number's own date is next to the day (it begins with the moment at which UnionPay
    /// took the transaction), else the last one in which the day is not after tomorrow.
    static func date(month: Int, day: Int, query: String, today: Day) -> Day? {
        let digits = Array(query.utf8.prefix(8))
        if let year = CellText.number(digits.span, 0..<4), let queryMonth = CellText.number(digits.span, 4..<6),
            let queryDay = CellText.number(digits.span, 6..<8),
            let taken = Day(year: year, month: queryMonth, day: queryDay)
        {
            for candidate in [year, year - 1, year + 1] {
                guard let date = Day(year: candidate, month: month, day: day) else { continue }
                if abs(date.daysSince1970 - taken.daysSince1970) <= 1 { return date }
            }
        }
        let tomorrow = today.adding(days: 1)
        let years = stride(from: tomorrow.year, to: tomorrow.year - leapYearsApart, by: -1)
        return years.lazy.compactMap { Day(year: $0, month: month, day: day) }.first { $0 <= tomorrow }
    }

    /// Years that may lie between two that have a 29 February.
    private static let leapYearsApart = 9
}
