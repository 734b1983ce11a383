import RefundDomain

extension CSVReader {
    /// How many cells the record has beyond a number, blank ones at the end not counted.
    func surplusCells(beyond count: Int) -> Int {
        var found = cells.count
        while found > count, let last = cells.prefix(found).last, last.range.isEmpty { found -= 1 }
        return found - count
    }

    /// Reads a cell; nil when the file has no such column or nothing stands there.
    ///
    /// - Throws: what `read` throws, with line, column and excerpt.
    func value<Value>(
        _ place: Place, _ read: (Span<UInt8>) throws(LineFault.Reason) -> Value
    ) throws(LineFault) -> Value? {
        guard let index = place.index, cells.indices.contains(index) else { return nil }
        let cell = cells[index]
        if cell.hasDoubledQuotes {
            let bytes = withoutDoubledQuotes(buffer[cell.range])
            return try value(place, bytes.span, 0..<bytes.count, read)
        }
        return try value(place, buffer.span, cell.range, read)
    }

    private func value<Value>(
        _ place: Place, _ bytes: borrowing Span<UInt8>, _ cell: Range<Int>,
        _ read: (Span<UInt8>) throws(LineFault.Reason) -> Value
    ) throws(LineFault) -> Value? {
        let range = CellText.trimmed(bytes, cell)
        guard !range.isEmpty else { return nil }
        do throws(LineFault.Reason) {
            return try read(bytes.extracting(range))
        } catch {
            let isCard = error == .cardNotMasked || error == .notACard
            let excerpt = isCard ? nil : LineFault.excerpt(of: CellText.string(bytes.extracting(range)))
            throw LineFault(line: line, column: place.heading, reason: error, excerpt: excerpt)
        }
    }

    /// Reads a cell that must not be empty.
    func required<Value>(
        _ place: Place, _ read: (Span<UInt8>) throws(LineFault.Reason) -> Value
    ) throws(LineFault) -> Value {
        guard let value = try value(place, read) else { throw fault(place, .missing) }
        return value
    }

    /// A fault of a cell, without what stands in it.
    func fault(_ place: Place, _ reason: LineFault.Reason) -> LineFault {
        LineFault(line: line, column: place.heading, reason: reason, excerpt: nil)
    }

    /// Whether the first cell is this text.
    func begins(with text: String) -> Bool {
        guard let cell = cells.first, cell.range.count == text.utf8.count else { return false }
        return buffer[cell.range].elementsEqual(text.utf8)
    }

    /// All cells as text, for the line of headings.
    func texts() -> [String] {
        cells.map { cell in
            let bytes = cell.hasDoubledQuotes ? withoutDoubledQuotes(buffer[cell.range]) : Array(buffer[cell.range])
            let span = bytes.span
            return CellText.string(span.extracting(CellText.trimmed(span, 0..<bytes.count)))
        }
    }

    private func withoutDoubledQuotes(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        var quoteBefore = false
        for byte in bytes {
            quoteBefore = byte == UInt8(ascii: "\"") && !quoteBefore
            if !quoteBefore { result.append(byte) }
        }
        return result
    }
}

/// What the bytes of one cell mean.
enum CellText {
    /// Longest number or code, in characters; channels use at most 64 (WeChat Pay's 商户退款单号).
    static let codeCharactersMax = 64

    /// A cell without what spreadsheets and WeChat Pay put around values: blanks, a back-tick, `'…` and `="…"`.
    static func trimmed(_ bytes: borrowing Span<UInt8>, _ cell: Range<Int>) -> Range<Int> {
        var range = withoutBlanks(bytes, cell)
        guard let first = range.first else { return range }
        if bytes[first] == UInt8(ascii: "`") || bytes[first] == UInt8(ascii: "'") {
            range = withoutBlanks(bytes, (first + 1)..<range.upperBound)
        } else if range.count >= 3, bytes[first] == UInt8(ascii: "="), bytes[first + 1] == UInt8(ascii: "\""),
            bytes[range.upperBound - 1] == UInt8(ascii: "\"")
        {
            range = withoutBlanks(bytes, (first + 2)..<(range.upperBound - 1))
        }
        return range
    }

    private static func withoutBlanks(_ bytes: borrowing Span<UInt8>, _ cell: Range<Int>) -> Range<Int> {
        var (first, last) = (cell.lowerBound, cell.upperBound)
        while first < last, bytes[first] == 0x20 || bytes[first] == 0x09 { first += 1 }
        while last > first, bytes[last - 1] == 0x20 || bytes[last - 1] == 0x09 { last -= 1 }
        return first..<last
    }

    /// The bytes as text; they were checked to be UTF-8 when they were read.
    static func string(_ bytes: borrowing Span<UInt8>) -> String {
        bytes.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
    }

    /// A number or code: printable ASCII without blanks.
    static func code(
        _ bytes: borrowing Span<UInt8>, max: Int = codeCharactersMax
    ) throws(LineFault.Reason) -> String {
        guard bytes.count <= max else { throw .tooLong(charactersMax: max) }
        for index in bytes.indices where !(0x21...0x7E).contains(bytes[index]) {
            throw bytes[index] < 0x20 || bytes[index] == 0x7F ? .controlCharacter : .notACode
        }
        return string(bytes)
    }

    /// A few words in any script, without control characters and without anything that may be a card's number.
    static func words(_ bytes: borrowing Span<UInt8>, max: Int) throws(LineFault.Reason) -> String {
        let text = string(bytes)
        guard bytes.count <= max || text.unicodeScalars.count <= max else { throw .tooLong(charactersMax: max) }
        var digits = 0
        for scalar in text.unicodeScalars {
            if scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) { throw .controlCharacter }
            digits = ("0"..."9").contains(scalar) ? digits + 1 : 0
            guard digits < CardText.numberDigits.lowerBound else { throw .cardNotMasked }
        }
        return text
    }

    /// The digits in a range as a number; nil when something else stands there.
    static func number(_ bytes: borrowing Span<UInt8>, _ range: Range<Int>) -> Int? {
        guard range.upperBound <= bytes.count, range.count <= 9 else { return nil }
        var result = 0
        for index in range {
            guard (0x30...0x39).contains(bytes[index]) else { return nil }
            result = result * 10 + Int(bytes[index] - 0x30)
        }
        return result
    }
}
