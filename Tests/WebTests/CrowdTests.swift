import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Synchronization
import Testing
import Web

/// Requests that are under way until a test lets them go.
private final class Doors: Sendable {
    private let waiting = Mutex<[CheckedContinuation<Void, Never>]>([])
    let (begun, begin) = AsyncStream.makeStream(of: Void.self)

    func pass() async {
        await withCheckedContinuation { continuation in
            waiting.withLock { $0.append(continuation) }
            begin.yield()
        }
    }

    func open() {
        let all = waiting.withLock { waiting in
            defer { waiting = [] }
            return waiting
        }
        for continuation in all { continuation.resume() }
    }
}

@Suite struct CrowdTests {
    private static let forwarded = HTTPField.Name("X-Forwarded-For") ?? .from

    private func site(_ doors: Doors, ceiling: Int, budget: Budget? = nil) throws -> some ApplicationProtocol {
        let choice = LanguageChoice(cookies: Cookies(isSecure: false))
        let pages = try Repository.pages()
        let router = Router(context: TestContext.self)
        router.add(
            middleware: ErrorPages { answer, request, context in
                try pages.errorPage(answer, request, context, choice: choice) { _ in "Portal" }
            })
        let proxies = TrustedProxies([IPNetwork("10.0.0.0/8")].compactMap(\.self))
        router.add(middleware: Visitor(choice: choice, proxies: proxies))
        router.add(middleware: LoadShedding { $0.uri.path.hasPrefix("/callbacks/") ? nil : ceiling })
        if let budget {
            router.add(middleware: RequestRate(budget, in: Budgets { 0 }, exemptPrefixes: ["/callbacks/"]))
        }
        router.post("/slow") { _, _ in
            await doors.pass()
            return "done"
        }
        router.get("/page") { _, _ in "page" }
        router.post("/callbacks/x") { _, _ in "called" }
        return Application(router: router)
    }

    private func ask(
        _ client: any TestClientProtocol, _ path: String, from address: String = "203.0.113.7"
    ) async throws -> TestResponse {
        let method: HTTPRequest.Method = path == "/page" ? .get : .post
        return try await client.execute(
            uri: path, method: method, headers: [Self.forwarded: address, .acceptLanguage: "en"])
    }

    /// Holds so many slow requests under way while `body` runs.
    private func crowd(
        _ count: Int, _ doors: Doors, _ client: any TestClientProtocol, from address: @Sendable (Int) -> String,
        _ body: () async throws -> Void
    ) async throws {
        try await withThrowingTaskGroup(of: HTTPResponse.Status.self) { group in
            for number in 0..<count {
                let address = address(number)
                group.addTask { try await ask(client, "/slow", from: address).status }
            }
            var begun = doors.begun.makeAsyncIterator()
            for _ in 0..<count { _ = await begun.next() }
            try await body()
            doors.open()
            for try await status in group { #expect(status == .ok) }
        }
    }

    @Test func whoComesIntoACrowdIsAskedToWaitAndMachinesAreNot() async throws {
        let doors = Doors()
        try await site(doors, ceiling: 3).test(.router) { client in
            try await crowd(3, doors, client, from: { "203.0.113.\($0)" }) { () async throws in
                let refused = try await ask(client, "/page")
                #expect(refused.status == .serviceUnavailable)
                #expect(refused.headers[.retryAfter] == "5")
                #expect(String(buffer: refused.body).contains("Please wait a moment"))
                #expect(try await ask(client, "/callbacks/x").status == .ok)
            }
            #expect(try await ask(client, "/page").status == .ok)
        }
    }

    @Test func oneAddressCannotMakeItCrowdedForAll() async throws {
        let doors = Doors()
        let most = LoadShedding<TestContext>.perAddressMax
        try await site(doors, ceiling: most * 2).test(.router) { client in
            try await crowd(most, doors, client, from: { _ in "203.0.113.7" }) { () async throws in
                #expect(try await ask(client, "/page").status == .tooManyRequests)
                #expect(try await ask(client, "/page", from: "203.0.113.8").status == .ok)
            }
            #expect(try await ask(client, "/page").status == .ok)
        }
    }

    @Test func anAddressThatAsksWithoutEndIsToldToStop() async throws {
        let doors = Doors()
        let budget = Budget("requests", triesMax: 3, seconds: 60)
        try await site(doors, ceiling: 9, budget: budget).test(.router) { client in
            for _ in 1...3 { #expect(try await ask(client, "/page").status == .ok) }
            let refused = try await ask(client, "/page")
            #expect(refused.status == .tooManyRequests)
            #expect(refused.headers[.retryAfter] == "60")
            #expect(try await ask(client, "/callbacks/x").status == .ok)
            #expect(try await ask(client, "/page", from: "203.0.113.8").status == .ok)
            for _ in 1...9 { #expect(try await ask(client, "/page", from: "127.0.0.1").status == .ok) }
        }
    }
}
