import RefundDomain

extension CellText {
    /// A date and a time: `2026-11-22 09:10:05`, with `/` or `T`, without seconds, or as 14 digits in a row.
    static func time(_ bytes: borrowing Span<UInt8>) throws(LineFault.Reason) -> LocalTime {
        let clock: Range<Int>? =
            switch bytes.count {
            case 19 where bytes[13] == UInt8(ascii: ":") && bytes[16] == UInt8(ascii: ":"): 11..<19
            case 14: 8..<14
            case 15 where bytes[8] == UInt8(ascii: " "): 9..<15
            default: nil
            }
        guard let clock else {
            guard bytes.count <= timeBytesMax, let time = LocalTime(iso: string(bytes)) else { throw .notATime }
            return time
        }
        let dateBytes = bytes.count == 19 ? 10 : 8
        if bytes.count == 19, bytes[10] != UInt8(ascii: " "), bytes[10] != UInt8(ascii: "T") { throw .notATime }
        guard let day = day(bytes, length: dateBytes) else { throw .notATime }
        let step = clock.count == 8 ? 3 : 2
        let first = clock.lowerBound
        guard let hour = number(bytes, first..<(first + 2)),
            let minute = number(bytes, (first + step)..<(first + step + 2)),
            let second = number(bytes, (first + 2 * step)..<(first + 2 * step + 2)),
            let time = LocalTime(day: day, hour: hour, minute: minute, second: second)
        else { throw .notATime }
        return time
    }

    /// The longest text that may be a time, in bytes.
    private static let timeBytesMax = 32

    /// A date: `2026-11-22`, `2026/11/22` or `20261122`.
    static func day(_ bytes: borrowing Span<UInt8>) throws(LineFault.Reason) -> Day {
        if let day = day(bytes, length: bytes.count) { return day }
        guard bytes.count <= timeBytesMax, let day = Day(iso: string(bytes)) else { throw .notADay }
        return day
    }

    /// The date in the first 8 or 10 bytes.
    private static func day(_ bytes: borrowing Span<UInt8>, length: Int) -> Day? {
        guard length == 8 || length == 10, bytes.count >= length else { return nil }
        let gap = length == 10 ? 1 : 0
        if gap == 1 {
            let sign = bytes[4]
            guard bytes[7] == sign, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "/") else { return nil }
        }
        guard let year = number(bytes, 0..<4), let month = number(bytes, (4 + gap)..<(6 + gap)),
            let day = number(bytes, (6 + 2 * gap)..<(8 + 2 * gap))
        else { return nil }
        return Day(year: year, month: month, day: day)
    }

    /// An amount in thousandths of the currency's minor unit, with its sign; so many decimals are as exact as
    /// WeChat Pay's fees.
    static func thousandths(
        _ bytes: borrowing Span<UInt8>, _ currency: Currency, max: Int64 = Money.minorMax * 1000
    ) throws(LineFault.Reason) -> Int64 {
        let isNegative = bytes[0] == UInt8(ascii: "-")
        let decimals = currency.digits + 3
        var value: Int64 = 0
        var seen = 0
        var point: Int?
        for index in (isNegative ? 1 : 0)..<bytes.count {
            let byte = bytes[index]
            if byte == UInt8(ascii: "."), point == nil {
                point = seen
                continue
            }
            guard (0x30...0x39).contains(byte) else { return try spelledOut(bytes, currency) }
            seen += 1
            if let point, seen - point > decimals {
                guard byte == 0x30 else { throw .amount(.tooManyDecimals(allowed: decimals)) }
                continue
            }
            value = value * 10 + Int64(byte - 0x30)
            guard value <= max else { throw .amount(.tooLarge) }
        }
        guard seen > 0 else { throw .amount(.unreadable) }
        for _ in 0..<Swift.max(decimals - (point.map { seen - $0 } ?? 0), 0) {
            value *= 10
            guard value <= max else { throw .amount(.tooLarge) }
        }
        return isNegative ? -value : value
    }

    /// An amount with commas, a currency sign or full-width digits.
    private static func spelledOut(
        _ bytes: borrowing Span<UInt8>, _ currency: Currency
    ) throws(LineFault.Reason) -> Int64 {
        guard bytes.count <= Money.textCharactersMax * 3 else { throw .amount(.unreadable) }
        do throws(AmountFault) {
            return try Money.parse(string(bytes), in: currency).minor * 1000
        } catch {
            throw .amount(error)
        }
    }

    /// A whole amount above zero.
    static func money(_ bytes: borrowing Span<UInt8>, _ currency: Currency) throws(LineFault.Reason) -> Money {
        try money(thousandths: thousandths(bytes, currency), currency)
    }

    /// A whole amount above zero, whichever sign it has.
    static func money(eitherSign bytes: borrowing Span<UInt8>, _ currency: Currency) throws(LineFault.Reason) -> Money {
        try money(thousandths: abs(thousandths(bytes, currency)), currency)
    }

    static func money(thousandths: Int64, _ currency: Currency) throws(LineFault.Reason) -> Money {
        guard thousandths >= 0 else { throw .amount(.negative) }
        guard thousandths % 1000 == 0 else { throw .amount(.tooManyDecimals(allowed: currency.digits)) }
        guard thousandths > 0 else { throw .zeroAmount }
        guard let money = Money(minor: thousandths / 1000, currency: currency) else { throw .amount(.tooLarge) }
        return money
    }

    /// A currency's code; `RMB` and 人民币 mean CNY.
    static func currency(_ bytes: borrowing Span<UInt8>) throws(LineFault.Reason) -> Currency {
        guard bytes.count <= 16 else { throw .unknownCurrency }
        let text = string(bytes)
        guard let currency = Currency(code: text == "人民币" ? "CNY" : text.uppercased()) else { throw .unknownCurrency }
        return currency
    }
}

/// What of a card may be read from a statement.
enum CardText {
    /// How many digits a whole card number has (ISO/IEC 7812).
    static let numberDigits = 13...19
    /// The longest text of a masked number, in bytes.
    private static let bytesMax = 64
    /// Digits that a masked number may show: 8 and 4.
    private static let digitsMax = 12

    /// The first six and last four digits of a masked number such as `622588******1234`; what a file shows beyond
    /// them is dropped.
    static func masked(_ bytes: borrowing Span<UInt8>) throws(LineFault.Reason) -> (first6: String?, last4: String) {
        guard bytes.count <= bytesMax else { throw .tooLong(charactersMax: bytesMax) }
        var digits: [UInt8] = []
        var shownFirst = 0
        var maskSeen = false
        for index in bytes.indices {
            let byte = bytes[index]
            switch byte {
            case 0x30...0x39:
                digits.append(byte)
                if !maskSeen { shownFirst += 1 }
            case UInt8(ascii: "*"), UInt8(ascii: "x"), UInt8(ascii: "X"), UInt8(ascii: "#"): maskSeen = true
            case UInt8(ascii: " "), UInt8(ascii: "-"): continue
            default: throw .notACard
            }
        }
        guard digits.count <= digitsMax else { throw .cardNotMasked }
        if !maskSeen, digits.count != 10 && digits.count != 4 { throw .notACard }
        let last = maskSeen ? digits.count - shownFirst : 4
        guard last >= 4 else { throw .notACard }
        let first = maskSeen ? shownFirst : digits.count - 4
        let first6 = first >= 6 ? String(decoding: digits.prefix(6), as: UTF8.self) : nil
        return (first6, String(decoding: digits.suffix(4), as: UTF8.self))
    }

    /// The kind of card by the word a file has for it; nil for a word that says nothing.
    static func kind(_ bytes: borrowing Span<UInt8>) throws(LineFault.Reason) -> CardKind? {
        let word = try CellText.words(bytes, max: 32)
        if let known = kinds[word] { return known }
        return kinds[word.lowercased()]
    }

    private static let kinds: [String: CardKind] = [
        "借记卡": .debit, "储蓄卡": .debit, "借记": .debit, "debit": .debit, "debit card": .debit,
        "贷记卡": .credit, "信用卡": .credit, "贷记": .credit, "credit": .credit, "credit card": .credit,
        "准贷记卡": .semiCredit, "准贷记": .semiCredit, "semi-credit": .semiCredit,
        "预付卡": .prepaid, "预付费卡": .prepaid, "prepaid": .prepaid, "prepaid card": .prepaid,
    ]
}
