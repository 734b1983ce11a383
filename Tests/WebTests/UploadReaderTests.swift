import HTTPTypes
import Hummingbird
import NIOCore
import Testing
import Web

@Suite struct UploadReaderTests {
    private struct File: Equatable {
        let field: String
        let name: String?
        let kindBefore: String?
        let bytes: String
    }

    private static let limits = UploadLimits(bytesMax: 4096, fileBytesMax: 1024, partsMax: 5, fieldBytesMax: 64)
    private static let whole = [
        "preamble to ignore\r\n--B\r\n", "Content-Disposition: form-data; name=\"kind\"\r\n\r\nreceipt\r\n--B  \r\n",
        "content-disposition: form-data; name=\"file\"; filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\n",
        "\r\n--\r\n-B--\r\n--A\r\r\n\r\n--B\r\n",
        "Content-Disposition: form-data; name=\"file\"; filename=\"\"\r\n\r\n\r\n--B--\r\nepilogue",
    ].joined()

    private func read(
        _ text: String, type: String = "multipart/form-data; boundary=B", size: Int = 4096,
        limits: UploadLimits = limits
    ) async throws -> (fields: FormFields, files: [File]) {
        let (body, source) = RequestBody.makeStream()
        let bytes = Array(text.utf8)
        async let feeding: Void = {
            for start in stride(from: 0, to: bytes.count, by: size) {
                await source.yield(ByteBuffer(bytes: bytes[start..<min(start + size, bytes.count)]))
            }
            source.finish()
        }()
        var files: [File] = []
        let fields = try await UploadReader.read(
            request(.post, headers: [.contentType: type], body: body), limits: limits
        ) { part, fields, chunks in
            var content = ByteBuffer()
            for try await chunk in chunks { content.writeImmutableBuffer(chunk) }
            files.append(
                File(
                    field: part.name, name: part.fileName, kindBefore: fields.text("kind"),
                    bytes: String(buffer: content)))
        }
        await feeding
        return (fields, files)
    }

    @Test(arguments: [1, 2, 3, 5, 7, 11, 64, 4096])
    func everySplitOfTheBytesGivesTheSameParts(size: Int) async throws {
        let (fields, files) = try await read(UploadReaderTests.whole, size: size)
        #expect(fields.text("kind") == "receipt")
        #expect(
            files == [
                File(field: "file", name: "a.png", kindBefore: "receipt", bytes: "\r\n--\r\n-B--\r\n--A\r\r\n")
            ])
    }

    @Test func anUnreadFileIsSkipped() async throws {
        let body = RequestBody(buffer: ByteBuffer(string: UploadReaderTests.whole))
        let headers: HTTPFields = [.contentType: "multipart/form-data; boundary=\"B\""]
        var names: [String?] = []
        let fields = try await UploadReader.read(
            request(.post, headers: headers, body: body), limits: UploadReaderTests.limits
        ) { part, _, _ in names.append(part.fileName) }
        #expect(names == ["a.png"])
        #expect(fields.text("kind") == "receipt")
    }

    @Test(arguments: [
        ("../../etc/passwd", "passwd"), ("C:\\\\Users\\\\x\\\\小票.jpg", "小票.jpg"), ("a\u{202E}gpj.exe", "agpj.exe"),
        ("a\tb", "ab"), ("say \\\"hi\\\".png", "say \"hi\".png"),
        (String(repeating: "长", count: 300), String(repeating: "长", count: 120)),
    ])
    func aFileNameIsCleanedForShowing(sent: String, shown: String) async throws {
        let text = "--B\r\nContent-Disposition: form-data; name=f; filename=\"\(sent)\"\r\n\r\nx\r\n--B--"
        #expect(try await read(text).files.map(\.name) == [shown])
    }

    @Test(arguments: [
        "", "--B", "--B\r\n", "no boundary at all", "--B\r\n\r\nx\r\n--B--",
        "--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nno end", "--Bx\r\n\r\n",
        "--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx\r\n--B", "--B\r\nno colon\r\n\r\nx\r\n--B--",
        "--B\r\nContent-Disposition: attachment; name=\"a\"\r\n\r\nx\r\n--B--",
        "--B\r\nContent-Disposition: form-data\r\n\r\nx\r\n--B--",
        "--B\r\nContent-Disposition: form-data; name=a\r\nContent-Disposition: form-data; name=b\r\n\r\nx\r\n--B--",
        "--B\r\nContent-Disposition: form-data; name=a\r\nContent-Type: multipart/mixed; boundary=C\r\n\r\nx\r\n--B--",
        "--B\r\nContent-Disposition: form-data; name=a\r\n\r\nnul\u{0}\r\n--B--",
    ])
    func whatIsNotACompleteUploadIsRefused(text: String) async {
        await #expect(throws: RequestFault.malformed) { try await read(text) }
    }

    @Test(arguments: [
        "multipart/form-data", "multipart/form-data; boundary=", "multipart/mixed; boundary=B", "text/plain",
        "multipart/form-data; boundary=" + String(repeating: "x", count: 71), "multipart/form-data; boundary=a<b",
    ])
    func aMissingOrWrongBoundaryIsRefused(type: String) async {
        await #expect(throws: RequestFault.malformed) { try await read(UploadReaderTests.whole, type: type) }
    }

    @Test(arguments: [1, 4096])
    func aHeaderWithoutEndIsRefused(size: Int) async {
        let text = "--B\r\nContent-Disposition: " + String(repeating: "h", count: 9000)
        let limits = UploadLimits(bytesMax: 20_000, fileBytesMax: 1024)
        await #expect(throws: RequestFault.tooLarge) { try await read(text, size: size, limits: limits) }
    }

    @Test func everyLimitIsKept() async throws {
        let part = { (name: String, body: String) in
            "--B\r\nContent-Disposition: form-data; name=\"x\"\(name)\r\n\r\n\(body)\r\n"
        }
        let file = "; filename=\"a\""
        let fits =
            part(file, String(repeating: "x", count: 1024)) + part("", String(repeating: "y", count: 64)) + "--B--"
        #expect(try await read(fits).files.count == 1)
        let tooLarge = [
            part(file, String(repeating: "x", count: 1025)) + "--B--",
            part("", String(repeating: "y", count: 65)) + "--B--",
            String(repeating: part("", ""), count: 6) + "--B--",
            "--B--\r\n" + String(repeating: "epilogue", count: 600),
            String(repeating: "preamble", count: 600),
        ]
        for text in tooLarge {
            await #expect(throws: RequestFault.tooLarge) { try await read(text) }
        }
    }
}
