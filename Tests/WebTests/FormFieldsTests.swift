import HTTPTypes
import Hummingbird
import NIOCore
import Testing
import Web

/// A request without a network.
func request(
    _ method: HTTPRequest.Method = .get, _ path: String = "/", headers: HTTPFields = [:], body: RequestBody? = nil
) -> Request {
    Request(
        head: HTTPRequest(method: method, scheme: "http", authority: "localhost", path: path, headerFields: headers),
        body: body ?? RequestBody(buffer: ByteBuffer()))
}

@Suite struct FormFieldsTests {
    private let formType: HTTPFields = [.contentType: "application/x-www-form-urlencoded; charset=UTF-8"]

    private func read(_ text: String) async throws -> FormFields {
        try await read(Array(text.utf8))
    }

    private func read(_ bytes: [UInt8]) async throws -> FormFields {
        try await FormFields.read(
            request(.post, headers: formType, body: RequestBody(buffer: ByteBuffer(bytes: bytes))))
    }

    @Test func fieldsAreDecodedAndTrimmed() async throws {
        let fields = try await read("amount=%EF%BF%A550+&name=%E6%9E%97+%F0%9F%99%82&blank=+%09&empty=&alone")
        #expect(fields.text("amount") == "￥50")
        #expect(fields.typed("amount") == "￥50 ")
        #expect(fields.text("name") == "林 🙂")
        #expect(fields.text("blank") == nil)
        #expect(fields.text("empty") == nil)
        #expect(fields.text("missing") == nil)
        #expect(fields.typed("alone") == "")
    }

    @Test func theFirstValueWinsAndListsKeepTheirOrder() async throws {
        let fields = try await read("cases=b&amount=1&cases=a&amount=999&cases=c")
        #expect(fields.text("amount") == "1")
        #expect(fields.list("cases") == ["b", "a", "c"])
    }

    @Test(arguments: ["a=%", "a=%4", "a=%ZZ", "a=%FF", "%C3=1", "a=%00", "a=%ED%A0%80", "a=%C0%80"])
    func badBytesAreRefused(text: String) async {
        await #expect(throws: RequestFault.malformed) { try await read(text) }
        #expect(throws: RequestFault.malformed) { try FormFields.query(request(.get, "/find?\(text)")) }
    }

    @Test func rawBytesThatAreNoTextAreRefused() async {
        await #expect(throws: RequestFault.malformed) { try await read([97, 61, 0xFF]) }
    }

    @Test func moreFieldsThanTheLimitAreRefused() async throws {
        let most = Array(repeating: "a=1", count: FormFields.fieldsMax)
        #expect(try await read(most.joined(separator: "&")).list("a").count == FormFields.fieldsMax)
        await #expect(throws: RequestFault.tooLarge) { try await read((most + ["b=1"]).joined(separator: "&")) }
    }

    @Test func aLargerBodyThanTheLimitIsRefused() async throws {
        let most = "a=" + String(repeating: "x", count: FormFields.bytesMax - 2)
        #expect(try await read(most).text("a")?.count == FormFields.bytesMax - 2)
        await #expect(throws: NIOTooManyBytesError.self) { try await read(most + "x") }
    }

    @Test(arguments: ["", "text/plain", "application/json", "multipart/form-data; boundary=x"])
    func otherContentTypesAreRefused(type: String) async {
        let request = request(
            .post, headers: [.contentType: type], body: RequestBody(buffer: ByteBuffer(string: "a=1")))
        await #expect(throws: RequestFault.malformed) { try await FormFields.read(request) }
    }
}
