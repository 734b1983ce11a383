public import HTTPTypes
public import HummingbirdTesting
import NIOCore
import Synchronization

/// Asks for pages as a browser does: keeps cookies, says where a form comes from, follows nothing by itself.
public final class Browser: Sendable {
    private let client: any TestClientProtocol
    private let acceptLanguage: String
    private let additions: String
    private let cookies = Mutex<[String: String]>([:])

    /// - Parameter additions: more fields at the end of every form, encoded.
    init(client: any TestClientProtocol, acceptLanguage: String, additions: String = "") {
        self.client = client
        self.acceptLanguage = acceptLanguage
        self.additions = additions
    }

    /// The value of a cookie that the portal set.
    public func cookie(_ name: String) -> String? { cookies.withLock { $0[name] } }

    /// Opens an address.
    public func get(_ address: String, _ extra: HTTPFields = [:]) async throws -> TestResponse {
        try await send(address, .get, extra, nil)
    }

    /// Asks for the head of an address alone.
    public func head(_ address: String) async throws -> TestResponse {
        try await send(address, .head, [:], nil)
    }

    /// Opens an address and follows redirects, at most five.
    public func open(_ address: String) async throws -> TestResponse {
        var response = try await get(address)
        for _ in 0..<5 {
            guard response.status == .seeOther, let next = response.headers[.location] else { break }
            response = try await get(next)
        }
        return response
    }

    /// Sends a form.
    public func post(
        _ address: String, _ fields: KeyValuePairs<String, String> = [:], _ extra: HTTPFields = [:]
    ) async throws -> TestResponse {
        let body = fields.map { "\(Browser.encoded($0.key))=\(Browser.encoded($0.value))" }.joined(separator: "&")
        return try await post(raw: address, body, extra)
    }

    /// Sends a form whose fields come in no order.
    public func post(_ address: String, pairs fields: [String: String]) async throws -> TestResponse {
        let pairs = fields.sorted { $0.key < $1.key }
        return try await post(
            raw: address, pairs.map { "\($0.key)=\(Browser.encoded($0.value))" }.joined(separator: "&"))
    }

    /// Sends a form's body as it is, however wrong.
    public func post(raw address: String, _ body: String, _ extra: HTTPFields = [:]) async throws -> TestResponse {
        var headers = extra
        headers[.contentType] = "application/x-www-form-urlencoded"
        let whole = [body, additions].filter { !$0.isEmpty }.joined(separator: "&")
        return try await send(address, .post, headers, ByteBuffer(string: whole))
    }

    /// Sends an empty form as another site's page can make a browser do it: with the cookies, and with these headers
    /// about where it comes from and no others.
    public func post(_ address: String, from headers: HTTPFields) async throws -> TestResponse {
        var all: HTTPFields = [.contentType: "application/x-www-form-urlencoded", .cookie: cookieLine]
        for field in headers { all[field.name] = field.value }
        return try await client.executeRequest(
            uri: address, method: .post, headers: all, body: ByteBuffer(string: "version=1"))
    }

    /// A file of an upload.
    public struct File: Sendable {
        let field: String
        let name: String
        let bytes: [UInt8]

        /// A file in a field of the form, under a name.
        public init(_ field: String = "file", name: String, _ bytes: [UInt8]) {
            self.field = field
            self.name = name
            self.bytes = bytes
        }
    }

    /// Sends a form with files: the text fields first, as our pages have them.
    public func upload(
        _ address: String, _ fields: KeyValuePairs<String, String> = [:], _ files: [File]
    ) async throws -> TestResponse {
        let boundary = "----refund-portal-test"
        var body = ByteBuffer()
        for (name, value) in fields {
            body.writeString("--\(boundary)\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n")
        }
        for file in files {
            body.writeString(
                "--\(boundary)\r\nContent-Disposition: form-data; name=\"\(file.field)\"; filename=\"\(file.name)\"\r\n"
                    + "Content-Type: application/octet-stream\r\n\r\n")
            body.writeBytes(file.bytes)
            body.writeString("\r\n")
        }
        body.writeString("--\(boundary)--\r\n")
        return try await send(
            address, .post, [.contentType: "multipart/form-data; boundary=\(boundary)"], body)
    }

    private func send(
        _ address: String, _ method: HTTPRequest.Method, _ extra: HTTPFields, _ body: ByteBuffer?
    ) async throws -> TestResponse {
        var headers: HTTPFields = [.acceptLanguage: acceptLanguage]
        if method == .post { headers[.origin] = PortalUnderTest.origin }
        if !cookieLine.isEmpty { headers[.cookie] = cookieLine }
        for field in extra { headers[field.name] = field.value }
        let response = try await client.executeRequest(uri: address, method: method, headers: headers, body: body)
        for line in response.headers[values: .setCookie] { keep(line) }
        return response
    }

    private var cookieLine: String {
        cookies.withLock { $0.map { "\($0.key)=\($0.value)" }.sorted().joined(separator: "; ") }
    }

    private func keep(_ line: String) {
        let pair = line.prefix { $0 != ";" }.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard let name = pair.first, let value = pair.last, pair.count == 2 else { return }
        cookies.withLock { $0[String(name)] = line.contains("Max-Age=0") ? nil : String(value) }
    }

    private static func encoded(_ text: String) -> String {
        text.utf8.map { byte in
            switch byte {
            case 48...57, 65...90, 97...122: String(UnicodeScalar(byte))
            default: "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }.joined()
    }
}

extension TestResponse {
    /// The page as text.
    public var page: String { String(buffer: body) }
}
