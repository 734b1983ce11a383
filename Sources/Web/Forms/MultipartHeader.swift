/// Reads the few header fields of multipart/form-data that matter (RFC 7578, RFC 2046).
enum MultipartHeader {
    /// The longest boundary (RFC 2046, 5.1.1).
    static let boundaryBytesMax = 70
    /// The longest file name that is kept for showing, in characters.
    static let fileNameCharactersMax = 120

    /// The boundary of a `Content-Type`; nil when it is not multipart/form-data with a well-formed boundary.
    static func boundary(of contentType: String?) -> [UInt8]? {
        guard let contentType, FormFields.mediaType(contentType) == "multipart/form-data",
            let value = parameter("boundary", of: contentType)
        else { return nil }
        let bytes = Array(value.utf8)
        guard (1...boundaryBytesMax).contains(bytes.count), bytes.last != 32 else { return nil }
        return bytes.allSatisfy(isBoundaryByte) ? bytes : nil
    }

    /// The name, file name and media type of a part from its header lines.
    static func part(_ header: [UInt8]) throws(RequestFault) -> UploadPart {
        let text = try URLText.text(header)
        var disposition: String?
        var type: String?
        for line in text.split(separator: "\r\n") {
            let sides = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            guard sides.count == 2, let name = sides.first, let value = sides.last else { throw .malformed }
            switch name.lowercased() {
            case "content-disposition" where disposition == nil: disposition = String(value)
            case "content-disposition": throw .malformed
            case "content-type": type = FormFields.mediaType(String(value))
            default: continue
            }
        }
        guard let disposition, FormFields.mediaType(disposition) == "form-data",
            let name = parameter("name", of: disposition), type?.hasPrefix("multipart/") != true
        else { throw .malformed }
        let fileName = parameter("filename", of: disposition)
        return UploadPart(name: name, fileName: fileName.map(displayed), isFile: fileName != nil, mediaType: type)
    }

    /// A parameter's value, quoted or not. Browsers write a quote inside a value as `%22`, older ones as `\"`.
    static func parameter(_ wanted: String, of header: String) -> String? {
        var rest = header[...].drop { $0 != ";" }
        while rest.first == ";" {
            rest = rest.dropFirst().drop { $0 == " " || $0 == "\t" }
            let name = rest.prefix { $0 != "=" && $0 != ";" }
            rest = rest.dropFirst(name.count)
            guard rest.first == "=" else { continue }
            let value = taken(&rest)
            if name.lowercased() == wanted { return value }
        }
        return nil
    }

    /// Takes `="value"` or `=value` off the front.
    private static func taken(_ rest: inout Substring) -> String {
        rest = rest.dropFirst()
        guard rest.first == "\"" else {
            let value = rest.prefix { $0 != ";" }
            rest = rest.dropFirst(value.count)
            return String(value.filter { $0 != " " && $0 != "\t" })
        }
        var value = ""
        var escaped = false
        rest = rest.dropFirst()
        while let character = rest.popFirst() {
            if escaped {
                value += character == "\"" ? "\"" : "\\\(character)"
                escaped = false
            } else if character == "\\" {
                escaped = true
            } else if character == "\"" {
                break
            } else {
                value.append(character)
            }
        }
        rest = rest.drop { $0 != ";" }
        return value
    }

    /// A sent file name as it may be shown: the last path component without control and direction characters.
    static func displayed(_ name: String) -> String {
        let last = name.split { $0 == "/" || $0 == "\\" }.last ?? ""
        let shown = last.unicodeScalars.filter { scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .surrogate, .privateUse, .lineSeparator, .paragraphSeparator: false
            default: true
            }
        }
        return String(String(String.UnicodeScalarView(shown)).prefix(fileNameCharactersMax))
    }

    private static func isBoundaryByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 48...57, 65...90, 97...122: true
        default: "'()+_,-./:=? ".utf8.contains(byte)
        }
    }
}

/// The heading of one part of an upload.
public struct UploadPart: Sendable, Hashable {
    /// The form field's name.
    public let name: String
    /// The file's name on the sender's machine, cleaned for showing; never a path, never for storing under.
    public let fileName: String?
    /// Whether the part is a file field, also when no file was chosen (the name is then empty).
    public let isFile: Bool
    /// What the sender says the content is, in lower case; a hint at most.
    public let mediaType: String?
}
