/// Card numbers as channels show them.
enum MaskedCard {
    /// A card number with at most its first six and last four digits; nil for everything else, which is not for our
    /// eyes.
    static func text(_ text: String) -> String? {
        let isDigit: (UInt8) -> Bool = { (48...57).contains($0) }
        let bytes = Array(text.utf8)
        let head = bytes.prefix(while: isDigit)
        let tail = bytes.reversed().prefix(while: isDigit)
        let middle = bytes.dropFirst(head.count).dropLast(tail.count)
        guard bytes.count <= 19, head.count <= 6, tail.count <= 4, !middle.isEmpty,
            middle.allSatisfy({ $0 == UInt8(ascii: "*") })
        else { return nil }
        return text
    }
}
