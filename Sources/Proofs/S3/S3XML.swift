/// One element of an S3 answer.
struct S3Element: Hashable {
    let name: String
    /// The text directly inside it.
    let text: String
    let children: [S3Element]

    /// The text of the first child of a name.
    func text(of name: String) -> String? {
        children.first { $0.name == name }?.text
    }
}

/// Reads the small XML documents that S3 answers with, and nothing more of XML: no document type and so no entities
/// beyond the five of XML itself, no comments, no sections. Attributes are skipped.
struct S3XML {
    private var rest: ArraySlice<UInt8>

    private static let depthMax = 8

    /// The document's element; nil for anything that is not one well-formed element.
    static func read(_ bytes: [UInt8]) -> S3Element? {
        var reader = S3XML(rest: bytes[...])
        reader.skipSpace()
        if reader.skip("<?xml") {
            guard reader.text(until: "?>") != nil else { return nil }
        }
        reader.skipSpace()
        guard let root = reader.element(depth: 1) else { return nil }
        reader.skipSpace()
        return reader.rest.isEmpty ? root : nil
    }

    private mutating func element(depth: Int) -> S3Element? {
        guard depth <= S3XML.depthMax, skip("<"), let name = name() else { return nil }
        guard let isEmpty = endOfTag() else { return nil }
        if isEmpty { return S3Element(name: name, text: "", children: []) }
        var text: [UInt8] = []
        var children: [S3Element] = []
        while let byte = rest.first {
            if skip("</") {
                guard self.name() == name else { return nil }
                skipSpace()
                guard skip(">"), let text = String(validating: text, as: UTF8.self) else { return nil }
                return S3Element(name: name, text: text, children: children)
            }
            switch byte {
            case UInt8(ascii: "<"):
                guard let child = element(depth: depth + 1) else { return nil }
                children.append(child)
            case UInt8(ascii: "&"):
                rest.removeFirst()
                guard let character = entity() else { return nil }
                text += Array(String(character).utf8)
            default:
                text.append(byte)
                rest.removeFirst()
            }
        }
        return nil
    }

    private mutating func name() -> String? {
        let name = rest.prefix { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                || [0x2D, 0x2E, 0x3A, 0x5F].contains(byte)
        }
        rest = rest.dropFirst(name.count)
        return name.isEmpty ? nil : String(decoding: name, as: UTF8.self)
    }

    /// Skips attributes and the end of a start tag; tells whether the element ends there too.
    private mutating func endOfTag() -> Bool? {
        var quote: UInt8?
        var last: UInt8?
        while let byte = rest.popFirst() {
            if let open = quote {
                if byte == open { quote = nil }
            } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                quote = byte
            } else if byte == UInt8(ascii: ">") {
                return last == UInt8(ascii: "/")
            } else if byte == UInt8(ascii: "<") {
                return nil
            }
            last = byte
        }
        return nil
    }

    private mutating func entity() -> Character? {
        switch text(until: ";", bytesMax: 10) {
        case "amp": return "&"
        case "lt": return "<"
        case "gt": return ">"
        case "quot": return "\""
        case "apos": return "'"
        case let number? where number.hasPrefix("#x"): return character(UInt32(number.dropFirst(2), radix: 16))
        case let number? where number.hasPrefix("#"): return character(UInt32(number.dropFirst(1)))
        case .some, nil: return nil
        }
    }

    private func character(_ number: UInt32?) -> Character? {
        number.flatMap(Unicode.Scalar.init).map(Character.init)
    }

    private mutating func text(until end: String, bytesMax: Int = 256) -> String? {
        var text: [UInt8] = []
        while !skip(end) {
            guard let byte = rest.popFirst(), text.count < bytesMax else { return nil }
            text.append(byte)
        }
        return String(validating: text, as: UTF8.self)
    }

    private mutating func skip(_ text: String) -> Bool {
        guard rest.starts(with: text.utf8) else { return false }
        rest = rest.dropFirst(text.utf8.count)
        return true
    }

    private mutating func skipSpace() {
        rest = rest.drop { [0x09, 0x0A, 0x0D, 0x20].contains($0) }
    }
}
