import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import Testing
import Web

@Suite struct AssetsTests {
    private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

    private func assets(style: String = "b{}") -> Assets {
        Assets(files: [
            "css/20.css": bytes("second{}"), "css/10.css": bytes(style), "js/main.js": bytes("start()"),
            "js/a-b.js": bytes("export default function aB(x) {}\n"), "img/a.svg": bytes("<svg/>"),
            "secret.env": bytes("x"),
        ])
    }

    @Test func stylesAndScriptsAreOneFileEach() async throws {
        let assets = assets()
        let router = Router()
        assets.add(to: router)
        try await Application(router: router).test(.router) { client in
            let style = try #require(assets.address(of: "css/portal.css"))
            let answer = try await client.execute(uri: style, method: .get)
            #expect(String(buffer: answer.body) == "b{}\nsecond{}\n")
            #expect(answer.headers[.cacheControl] == "public, max-age=31536000, immutable")
            #expect(answer.headers[.contentType] == "text/css; charset=utf-8")
            let script = try await client.execute(uri: #require(assets.address(of: "js/portal.js")), method: .get)
            #expect(String(buffer: script.body).contains("behaviours[\"a-b\"] = function aB(x) {}"))
            #expect(String(buffer: script.body).hasSuffix("start()"))
            for address in ["/assets/x/css/portal.css", "/assets/../secret.env", style + "/..", "/secret.env"] {
                #expect(try await client.execute(uri: address, method: .get).status == .notFound)
            }
        }
    }

    @Test func otherContentHasAnotherAddress() {
        #expect(assets().address(of: "css/portal.css") == assets().address(of: "css/portal.css"))
        #expect(assets().address(of: "css/portal.css") != assets(style: "c{}").address(of: "css/portal.css"))
        #expect(assets().address(of: "secret.env") == nil)
        #expect(assets().address(of: "css/10.css") == nil)
    }

    @Test func theRepositorysAssetsAreSmallEnough() async throws {
        let assets = try Assets.load(folder: "\(Repository.root)/Public")
        let router = Router()
        assets.add(to: router)
        try await Application(router: router).test(.router) { client in
            var total = 0
            for name in ["css/portal.css", "js/portal.js"] {
                let address = try #require(assets.address(of: name))
                let answer = try await client.execute(uri: address, method: .get, headers: [.acceptEncoding: "gzip"])
                total += answer.body.readableBytes
            }
            #expect(total < 20_000)
        }
    }

    @Test func aFolderWithoutAssetsIsRefused() {
        #expect(throws: Assets.Fault.noFolder("/nowhere")) { try Assets.load(folder: "/nowhere") }
    }
}

@Suite struct CookiesTests {
    @Test func aCookieIsForThisHostAndOutOfReachOfScripts() {
        var response = Response(status: .ok)
        Cookies(isSecure: true).set("case", to: "a-B_9.~", sameSite: .strict, on: &response)
        Cookies(isSecure: false).remove("case", sameSite: .lax, on: &response)
        Cookies(isSecure: true).set("case", to: "a; Domain=x", sameSite: .lax, on: &response)
        #expect(
            response.headers[values: .setCookie] == [
                "__Host-case=a-B_9.~; Path=/; Secure; HttpOnly; SameSite=Strict",
                "case=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax",
            ])
    }

    @Test(
        arguments: [
            ("case=abc", "abc"), ("x=1; case=abc; y=2", "abc"), ("Case=abc", nil), ("case=", nil), ("case=a b", nil),
            ("case=\"abc\"", nil), ("case=a; case=b", nil), ("case", nil), (";;=;", nil), ("xcase=abc", nil),
            ("__Host-case=abc", nil),
        ] as [(String, String?)])
    func whatWeDidNotWriteIsNotRead(header: String, value: String?) {
        #expect(Cookies(isSecure: false).value("case", of: request(headers: [.cookie: header])) == value)
    }

    @Test func anInsecureCookieIsNotTakenForASecureOne() {
        let sent = request(headers: [.cookie: "case=abc"])
        #expect(Cookies(isSecure: true).value("case", of: sent) == nil)
        #expect(Cookies(isSecure: true).value("case", of: request(headers: [.cookie: "__Host-case=abc"])) == "abc")
    }
}

@Suite struct WebOriginTests {
    @Test(arguments: [
        ("https://Refund.example/", "https://refund.example", "refund.example"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080", "127.0.0.1:8080"),
        ("https://refund.example:443", "https://refund.example", "refund.example"),
    ])
    func anOriginIsRead(address: String, text: String, authority: String) throws {
        let origin = try #require(WebOrigin(address))
        #expect(origin.text == text)
        #expect(origin.authority == authority)
    }

    @Test(arguments: [
        "", "refund.example", "ftp://x", "https://", "https://a/b", "https://a b", "https://u@h", "https://a?x",
    ])
    func whatIsNoOriginIsRefused(address: String) {
        #expect(WebOrigin(address) == nil)
    }
}
