/// Finds words in a statement without being misled by what stands inside quotes and comments.
public enum SQLText {
    /// Rewrites the words of a statement, leaving literals, quoted names and comments as they are.
    ///
    /// A word is a run of ASCII letters, digits, `_` and `$`, such as `INT64` or `$12`.
    ///
    /// - Parameter replacement: what to put in place of a word; nil keeps it.
    public static func replacingWords(in sql: String, _ replacement: (Substring) -> String?) -> String {
        let text = sql.utf8
        var result = ""
        var position = text.startIndex
        while position < text.endIndex {
            let end = endOfPiece(in: text, from: position)
            let piece = sql[position..<end]
            if isWord(text[position]), let other = replacement(piece) {
                result += other
            } else {
                result += piece
            }
            position = end
        }
        return result
    }

    /// Where the piece that begins at `start` ends: a quoted part, a comment, a word, or one other byte.
    private static func endOfPiece(in text: String.UTF8View, from start: String.Index) -> String.Index {
        let first = text[start]
        let next = text.index(after: start)
        let second = next < text.endIndex ? text[next] : 0
        switch first {
        case UInt8(ascii: "'"), UInt8(ascii: "\""):
            // A doubled quote ends one quoted part and begins the next, which comes to the same.
            return end(after: [first], in: text, from: next)
        case UInt8(ascii: "-") where second == UInt8(ascii: "-"):
            return end(after: [UInt8(ascii: "\n")], in: text, from: next)
        case UInt8(ascii: "/") where second == UInt8(ascii: "*"):
            return end(after: [UInt8(ascii: "*"), UInt8(ascii: "/")], in: text, from: text.index(after: next))
        default:
            let same = isWord(first)
            return text[next...].firstIndex { isWord($0) != same || isOpening($0) } ?? text.endIndex
        }
    }

    /// The place just behind the first `mark` at or after `start`, or the end of the text.
    private static func end(
        after mark: [UInt8], in text: String.UTF8View, from start: String.Index
    ) -> String.Index {
        var rest = text[start...]
        while !rest.isEmpty {
            if rest.starts(with: mark) { return text.index(rest.startIndex, offsetBy: mark.count) }
            rest = rest.dropFirst()
        }
        return text.endIndex
    }

    private static func isOpening(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "-")
            || byte == UInt8(ascii: "/")
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "$"):
            true
        default:
            false
        }
    }
}
