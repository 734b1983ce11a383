import Foundation
import HTTPTypes
import HummingbirdTesting
import NIOCore
import Proofs
import RefundDesk
import RefundDomain
import TestSupport
import Testing

@testable import Web

/// People are shown pictures drawn anew, under a policy that lets them do nothing, and only those whose files they are
/// or who decide on them.
@Suite struct ProofPagesTests {
    /// A payment that somebody else made.
    private static let another = SamplePayment {
        $0.reference = "614233280013"
        $0.trace = "000813"
        $0.transaction = "4200002026112000000000000013"
    }

    /// A request up to the page that takes files, for a payment with a number of its own.
    private func atProof(_ portal: PortalUnderTest, _ payment: SamplePayment = SamplePayment()) async throws -> Journey
    {
        let journey = Journey(portal)
        try await journey.find(payment)
        try await journey.chooseReason("goods-faulty")
        try await journey.chooseAmount()
        return journey
    }

    /// A request that was sent with a file.
    private func filed(
        _ portal: PortalUnderTest, _ content: [UInt8], _ payment: SamplePayment = SamplePayment()
    ) async throws -> (journey: Journey, number: CaseNumber) {
        let journey = try await atProof(portal, payment)
        _ = try await journey.browser.upload("/request/proof", ["kind": "receipt"], [.init(name: "a.jpg", content)])
        try await journey.giveContact()
        try await journey.proveContact()
        let sent = try await journey.browser.post(
            "/request/check", ["submission": try await journey.submission(), "accept_terms": "yes"])
        #expect(sent.headers[.location] == "/request/done")
        let visitor = try #require(journey.browser.cookie("rp_visitor"))
        return (journey, try #require(try await portal.desk.filedCase(of: visitor)).number)
    }

    /// The first picture of a page.
    private func picture(in page: String) -> String? {
        page.split(separator: "<img src=\"").dropFirst().first.map { String($0.prefix { $0 != "\"" }) }
    }

    @Test func aFileIsShownAsADrawnPageToWhomItBelongsTo() async throws {
        try await withPortal { portal in
            let journey = try await atProof(portal)
            let slip = try PortalUnderTest.slip()
            _ = try await journey.browser.upload("/request/proof", ["kind": "receipt"], [.init(name: "a.png", slip)])
            let early = try await journey.browser.get("/request/proof").page
            #expect(early.contains("正在准备图片") && early.contains("data-open") && picture(in: early) == nil)
            await portal.examine()
            let page = try await journey.browser.get("/request/proof").page
            #expect(!page.contains("data-open"))
            let address = try #require(picture(in: page))
            let shown = try await journey.browser.get(address)
            #expect(shown.status == .ok)
            #expect(shown.headers[.contentType] == "image/jpeg")
            #expect(shown.headers[.contentDisposition] == "inline")
            #expect(shown.headers[.contentSecurityPolicy] == "sandbox; default-src 'none'")
            #expect(shown.headers[named: "Cross-Origin-Resource-Policy"] == "same-origin")
            #expect(shown.headers[named: "Referrer-Policy"] == "no-referrer")
            #expect(shown.headers[.xContentTypeOptions] == "nosniff")
            #expect(shown.headers[.cacheControl] == "no-store")
            let bytes = Array(shown.body.readableBytesView)
            #expect(bytes != slip && bytes.starts(with: [0xFF, 0xD8]))
            for other in ["0", "2", "x", "-1", "99999999999999999999"] {
                let wrong = address.dropLast() + other
                #expect(try await journey.browser.get(String(wrong)).status == .notFound, "\(other)")
            }
            #expect(try await portal.browser().get(address).status == .notFound)
            let other = try await atProof(portal, ProofPagesTests.another)
            #expect(try await other.browser.get(address).status == .notFound)
            let id = try #require(Journey.value(of: "remove", in: page))
            _ = try await journey.browser.post("/request/proof", ["remove": id])
            #expect(try await journey.browser.get(address).status == .notFound)
        }
    }

    @Test func staffSeePagesAndOnlyThoseWhoDecideHaveTheFile() async throws {
        try await withPortal { portal in
            let (journey, number) = try await filed(portal, try PortalUnderTest.slip())
            await portal.examine()
            let reviewer = try await portal.signedIn("lin@example.com", .reviewer)
            let page = try await reviewer.get("/merchant/cases/\(number.text)").page
            let address = try #require(picture(in: page))
            let file = try #require(address.split(separator: "/pages/").first.map(String.init))
            #expect(page.contains("href=\"\(file)\"") && page.contains("未扫描病毒"))
            #expect(try await reviewer.get(address).headers[.contentType] == "image/jpeg")
            #expect(try await reviewer.get(file).status == .ok)
            let clerk = try await portal.signedIn("chen@example.com", .clerk)
            let counter = try await clerk.get("/merchant/cases/\(number.text)").page
            #expect(picture(in: counter) == address && !counter.contains("href=\"\(file)\""))
            #expect(try await clerk.get(file).status == .notFound)
            let support = try await portal.signedIn("help@example.com", .support)
            let desk = try #require(picture(in: try await support.get("/support/cases/\(number.text)").page))
            #expect(try await support.get(desk).status == .ok)
            let own = try #require(picture(in: try await journey.browser.get("/cases/\(number.text)/proof").page))
            #expect(try await journey.browser.get(own).status == .ok)
            #expect(try await portal.browser().get(own).status == .notFound)
        }
    }

    @Test func whoeverHasTheLinkAloneIsShownNoPicture() async throws {
        try await withPortal { portal in
            let (journey, number) = try await filed(portal, try PortalUnderTest.slip())
            await portal.examine()
            let own = try #require(picture(in: try await journey.browser.get("/cases/\(number.text)/proof").page))
            let visitor = try #require(journey.browser.cookie("rp_visitor"))
            let link = try #require(try await portal.desk.filedCase(of: visitor)).linkToken
            let friend = portal.browser()
            _ = try await friend.get("/t/\(link)")
            let page = try await friend.get("/cases/\(number.text)/proof").page
            #expect(page.contains("小票") && picture(in: page) == nil && page.contains("/track?case="))
            #expect(try await friend.get(own).status == .notFound)
        }
    }

    @Test func theSameReceiptForAnotherPaymentIsARiskThatReviewersSee() async throws {
        try await withPortal { portal in
            let slip = try PortalUnderTest.slip()
            let (_, first) = try await filed(portal, slip)
            let other = ProofPagesTests.another
            let (_, second) = try await filed(portal, slip + [0], other)
            await portal.examine()
            let reviewer = try await portal.signedIn("lin@example.com", .reviewer)
            for (here, there) in [(first, second), (second, first)] {
                let page = try await reviewer.get("/merchant/cases/\(here.text)").page
                #expect(page.contains("看起来一样的图片") && page.contains("href=\"/merchant/cases/\(there.text)\""))
            }
        }
    }

    @Test func whatTheScannerFindsIsNoProofAndWhatItHoldsBackIsNotShown() async throws {
        try await withPortal { portal in
            let slip = try PortalUnderTest.slip()
            let (journey, number) = try await filed(portal, slip)
            let silent = ClamScanner(.unix(path: "\(portal.folder)/none.sock"))
            await portal.examine(scanner: silent)
            let reviewer = try await portal.signedIn("lin@example.com", .reviewer)
            let held = try await reviewer.get("/merchant/cases/\(number.text)").page
            #expect(held.contains("病毒扫描还没有通过") && picture(in: held) == nil && !held.contains("/proof/"))
            try await ClamServer.run { server in
                portal.clock.advance(seconds: 10)
                await portal.examine(scanner: ClamScanner(server.address))
                let passed = try await reviewer.get("/merchant/cases/\(number.text)").page
                #expect(picture(in: passed) != nil && !passed.contains("未扫描病毒"))
                _ = try await journey.browser.upload(
                    "/cases/\(number.text)/proof", ["version": try await portal.version(number), "kind": "photo"],
                    [.init(name: "b.jpg", slip + ClamServer.eicar)])
                await portal.examine(scanner: ClamScanner(server.address))
            }
            let found = try await reviewer.get("/merchant/cases/\(number.text)").page
            #expect(found.contains("病毒扫描发现了问题") && found.contains("Local.EICAR-body"))
            #expect(found.split(separator: "/pages/1\" alt").count == 2, "one of the two is shown")
            #expect(try await journey.browser.get("/cases/\(number.text)/proof").page.contains("请换一个文件"))
        }
    }

    @Test func anInfectedFileDoesNotMeetTheDemandForProof() async throws {
        try await withPortal { portal in
            let journey = try await atProof(portal)
            _ = try await journey.browser.upload(
                "/request/proof", ["kind": "photo"],
                [.init(name: "b.jpg", try PortalUnderTest.slip() + ClamServer.eicar)])
            try await ClamServer.run { await portal.examine(scanner: ClamScanner($0.address)) }
            #expect(try await journey.browser.post("/request/proof").status == .unprocessableContent)
        }
    }

    @Test func floodsAndDamagedPicturesAreRefusedInWords() async throws {
        try await withPortal { portal in
            let journey = try await atProof(portal)
            var flood = Journey.picture
            flood.replaceSubrange(16..<24, with: [0, 0, 0x75, 0x30, 0, 0, 0x75, 0x30])
            for (content, words) in [(flood, "像素太多"), (Array(Journey.picture.prefix(18)), "已损坏或不完整")] {
                let answer = try await journey.browser.upload(
                    "/request/proof", ["kind": "photo"], [.init(name: "a.png", content)])
                #expect(answer.status == .unprocessableContent)
                #expect(answer.page.contains(words))
            }
        }
    }

    /// Names are shown with a fault and never used: nothing but random names is in the store.
    @Test func namesLeadNowhere() async throws {
        try await withPortal { portal in
            let journey = try await atProof(portal)
            for name in ["../../x.png", "a\u{0}.png", "con.png", "\u{202E}gnp.exe", String(repeating: "n", count: 300)]
            {
                let taken = try await journey.browser.upload(
                    "/request/proof", ["kind": "photo"], [.init(name: name, Journey.picture)])
                let refused = try await journey.browser.upload(
                    "/request/proof", ["kind": "photo"], [.init(name: name, Array("GIF89a".utf8))])
                #expect([.seeOther, .badRequest].contains(taken.status), "\(name)")
                #expect([.unprocessableContent, .badRequest].contains(refused.status), "\(name)")
                #expect(!refused.page.contains("../") && !refused.page.contains("\u{202E}"))
            }
            let names = try FileManager.default.subpathsOfDirectory(atPath: "\(portal.folder)/proofs")
            for name in names where name.contains("/") {
                #expect(ProofName(String(name.dropFirst(3))) != nil, "\(name)")
            }
            #expect(try FileManager.default.contentsOfDirectory(atPath: portal.folder).contains("x.png") == false)
        }
    }
}
