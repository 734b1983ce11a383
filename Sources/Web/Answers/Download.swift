import HTTPTypes
public import Hummingbird

/// Answers with files that people gave us and with pictures drawn from them, so that no browser ever opens one as a
/// page of ours.
public enum Download {
    /// The policy of a downloaded file: nothing runs, nothing loads.
    static let policy = "sandbox; default-src 'none'"

    /// A file as an attachment.
    ///
    /// - Parameters:
    ///   - name: The file's name as shown to people; it is cleaned and sent in both forms of RFC 6266.
    ///   - mediaType: A type that we recognised ourselves, never one that was sent to us.
    ///   - body: The bytes, usually streamed.
    public static func response(name: String, mediaType: String, body: ResponseBody) -> Response {
        var headers = HTTPFields()
        headers[.contentType] = mediaType
        headers[.contentDisposition] = disposition(name)
        headers[.contentSecurityPolicy] = policy
        headers[.cacheControl] = "no-store"
        return Response(status: .ok, headers: headers, body: body)
    }

    /// A picture that we drew ourselves, shown in a page of this portal or by itself, and nowhere else.
    ///
    /// - Throws: ``RequestFault/notFound`` for a request that is for anything but looking at it.
    public static func picture(
        _ mediaType: String, body: ResponseBody, to request: Request
    ) throws(RequestFault) -> Response {
        if let wanted = request.headers[named: "Sec-Fetch-Dest"], !["image", "document"].contains(wanted) {
            throw .notFound
        }
        var headers = HTTPFields()
        headers[.contentType] = mediaType
        headers[.contentDisposition] = "inline"
        headers[.contentSecurityPolicy] = policy
        headers[named: "Cross-Origin-Resource-Policy"] = "same-origin"
        headers[named: "Referrer-Policy"] = "no-referrer"
        headers[.cacheControl] = "no-store"
        return Response(status: .ok, headers: headers, body: body)
    }

    /// `attachment` with the name in ASCII and in UTF-8 (RFC 6266, RFC 8187).
    static func disposition(_ name: String) -> String {
        let shown = MultipartHeader.displayed(name)
        let name = shown.isEmpty ? "file" : shown
        let ascii = String(decoding: name.utf8.map { isPlain($0) ? $0 : UInt8(ascii: "_") }, as: UTF8.self)
        let hex = Array("0123456789ABCDEF".utf8)
        var encoded: [UInt8] = []
        for byte in name.utf8 {
            if isPlain(byte), byte != UInt8(ascii: " ") {
                encoded.append(byte)
            } else {
                encoded += [UInt8(ascii: "%"), hex[Int(byte >> 4)], hex[Int(byte & 15)]]
            }
        }
        return "attachment; filename=\"\(ascii)\"; filename*=UTF-8''\(String(decoding: encoded, as: UTF8.self))"
    }

    /// Letters, digits and the few signs that need no quoting in either form.
    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case 48...57, 65...90, 97...122, UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: " "):
            true
        default: false
        }
    }
}
