/// One text of the word files, cut into words and placeholders.
///
/// `{amount}` is replaced by the value of that name. `{count, file|files}` is replaced by the first form when the value
/// is `1` and by the second otherwise, for languages that need it.
public struct Pattern: Sendable, Hashable {
    /// A stretch of a pattern.
    public enum Piece: Sendable, Hashable {
        case words(String)
        case value(String)
        case form(of: String, one: String, other: String)
    }

    public let pieces: [Piece]

    /// The names of the values that the pattern needs.
    public var names: Set<String> {
        Set(
            pieces.compactMap { piece in
                switch piece {
                case .words: nil
                case .value(let name), .form(let name, _, _): name
                }
            })
    }

    /// Reads a pattern; nil when a brace is left open or a name has anything but letters, digits and `-`.
    init?(_ text: String) {
        var pieces: [Piece] = []
        var rest = text[...]
        while let open = rest.firstIndex(of: "{") {
            if open > rest.startIndex { pieces.append(.words(String(rest[..<open]))) }
            guard let close = rest[open...].firstIndex(of: "}") else { return nil }
            guard let piece = Pattern.placeholder(rest[rest.index(after: open)..<close]) else { return nil }
            pieces.append(piece)
            rest = rest[rest.index(after: close)...]
        }
        guard !rest.contains("}") else { return nil }
        if !rest.isEmpty { pieces.append(.words(String(rest))) }
        self.pieces = pieces
    }

    /// The text with its values in place; a value that is not given stays visible as `{name}`.
    func filled(_ values: [String: String]) -> String {
        pieces.map { piece in
            switch piece {
            case .words(let words): words
            case .value(let name): values[name] ?? "{\(name)}"
            case .form(let name, let one, let other): values[name] == "1" ? one : other
            }
        }.joined()
    }

    private static func placeholder(_ inside: Substring) -> Piece? {
        let parts = inside.split(separator: ",", maxSplits: 1, omittingEmptySubsequences: false)
        guard let name = parts.first, isName(name) else { return nil }
        guard parts.count == 2 else { return .value(String(name)) }
        let forms = parts[1].drop { $0 == " " }.split(separator: "|", omittingEmptySubsequences: false)
        guard forms.count == 2 else { return nil }
        return .form(of: String(name), one: String(forms[0]), other: String(forms[1]))
    }

    private static func isName(_ text: Substring) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { (48...57).contains($0) || (97...122).contains($0 | 32) || $0 == 45 }
    }
}
