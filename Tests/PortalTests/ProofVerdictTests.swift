import HTTPTypes
import HummingbirdTesting
import RefundDesk
import RefundDomain
import TestSupport
import Testing

@testable import Portal

@Suite struct ProofVerdictTests {
    @Test func aVerdictIsKeptShownAndWrittenDown() async throws {
        try await withPortal { portal in
            let number = try await portal.filed()
            let proof = try await portal.store(proof: Array("%PDF-1.7 hello".utf8), of: number)
            let browser = try await portal.signedIn("lin@example.com", .reviewer)
            let address = "/merchant/cases/\(number.text)"
            #expect(try await browser.get(address).page.contains("proof-verdict"))
            let seen = try await portal.version(number)
            let judged = try await browser.post(
                "\(address)/proof-verdict", ["version": seen, "proof": proof, "verdict": "unreadable"])
            #expect(judged.status == .seeOther)
            #expect(try await browser.get(address).page.contains("看不清 · lin"))
            let stale = try await browser.post(
                "\(address)/proof-verdict", ["version": seen, "proof": proof, "verdict": "accepted"])
            #expect(stale.status == .conflict)
            #expect(try await portal.int("SELECT COUNT(*) AS value FROM event WHERE what = 'proof.judged'") == 1)
        }
    }

    @Test func theCardholderReadsWhatTheMerchantMadeOfAFile() async throws {
        try await withPortal { portal in
            let journey = Journey(portal)
            let number = try await journey.file()
            let path = "/cases/\(number.text)"
            _ = try await journey.browser.upload(
                "\(path)/proof", ["version": try await journey.version(of: number), "kind": "receipt"],
                [.init(name: "b.png", Journey.picture)])
            #expect(try await !journey.browser.get(path).page.contains("files__verdict"))
            let proof = try await portal.text("SELECT id AS value FROM proof")
            let reviewer = try await portal.member(try await portal.hire("lin@example.com", .reviewer))
            for (verdict, words) in [
                (ProofVerdict.unreadable, "商户看不清，请重新拍清楚再上传"), (.notRelevant, "与这笔付款无关，请换一份上传"), (.accepted, "商户已采用"),
            ] {
                try await portal.desk.judgeProof(
                    proof, of: number, as: verdict, version: try await portal.desk.version(of: number), by: reviewer)
                #expect(try await journey.browser.get(path).page.contains(words))
                #expect(try await journey.browser.get("\(path)/proof").page.contains(words))
            }
        }
    }

    @Test(arguments: [("maybe", nil), ("accepted", "nobody's"), ("", nil)] as [(String, String?)])
    func whatIsNoVerdictOrNoFileOfTheCaseIsRefused(_ verdict: String, _ other: String?) async throws {
        try await withPortal { portal in
            let number = try await portal.filed()
            let proof = try await portal.store(proof: Array("%PDF-1.7 hello".utf8), of: number)
            let browser = try await portal.signedIn("lin@example.com", .reviewer)
            let answer = try await browser.post(
                "/merchant/cases/\(number.text)/proof-verdict",
                ["version": portal.version(number), "proof": other ?? proof, "verdict": verdict])
            #expect([.badRequest, .notFound].contains(answer.status))
            #expect(try await portal.int("SELECT COUNT(*) AS value FROM proof WHERE verdict IS NOT NULL") == 0)
        }
    }

    @Test func aClerkAndADecidedCaseGetNoVerdict() async throws {
        try await withPortal { portal in
            let number = try await portal.paid([.accepted])
            let proof = try await portal.store(proof: Array("%PDF-1.7 hello".utf8), of: number)
            let fields = ["version": try await portal.version(number), "proof": proof, "verdict": "accepted"]
            let address = "/merchant/cases/\(number.text)/proof-verdict"
            let clerk = try await portal.signedIn("clerk@example.com", .clerk)
            #expect(try await clerk.post(address, pairs: fields).status == .notFound)
            let reviewer = try await portal.signedIn("lin@example.com", .reviewer)
            #expect(try await reviewer.post(address, pairs: fields).status == .conflict)
        }
    }
}
