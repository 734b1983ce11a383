/// Finds the bytes of one member's value in a JSON object, as they stand there.
///
/// Some channels sign the text of a part of their answer. Written out again after reading, its spaces, escapes and
/// order would be others, and the signature would not fit.
enum RawMember {
    /// The value of a member of the outermost object.
    ///
    /// Brackets within strings count for nothing. The document must have been read by ``StrictJSON`` before, which
    /// refuses what is no JSON and names that stand twice.
    static func bytes(of name: String, in document: [UInt8]) -> ArraySlice<UInt8>? {
        var depth = 0
        var index = 0
        var key: ArraySlice<UInt8>?
        var start: Int?
        while index < document.count {
            switch document[index] {
            case UInt8(ascii: "\""):
                let end = endOfString(from: index, in: document)
                if depth == 1, start == nil { key = document[(index + 1)..<max(end, index + 1)] }
                index = end
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: ":") where depth == 1 && start == nil:
                if let key, key.elementsEqual(name.utf8) { start = index + 1 }
            case UInt8(ascii: ",") where depth == 1:
                if let start { return trimmed(document[start..<index]) }
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                if depth == 0, let start { return trimmed(document[start..<index]) }
            default: break
            }
            index += 1
        }
        return nil
    }

    /// The place of the quotation mark that ends the string that begins at `start`; the document's end if none does.
    private static func endOfString(from start: Int, in document: [UInt8]) -> Int {
        var index = start + 1
        while index < document.count, document[index] != UInt8(ascii: "\"") {
            index += document[index] == UInt8(ascii: "\\") ? 2 : 1
        }
        return min(index, document.count)
    }

    private static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let isSpace: (UInt8) -> Bool = { $0 == 0x20 || (0x09...0x0D).contains($0) }
        let rest = bytes.drop(while: isSpace)
        return rest[..<(rest.lastIndex { !isSpace($0) }.map { $0 + 1 } ?? rest.startIndex)]
    }
}
