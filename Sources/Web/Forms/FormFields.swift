import HTTPTypes
public import Hummingbird
import NIOCore

/// The fields of a form as they were sent. Meaning is given to them elsewhere: everything is text.
///
/// The first value of a name wins where one is wanted; lists keep their order.
public struct FormFields: Sendable, Hashable {
    /// The largest form without files, in bytes.
    public static let bytesMax = 64 * 1024
    /// The largest number of fields in a form or query.
    public static let fieldsMax = 200

    private var values: [String: [String]] = [:]

    public init(_ pairs: [(String, String)] = []) {
        for (name, value) in pairs { append(name, value) }
    }

    mutating func append(_ name: String, _ value: String) {
        values[name, default: []].append(value)
    }

    /// The first value of a field without white space around it; nil when it is missing or blank.
    public func text(_ name: String) -> String? {
        guard let first = values[name]?.first else { return nil }
        var text = first[...].drop(while: \.isWhitespace)
        while text.last?.isWhitespace == true { text.removeLast() }
        return text.isEmpty ? nil : String(text)
    }

    /// The first value of a field exactly as it was sent, to put back into the page.
    public func typed(_ name: String) -> String? { values[name]?.first }

    /// Every value of a field, in order.
    public func list(_ name: String) -> [String] { values[name] ?? [] }

    /// Everything that was sent, by names; values of one name keep their order.
    public var pairs: [(name: String, value: String)] {
        values.sorted { $0.key < $1.key }.flatMap { name, list in list.map { (name: name, value: $0) } }
    }

    /// The names that were sent.
    public var names: Set<String> { Set(values.keys) }

    /// Reads an `application/x-www-form-urlencoded` body.
    ///
    /// - Throws: ``RequestFault/tooLarge`` above ``bytesMax`` or ``fieldsMax``, ``RequestFault/malformed`` for bad
    ///   escapes, bad UTF-8, NUL or another content type.
    public static func read(_ request: Request) async throws -> FormFields {
        guard mediaType(request.headers[.contentType]) == "application/x-www-form-urlencoded" else {
            throw RequestFault.malformed
        }
        if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > bytesMax {
            throw RequestFault.tooLarge
        }
        let body = try await request.body.collect(upTo: bytesMax)
        return FormFields(try URLText.pairs(body.readableBytesView, countMax: fieldsMax))
    }

    /// Reads the query of an address.
    ///
    /// - Throws: ``RequestFault/malformed`` for bad escapes, bad UTF-8 or NUL.
    public static func query(_ request: Request) throws(RequestFault) -> FormFields {
        try query(request.uri.query ?? "")
    }

    /// Reads the text of a query: `a=1&b=two`.
    ///
    /// - Throws: ``RequestFault/malformed`` for bad escapes, bad UTF-8 or NUL.
    public static func query(_ text: String) throws(RequestFault) -> FormFields {
        FormFields(try URLText.pairs(text.utf8, countMax: fieldsMax))
    }

    /// The media type of a `Content-Type` value without its parameters, in lower case.
    static func mediaType(_ header: String?) -> String? {
        header.map { value in value.prefix { $0 != ";" }.filter { $0 != " " && $0 != "\t" }.lowercased() }
    }
}
