import HTTPTypes
import HummingbirdTesting
import RefundDesk
import RefundDomain
import TestSupport
import Testing

@Suite struct FindTests {
    @Test(arguments: [
        ["method": "slip", "reference_no": " 6142 3328-0012 ", "amount": "¥100.00"],
        ["method": "slip", "reference_no": "６１４２３３２８００１２", "amount": "１００"],
        ["method": "slip", "terminal_no": "1000 0001", "trace_no": "812", "amount": "100"],
        ["method": "wallet", "order_no": " 4200002026112000 000000000001", "amount": "100.00元"],
    ])
    func whatIsTypedFromPaperIsReadTolerantly(_ fields: [String: String]) async throws {
        try await withPortal { portal in
            try await Samples.add(to: portal.desk)
            let browser = portal.browser()
            let answer = try await browser.post("/find", pairs: fields)
            #expect(answer.headers[.location] == "/request")
            #expect(browser.cookie("rp_visitor")?.utf8.count == 43)
        }
    }

    @Test(arguments: ["2026-11-18", "2026年11月17日", "2026.11.19", "20261118"])
    func aDayBeforeOrAfterOnACardSlipFits(_ date: String) async throws {
        try await withPortal { portal in
            try await Samples.add(SamplePayment { $0.cardLast4 = "1234" }, to: portal.desk)
            let answer = try await portal.browser().post(
                "/find",
                [
                    "method": "card", "date": date, "amount": "100", "card_last4": "1234",
                    "terminal_no": Samples.terminal,
                ])
            #expect(answer.headers[.location] == "/request")
        }
    }

    @Test func everyMissHasTheSameAnswer() async throws {
        try await withPortal { portal in
            try await Samples.add(SamplePayment { $0.cardLast4 = "1234" }, to: portal.desk)
            let browser = portal.browser()
            var answers: Set<String> = []
            // Unknown number, wrong amount, wrong card, no card: what was typed is all that differs.
            for (reference, amount, last4) in [
                ("999999999999", "100", "1234"), ("614233280012", "999", "1234"), ("614233280012", "100", "9999"),
            ] {
                let answer = try await browser.post(
                    "/find", ["method": "slip", "reference_no": reference, "amount": amount, "card_last4": last4])
                #expect(answer.status == .unprocessableContent)
                #expect(answer.page.contains("没有找到与这些信息完全一致的付款"))
                var page = answer.page
                for typed in [reference, amount, last4] {
                    page = page.replacing("value=\"\(typed)\"", with: "value=\"…\"")
                }
                answers.insert(page)
            }
            #expect(answers.count == 1)
            #expect(browser.cookie("rp_visitor") == nil)
        }
    }

    @Test func tooManyMissesHaveToWait() async throws {
        try await withPortal { portal in
            try await Samples.add(to: portal.desk)
            let browser = portal.browser()
            let wrong: KeyValuePairs = ["method": "slip", "reference_no": "999999999999", "amount": "100"]
            for _ in 0..<LookUpLimits.missesPerAddress {
                #expect(try await browser.post("/find", wrong).status == .unprocessableContent)
            }
            let refused = try await browser.post(
                "/find", ["method": "slip", "reference_no": "614233280012", "amount": "100"])
            #expect(refused.status == .tooManyRequests)
            #expect(Int(refused.headers[.retryAfter] ?? "") ?? 0 > 0)
            portal.clock.advance(seconds: 3601)
            let found = try await browser.post(
                "/find", ["method": "slip", "reference_no": "614233280012", "amount": "100"])
            #expect(found.status == .seeOther)
        }
    }

    @Test func badInputOfEveryFieldIsToldBesideItAndKept() async throws {
        try await withPortal { portal in
            let browser = portal.browser()
            let good = ["method": "slip", "reference_no": "614233280012", "amount": "100", "card_last4": "1234"]
            let bad: [(String, [String])] = [
                ("reference_no", ["", "12", "六位数字", "😀😀😀😀😀😀😀", "<script>alert(1)</script>", "-614233280012 x!"]),
                ("amount", ["", "-5", "0", "0.00", "100.00001", "1e3", "😀", "<script>", "99999999999999999999"]),
                ("card_last4", ["123", "12345", "四三二一", "😀", "<b>"]),
            ]
            for (field, values) in bad {
                for value in values {
                    var fields = good
                    fields[field] = value
                    let answer = try await browser.post("/find", pairs: fields)
                    #expect(answer.status == .unprocessableContent, "\(field)=\(value)")
                    #expect(answer.page.contains("id=\"\(field)-problem\""), "\(field)=\(value)")
                    #expect(!answer.page.contains("<script>a"), "\(value)")
                    #expect(answer.page.contains("614233280012") || field == "reference_no", "what was typed is kept")
                }
            }
        }
    }

    @Test func aWholeCardNumberIsNotShownAgain() async throws {
        try await withPortal { portal in
            let answer = try await portal.browser().post(
                "/find",
                [
                    "method": "slip", "reference_no": "614233280012", "amount": "100",
                    "card_last4": "6222 0212 3456 7890",
                ])
            #expect(answer.status == .unprocessableContent)
            #expect(!answer.page.contains("6222"))
        }
    }

    @Test func malformedBodiesAreRefusedWithoutAnError() async throws {
        try await withPortal { portal in
            let browser = portal.browser()
            let large = String(repeating: "a", count: 70_000)
            let bodies: [(String, HTTPResponse.Status)] = [
                ("method=%ZZ", .badRequest), ("amount=%FF", .badRequest),
                ("amount=1&amount=2", .unprocessableContent), ("amount=\(large)", .contentTooLarge),
            ]
            for (body, status) in bodies {
                let answer = try await browser.post(raw: "/find", body)
                #expect(answer.status == status)
            }
        }
    }
}
