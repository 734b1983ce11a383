/// Reads percent-encoded text strictly: bad escapes, bad UTF-8 and NUL are faults, never guesses.
enum URLText {
    /// The names and values of `a=1&b=two+words`; a name without `=` has an empty value.
    static func pairs(_ text: some Sequence<UInt8>, countMax: Int) throws(RequestFault) -> [(String, String)] {
        var pairs: [(String, String)] = []
        for part in text.split(separator: UInt8(ascii: "&"), omittingEmptySubsequences: true) {
            guard pairs.count < countMax else { throw .tooLarge }
            let sides = part.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = sides.first else { continue }
            pairs.append((try decoded(name), try decoded(sides.dropFirst().first ?? [])))
        }
        return pairs
    }

    private static func decoded(_ bytes: ArraySlice<UInt8>) throws(RequestFault) -> String {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var iterator = bytes.makeIterator()
        while let byte = iterator.next() {
            switch byte {
            case UInt8(ascii: "+"): result.append(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                guard let high = iterator.next().flatMap(digit), let low = iterator.next().flatMap(digit) else {
                    throw .malformed
                }
                result.append(high << 4 | low)
            default: result.append(byte)
            }
        }
        return try text(result)
    }

    /// The bytes as text; a fault for bad UTF-8 and for NUL.
    static func text(_ bytes: [UInt8]) throws(RequestFault) -> String {
        guard !bytes.contains(0), let text = String(validating: bytes, as: UTF8.self) else { throw .malformed }
        return text
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 48...57: byte - 48
        case 65...70: byte - 55
        case 97...102: byte - 87
        default: nil
        }
    }
}
