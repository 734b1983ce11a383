/// The tags of one Mustache template, for checking them before anyone asks for the page.
indirect enum Tag: Sendable, Hashable {
    case variable(String)
    case section(String, [Tag])
    case inverted(String, [Tag])
    case partial(String)
    case parent(String, blocks: [String: [Tag]])
    case block(String, [Tag])
}

/// Why a template's tags cannot be read.
enum TagFault: Error, Sendable, Hashable {
    case openTag
    case unescaped(String)
    case lambdaOrSetting(String)
    case wrongClose(expected: String?, found: String)
    case neverClosed(String)
}

/// Reads the tags of a template. It knows the part of Mustache that the portal allows: no unescaped values, no changed
/// delimiters, no transforms, no dynamic names.
struct TagReader {
    private var rest: Substring

    static func tags(of template: String) throws(TagFault) -> [Tag] {
        var reader = TagReader(rest: template[...])
        return try reader.tags(until: nil)
    }

    private mutating func tags(until close: String?) throws(TagFault) -> [Tag] {
        var tags: [Tag] = []
        while let inside = try next() {
            guard let sigil = inside.first else { throw .openTag }
            let name = TagReader.trimmed(inside.dropFirst())
            switch sigil {
            case "!": continue
            case "{", "&": throw .unescaped(String(inside))
            case "=", "%": throw .lambdaOrSetting(String(inside))
            case "#": tags.append(.section(name, try self.tags(until: name)))
            case "^": tags.append(.inverted(name, try self.tags(until: name)))
            case "$": tags.append(.block(name, try self.tags(until: name)))
            case ">": tags.append(.partial(name))
            case "<": tags.append(.parent(name, blocks: TagReader.blocks(try self.tags(until: name))))
            case "/":
                guard name == close else { throw .wrongClose(expected: close, found: name) }
                return tags
            default:
                let name = TagReader.trimmed(inside)
                guard !name.contains("("), !name.contains("*") else { throw .lambdaOrSetting(name) }
                tags.append(.variable(name))
            }
        }
        if let close { throw .neverClosed(close) }
        return tags
    }

    /// The inside of the next tag; nil at the end of the template.
    private mutating func next() throws(TagFault) -> Substring? {
        guard let open = TagReader.position(of: "{{", in: rest) else { return nil }
        rest = rest[rest.index(open, offsetBy: 2)...]
        guard let close = TagReader.position(of: "}}", in: rest) else { throw .openTag }
        let inside = TagReader.trimmedPart(rest[..<close])
        rest = rest[rest.index(close, offsetBy: 2)...]
        return inside
    }

    private static func blocks(_ tags: [Tag]) -> [String: [Tag]] {
        var blocks: [String: [Tag]] = [:]
        for tag in tags {
            if case .block(let name, let inside) = tag { blocks[name] = inside }
        }
        return blocks
    }

    private static func position(of pair: String, in text: Substring) -> String.Index? {
        guard let wanted = pair.first else { return nil }
        var start = text.startIndex
        while let found = text[start...].firstIndex(of: wanted) {
            if text[found...].hasPrefix(pair) { return found }
            start = text.index(after: found)
        }
        return nil
    }

    private static func trimmed(_ text: Substring) -> String { String(trimmedPart(text)) }

    private static func trimmedPart(_ text: Substring) -> Substring {
        var text = text.drop(while: \.isWhitespace)
        while text.last?.isWhitespace == true { text.removeLast() }
        return text
    }
}
