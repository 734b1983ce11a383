import Hummingbird

/// A server that does nothing but answer: what `make bench` holds the portal's figures against.
@main
struct BareServer {
    /// Bytes of the prepared page, about those of a tracking page.
    private static let pageBytes = 12 * 1024

    static func main() async throws {
        let port = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 8099
        let page = ByteBuffer(repeating: UInt8(ascii: "x"), count: pageBytes)
        let router = Router()
        router.get("hello") { _, _ in "hello" }
        router.get("page") { _, _ in
            Response(status: .ok, headers: [.contentType: "text/html"], body: ResponseBody(byteBuffer: page))
        }
        let application = Application(
            router: router, configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: port)))
        try await application.runService()
    }
}
