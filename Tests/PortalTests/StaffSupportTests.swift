import HTTPTypes
import HummingbirdTesting
import RefundDesk
import RefundDomain
import Storage
import TestSupport
import Testing

@testable import Portal

@Suite struct StaffSupportTests {
    private static let payment = SamplePayment {
        $0.reference = "614233280012"
        $0.trace = "000812"
        $0.transaction = "4200002026112000000000000001"
        $0.cardLast4 = "1234"
    }

    @Test(arguments: [
        "614233280012", "000812", "4200002026112000000000000001", "4200 0020 2611 2000 0000 0000 0001", "1234", "１２３４",
        "138 0013 8000", "+8613800138000", "Zhang@Example.com", "张伟",
    ])
    func aCaseIsFoundByWhateverACallerReadsOut(_ typed: String) async throws {
        try await withPortal { portal in
            let number = try await portal.filed(StaffSupportTests.payment)
            let browser = try await portal.signedIn("support@example.com", .support)
            let page = try await browser.get("/support/cases?q=\(QueryText.encoded(typed))").page
            #expect(page.contains("/support/cases/\(number.text)\""))
            #expect(!page.contains("zhang@example.com\""), "contacts are masked")
            #expect(page.contains("z***@example.com"))
        }
    }

    @Test func theNumberOfACaseIsReadAsPeopleTypeIt() async throws {
        try await withPortal { portal in
            let number = try await portal.filed(StaffSupportTests.payment)
            let browser = try await portal.signedIn("support@example.com", .support)
            for typed in [number.text, number.text.lowercased(), number.text.replacing("-", with: " ")] {
                let page = try await browser.get("/support/cases?q=\(QueryText.encoded(typed))").page
                #expect(page.contains("/support/cases/\(number.text)\""), "\(typed)")
            }
        }
    }

    @Test(arguments: ["", "%", "_", "0", "<script>alert(1)</script>", "' OR 1=1 --", "999999999999", "RF-0000-0000-1"])
    func whatFitsNothingFindsNothing(_ typed: String) async throws {
        try await withPortal { portal in
            let number = try await portal.filed(StaffSupportTests.payment)
            let browser = try await portal.signedIn("support@example.com", .support)
            let answer = try await browser.get("/support/cases?q=\(QueryText.encoded(typed))")
            #expect(answer.status == .ok)
            #expect(!answer.page.contains(number.text))
            #expect(!answer.page.contains("<script>alert"))
        }
    }

    @Test func thePageHasTheWholeHistoryAndNoCodes() async throws {
        try await withPortal { portal in
            let number = try await portal.filed(StaffSupportTests.payment)
            let browser = try await portal.signedIn("support@example.com", .support)
            let page = try await browser.get("/support/cases/\(number.text)").page
            for words in ["提交申请", "已冻结", "冻结 P1", "书少了一本", "尾号 1234", "614233280012", "联系方式验证码"] {
                #expect(page.contains(words), "\(words)")
            }
            #expect(!page.contains("zhang@example.com"))
            #expect(!page.contains("13800138000"))
        }
    }

    @Test func aPublicNoteNamesItsReaderBeforeItGoes() async throws {
        try await withPortal { portal in
            let number = try await portal.filed(StaffSupportTests.payment)
            let browser = try await portal.signedIn("support@example.com", .support)
            let address = "/support/cases/\(number.text)/note"
            let before = try await portal.int("SELECT COUNT(*) AS value FROM message")
            let step = try await browser.post(
                address, ["version": portal.version(number), "visibility": "public", "note": "我们在查。"])
            #expect(step.status == .ok)
            #expect(step.page.contains("z***@example.com") && step.page.contains("name=\"confirm\""))
            #expect(try await portal.int("SELECT COUNT(*) AS value FROM note") == 0)
            let sent = try await browser.post(
                address,
                ["version": portal.version(number), "visibility": "public", "note": "我们在查。", "confirm": "yes"])
            #expect(sent.status == .seeOther)
            #expect(try await portal.int("SELECT COUNT(*) AS value FROM message") == before + 1)
            #expect(try await portal.takeMessages().contains { $0.values["text"] == "我们在查。" })
        }
    }

    @Test func anInternalNoteStaysInside() async throws {
        try await withPortal { portal in
            let number = try await portal.filed(StaffSupportTests.payment)
            let browser = try await portal.signedIn("support@example.com", .support)
            _ = try await portal.takeMessages()
            let kept = try await browser.post(
                "/support/cases/\(number.text)/note",
                ["version": portal.version(number), "visibility": "internal", "note": "来电人有点急。"])
            #expect(kept.status == .seeOther)
            #expect(try await portal.takeMessages().isEmpty)
            #expect(
                try await portal.int(
                    "SELECT COUNT(*) AS value FROM event WHERE what = 'note.added' AND visibility = 'internal'") == 1)
            let page = try await browser.get("/support/cases/\(number.text)").page
            #expect(page.contains("note--internal"))
            #expect(page.contains("来电人有点急。"))
        }
    }

    @Test func theCardholderNeverSeesWhatIsInternal() async throws {
        try await withPortal { portal in
            let number = try await portal.filed(StaffSupportTests.payment)
            let link = try #require(try await portal.takeMessages().compactMap(\.link).last)
            let support = try await portal.signedIn("support@example.com", .support)
            let reviewer = try await portal.signedIn("lin@example.com", .reviewer)
            _ = try await support.post(
                "/support/cases/\(number.text)/note", ["version": portal.version(number), "note": "来电人有点急。"])
            _ = try await reviewer.post(
                "/merchant/cases/\(number.text)/approve",
                [
                    "version": portal.version(number), "amount": "50", "checks": "card", "checks": "time",
                    "checks": "amount", "note": "监控里看得到。",
                ])
            let cardholder = portal.browser()
            let page = try await cardholder.open("/t/\(link)")
            #expect(page.status == .ok)
            #expect(page.page.contains(number.text))
            let record = try await cardholder.get("/cases/\(number.text)/record")
            for shown in [page.page, record.page] {
                #expect(!shown.contains("来电人有点急") && !shown.contains("监控里看得到"))
                #expect(!shown.contains("lin@example.com") && !shown.contains("support@example.com"))
            }
            let told = try await portal.takeMessages()
            #expect(!told.isEmpty)
            #expect(!told.contains { $0.values.values.contains { $0.contains("有点急") || $0.contains("监控") } })
        }
    }

    @Test func aNoteWithoutTheWordPublicIsInternal() async throws {
        try await withPortal { portal in
            let number = try await portal.filed(StaffSupportTests.payment)
            let browser = try await portal.signedIn("support@example.com", .support)
            _ = try await browser.post(
                "/support/cases/\(number.text)/note",
                ["version": portal.version(number), "visibility": "Public", "note": "来电人有点急。", "confirm": "yes"])
            #expect(try await portal.int("SELECT COUNT(*) AS value FROM note WHERE visibility = 'public'") == 0)
        }
    }

    @Test(arguments: ["export", "pay"])
    func whatComesLaterIsNotThereYet(_ part: String) async throws {
        try await withPortal { portal in
            let number = try await portal.filed(StaffSupportTests.payment)
            let browser = try await portal.signedIn("support@example.com", .support)
            #expect(
                try await browser.post("/support/cases/\(number.text)/\(part)", ["version": "1"]).status == .notFound)
        }
    }
}
