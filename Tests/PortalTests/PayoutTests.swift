import HTTPTypes
import HummingbirdTesting
import RefundDesk
import RefundDomain
import TestSupport
import Testing

@testable import Portal

@Suite struct PayoutTests {
    private func csv(_ file: TestResponse, result: String) throws -> [UInt8] {
        // As somebody fills our own file in: the columns before the last four stay.
        let lines = file.page.split(separator: "\r\n").map { String($0) }
        let order = try #require(lines.first { $0.contains(",60.00,6000,") && $0.hasSuffix(",,,,") })
        let filled = "\(order.dropLast(4)),\(result)"
        return Array(([lines[1], filled].joined(separator: "\r\n") + "\r\n").utf8)
    }

    @Test(arguments: ["zh-CN", "en"])
    func aRefundGoesFromTheBatchToTheBanksFile(_ language: String) async throws {
        try await withPortal { portal in
            let number = try await portal.waitingForBatch()
            let first = try await portal.signedIn(
                try await portal.hire("first@example.com", .finance), language: language)
            let second = try await portal.signedIn(
                try await portal.hire("second@example.com", .operatorReviewer), language: language)
            let list = try await first.get("/support/payouts").page
            #expect(list.contains("¥60.00") && list.contains("瑞银信 &lt;b&gt;"))
            #expect(!(try await second.get("/support/payouts").page.contains("name=\"account\"")))
            let made = try await first.post(
                "/support/payouts", ["account": try portal.batchAccount(list), "currency": "CNY"])
            let batch = try #require(made.headers[.location])
            let own = try await first.get(batch).page
            #expect(!own.contains("\(batch)/release") && own.contains("\(batch)/discard"))
            #expect(try await first.post("\(batch)/release").status == .forbidden)
            #expect(try await first.get("\(batch)/file/csv").status == .conflict)
            #expect(try await second.get(batch).page.contains("\(batch)/release"))
            #expect(try await second.post("\(batch)/release").headers[.location] == batch)
            #expect(try await second.post("\(batch)/release").status == .conflict)
            let released = try await first.get(batch).page
            #expect(released.contains("/support/cases/\(number.text)\""))
            #expect(released.contains("\(batch)/file/csv") && released.contains("\(batch)/file/bank-transfer"))
            let file = try await first.get("\(batch)/file/csv")
            #expect(file.headers[.contentType] == "text/csv; charset=utf-8")
            #expect(file.headers[.contentDisposition]?.contains("attachment; filename=\"B") == true)
            #expect(try await second.get("\(batch)/file/csv").status == .notFound)
            let answer = try await bring(try csv(file, result: "成功,20261122001,2026-11-22,"), to: batch, in: first)
            #expect(try await first.post("\(answer)/confirm").status == .forbidden)
            let seen = try await second.get(answer).page
            #expect(seen.contains("20261122001") && seen.contains("\(answer)/confirm"))
            #expect(try await second.post("\(answer)/confirm").headers[.location] == batch)
            #expect(try await second.post("\(answer)/confirm").status == .conflict)
            #expect(try await second.get(batch).page.contains("20261122001"))
            #expect(!(try await second.get(answer).page.contains("\(answer)/confirm")))
            #expect(try await second.get("/support/cases/\(number.text)").page.contains("20261122001"))
            #expect(try await portal.int("SELECT COUNT(*) AS value FROM movement WHERE state = 'succeeded'") == 1)
        }
    }

    private func bring(_ bytes: [UInt8], to batch: String, in browser: Browser) async throws -> String {
        let answer = try await browser.upload("\(batch)/answers", [:], [.init(name: "bank.csv", bytes)])
        return try #require(answer.headers[.location], "\(answer.page)")
    }

    @Test func aFileThatCannotBeReadIsToldAndKeepsNothing() async throws {
        try await withPortal { portal in
            _ = try await portal.waitingForBatch()
            let first = try await portal.signedIn("first@example.com", .finance)
            let second = try await portal.signedIn("second@example.com", .finance)
            let page = try await first.get("/support/payouts").page
            let fields = ["account": try portal.batchAccount(page), "currency": "CNY"]
            let batch = try #require(try await first.post("/support/payouts", pairs: fields).headers[.location])
            #expect(try await first.post("/support/payouts", pairs: fields).status == .conflict)
            _ = try await second.post("\(batch)/release")
            for wrong in [
                "", "refund_no,result\r\nR1,paid\r\n", "refund_no,amount,result\r\nR1,60.00,maybe\r\n",
                "refund_no,amount,result\r\nR1,60.00,paid\r\n", "refund_no,amount,result\r\n",
            ] {
                let answer = try await first.upload(
                    "\(batch)/answers", [:], [.init(name: "bank.csv", Array(wrong.utf8))])
                #expect(answer.status == .unprocessableContent, "\(wrong)")
                #expect(answer.page.contains("href=\"#file\""))
            }
            #expect(try await portal.int("SELECT COUNT(*) AS value FROM payout_answer") == 0)
            for address in ["/support/payouts/none", "\(batch)/answers/none", "\(batch)/file/exe"] {
                #expect(try await first.get(address).status == .notFound, "\(address)")
            }
        }
    }

    @Test(arguments: [Role.clerk, .reviewer, .approver, .merchantAdmin, .support, .operatorAdmin])
    func nobodyElseSeesBatches(_ role: Role) async throws {
        try await withPortal { portal in
            let browser = try await portal.signedIn("who@example.com", role)
            #expect(try await browser.get("/support/payouts").status == .notFound)
            #expect(
                try await browser.post("/support/payouts", ["account": "x", "currency": "CNY"]).status == .notFound)
        }
    }
}
