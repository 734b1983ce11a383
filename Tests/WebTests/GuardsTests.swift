import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import NIOCore
import NIOEmbedded
import Synchronization
import Testing
import Web
import Words

/// A context with nothing but what the kit needs.
struct TestContext: WebContext {
    var coreContext: CoreRequestContextStorage
    let connectionAddress: IPAddress?
    var clientAddress: IPAddress?
    var language = Language.standard

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        connectionAddress = IPAddress(source) ?? IPAddress("10.0.0.9")
    }
}

/// The kit put together as the portal does it, over a few routes.
struct Site {
    let origin = WebOrigin("http://localhost")
    var isSecure = false
    var logged: (@Sendable (String) -> Void)?

    struct Broken: Error {}

    func application() throws -> some ApplicationProtocol {
        let cookies = Cookies(isSecure: isSecure)
        let choice = LanguageChoice(cookies: cookies)
        let pages = try Repository.pages()
        let router = Router(context: TestContext.self, options: .autoGenerateHeadEndpoints)
        router.add(middleware: SecurityHeaders(isSecure: isSecure))
        router.add(middleware: AccessLog(clock: { 0 }))
        router.add(
            middleware: ErrorPages { answer, request, context in
                try pages.errorPage(answer, request, context, choice: choice) { _ in "Portal" }
            })
        if let origin {
            router.add(middleware: HostRule(origin: origin))
            router.add(middleware: OriginRule(origin: origin, exemptPrefixes: ["/callbacks/"]))
        }
        let proxies = TrustedProxies([IPNetwork("10.0.0.0/8")].compactMap(\.self))
        router.add(middleware: Visitor(choice: choice, proxies: proxies))
        router.get("/page") { request, context -> Response in
            try pages.html(ErrorView.sample, caching: .privateNoCache, to: request, in: context.language)
        }
        router.get("/who") { _, context in "\(context.clientAddress?.description ?? "nobody") \(context.language.tag)" }
        router.get("/cases/:number") { _, _ -> Response in throw RequestFault.notFound }
        router.post("/change") { request, _ in try await FormFields.read(request).text("a") ?? "nothing" }
        router.post("/callbacks/:name") { _, _ in "called" }
        router.get("/fail/:how") { request, context -> Response in
            switch context.parameters.get("how") {
            case "busy": throw RequestFault.tooMany(retryAfterSeconds: 30)
            case "closed": throw RequestFault.unavailable(retryAfterSeconds: 5)
            case "slow": throw RequestFault.tooSlow
            case "large": throw NIOTooManyBytesError(maxBytes: 1)
            case "http": throw HTTPError(.badRequest, message: "not for people")
            default: throw Broken()
            }
        }
        router.get("/download") { _, _ in
            Download.response(
                name: "小票\r\n\".html", mediaType: "application/pdf",
                body: ResponseBody(byteBuffer: ByteBuffer(string: "x")))
        }
        router.refuseOtherMethods()
        var logger = Logger(label: "site") { [logged] _ in LineLog(write: logged ?? { _ in }) }
        logger.logLevel = .info
        return Application(router: router, logger: logger)
    }
}

/// Hands every log line to the test.
struct LineLog: LogHandler {
    let write: @Sendable (String) -> Void
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.trace

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let values = (event.metadata ?? [:]).sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        write("\(event.level) \(event.message) \(values.joined(separator: " "))")
    }
}

private let ours: HTTPFields = [.origin: "http://localhost", .contentType: "application/x-www-form-urlencoded"]

@Suite struct GuardsTests {
    @Test(arguments: [
        ("/page", HTTPRequest.Method.get, 200), ("/none", .get, 404), ("/cases/RF-1/x.css", .get, 404),
        ("/cases/RF-1", .get, 404), ("/page", .post, 405), ("/page", HTTPRequest.Method("BREW") ?? .patch, 405),
        ("/fail/busy", .get, 429), ("/fail/closed", .get, 503), ("/fail/slow", .get, 408), ("/fail/large", .get, 413),
        ("/fail/http", .get, 400), ("/fail/bug", .get, 500), ("/fail/bug", .head, 500), ("/none", .head, 404),
        ("/change", .post, 200), ("/download", .get, 200),
    ])
    func everyAnswerHasTheSecurityHeaders(path: String, method: HTTPRequest.Method, status: Int) async throws {
        try await Site(isSecure: true).application().test(.router) { client in
            let answer = try await client.execute(
                uri: path, method: method, headers: ours, body: method == .post ? ByteBuffer(string: "a=1") : nil)
            #expect(answer.status.code == status)
            let policy = answer.headers[.contentSecurityPolicy] ?? ""
            #expect(policy.contains("default-src 'none'"))
            #expect(answer.headers[.xContentTypeOptions] == "nosniff")
            #expect(answer.headers[named: "Referrer-Policy"] == "same-origin")
            #expect(answer.headers[.crossOriginResourcePolicy] == "same-origin")
            #expect(answer.headers[named: "Cross-Origin-Opener-Policy"] == "same-origin")
            #expect(answer.headers[.strictTransportSecurity]?.hasPrefix("max-age=") == true)
            #expect(
                answer.headers[.cacheControl]?.contains(status == 200 && path == "/page" ? "private" : "no-store")
                    == true)
            if method == .head { #expect(answer.body.readableBytes == 0) }
        }
    }

    @Test func errorPagesSpeakTheReadersLanguageAndNeverTheError() async throws {
        try await Site().application().test(.router) { client in
            let english = try await client.execute(uri: "/fail/bug", method: .get, headers: [.acceptLanguage: "en"])
            #expect(String(buffer: english.body).contains("Something went wrong on our side"))
            #expect(!String(buffer: english.body).contains("Broken"))
            let chinese = try await client.execute(uri: "/fail/http", method: .get)
            #expect(String(buffer: chinese.body).contains("这次请求无法读取"))
            #expect(!String(buffer: chinese.body).contains("not for people"))
        }
    }

    @Test func waitingTimesAndMethodsAreSaid() async throws {
        try await Site().application().test(.router) { client in
            #expect(try await client.execute(uri: "/fail/busy", method: .get).headers[.retryAfter] == "30")
            #expect(try await client.execute(uri: "/fail/closed", method: .get).headers[.retryAfter] == "5")
            let page = try await client.execute(uri: "/page", method: .post, headers: ours)
            #expect(page.headers[.allow] == "GET, HEAD")
            #expect(try await client.execute(uri: "/change", method: .get).headers[.allow] == "POST")
        }
    }

    @Test func theLogNamesTheRouteAndNeverTheAddress() async throws {
        let lines = Mutex<[String]>([])
        let site = Site(logged: { line in lines.withLock { $0.append(line) } })
        try await site.application().test(.router) { client in
            _ = try await client.execute(uri: "/cases/RF-SECRET?q=4111111111111111", method: .get)
            _ = try await client.execute(uri: "/fail/bug?q=secret", method: .get)
        }
        let all = lines.withLock(\.self)
        #expect(all.contains("info request endpoint=/cases/{number} method=GET microseconds=0 status=404"))
        #expect(all.filter { $0.hasPrefix("error") }.count == 1)
        #expect(!all.contains { $0.contains("SECRET") || $0.contains("4111") || $0.contains("secret") })
    }

    @Test(arguments: [
        (["Sec-Fetch-Site": "same-origin"], 200), (["Origin": "http://localhost"], 200),
        (["Sec-Fetch-Site": "same-origin", "Origin": "http://evil.example"], 200),
        (["Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"], 403), (["Sec-Fetch-Site": "same-site"], 403),
        (["Sec-Fetch-Site": "none"], 403), ([:], 403), (["Origin": "null"], 403),
        (["Origin": "http://evil.example"], 403),
        (["Origin": "https://localhost"], 403), (["Origin": "http://localhost:81"], 403),
        (["Referer": "http://localhost/page"], 403),
    ])
    func aChangeComesFromOurOwnPageOrNotAtAll(sent: [String: String], status: Int) async throws {
        var headers: HTTPFields = [.contentType: "application/x-www-form-urlencoded"]
        for (name, value) in sent { headers[try #require(HTTPField.Name(name))] = value }
        let fields = headers
        try await Site().application().test(.router) { client in
            let body = ByteBuffer(string: "a=1")
            let answer = try await client.execute(uri: "/change", method: .post, headers: fields, body: body)
            #expect(answer.status.code == status)
            let callback = try await client.execute(uri: "/callbacks/x", method: .post, headers: fields, body: body)
            #expect(callback.status == .ok)
            #expect(try await client.execute(uri: "/who", method: .get, headers: fields).status == .ok)
        }
    }

    @Test func aSecondHostLineIsRefused() async throws {
        try await Site().application().test(.router) { client in
            let two: HTTPFields = [try #require(HTTPField.Name("Host")): "localhost"]
            #expect(try await client.execute(uri: "/page", method: .get, headers: two).status == .badRequest)
        }
    }

    @Test(arguments: [
        nil, "", "evil.example", "localhost.evil.example", "localhost:81", "user@localhost", "localhost.",
    ])
    func anotherHostIsRefused(host: String?) async throws {
        let rule = HostRule<BasicRequestContext>(origin: try #require(WebOrigin("http://localhost")))
        let context = BasicRequestContext(
            source: ApplicationRequestContextSource(channel: EmbeddedChannel(), logger: Logger(label: "test")))
        let head = { HTTPRequest(method: .get, scheme: "http", authority: $0, path: "/") }
        let next: @Sendable (Request, BasicRequestContext) async throws -> Response = { _, _ in Response(status: .ok) }
        let fits = Request(head: head("LOCALHOST"), body: RequestBody(buffer: ByteBuffer()))
        #expect(try await rule.handle(fits, context: context, next: next).status == .ok)
        let other = Request(head: head(host), body: RequestBody(buffer: ByteBuffer()))
        await #expect(throws: RequestFault.malformed) { try await rule.handle(other, context: context, next: next) }
    }

    @Test func onlyTrustedProxiesSayWhoTheClientIs() async throws {
        let forwarded = try #require(HTTPField.Name("X-Forwarded-For"))
        try await Site().application().test(.router) { client in
            let answer = try await client.execute(
                uri: "/who?lang=en", method: .get, headers: [forwarded: "6.6.6.6, 203.0.113.7, 10.0.0.2"])
            #expect(String(buffer: answer.body) == "203.0.113.7 en")
            #expect(answer.headers[.setCookie] == "lang=en; Path=/; HttpOnly; SameSite=Lax")
            let remembered = try await client.execute(uri: "/who", method: .get, headers: [.cookie: "a=b; lang=en"])
            #expect(String(buffer: remembered.body) == "10.0.0.9 en")
        }
    }

    @Test func aPageThatDidNotChangeIsNotSentAgain() async throws {
        try await Site().application().test(.router) { client in
            let first = try await client.execute(uri: "/page", method: .get)
            let tag = try #require(first.headers[.eTag])
            #expect(first.headers[.vary]?.contains("Cookie") == true)
            for sent in [tag, "\"x\", \(tag)", "W/\(tag)", "*"] {
                let again = try await client.execute(uri: "/page", method: .get, headers: [.ifNoneMatch: sent])
                #expect(again.status == .notModified)
                #expect(again.body.readableBytes == 0)
                #expect(again.headers[.contentSecurityPolicy] != nil)
            }
            let english = try await client.execute(uri: "/page?lang=en", method: .get, headers: [.ifNoneMatch: tag])
            #expect(english.status == .ok)
        }
    }

    @Test func pagesAreCompressedForThoseWhoTakeIt() async throws {
        try await Site().application().test(.router) { client in
            let plain = try await client.execute(uri: "/page", method: .get, headers: [.acceptEncoding: "br, gzip;q=0"])
            let packed = try await client.execute(
                uri: "/page", method: .get, headers: [.acceptEncoding: "br, gzip;q=0.5"])
            #expect(plain.headers[.contentEncoding] == nil)
            #expect(packed.headers[.contentEncoding] == "gzip")
            #expect(packed.body.readableBytes < plain.body.readableBytes)
            #expect(packed.body.getBytes(at: 0, length: 2) == [0x1F, 0x8B])
        }
    }

    @Test func aDownloadIsAnAttachmentThatCanDoNothing() async throws {
        try await Site().application().test(.router) { client in
            let answer = try await client.execute(uri: "/download", method: .get)
            #expect(answer.headers[.contentSecurityPolicy] == "sandbox; default-src 'none'")
            #expect(
                answer.headers[.contentDisposition]
                    == "attachment; filename=\"_______.html\"; filename*=UTF-8''%E5%B0%8F%E7%A5%A8%22.html")
        }
    }
}
