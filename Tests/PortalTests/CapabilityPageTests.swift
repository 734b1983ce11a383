import HTTPTypes
import HummingbirdTesting
import RefundDesk
import RefundDomain
import TestSupport
import Testing

@testable import Portal

/// What people read of what a channel and a terminal can do.
@Suite struct CapabilityPageTests {
    private func load(
        _ portal: PortalUnderTest, family: TerminalFamily? = nil, _ change: (inout CapabilityValues) -> Void
    ) async throws {
        var values = CapabilityValues()
        change(&values)
        let acquirer = Acquirer(name: "拉卡拉", numbers: ["1900000001"])
        let scope = CapabilityScope(channel: .wechatPay, acquirer: acquirer, family: family)
        let row = CapabilityRow(scope: scope, values: values, source: "a letter", isVerified: true)
        try await portal.desk.loadCapabilities(Capabilities(rows: [row]))
    }

    @Test func staffReadWhatTheAcquirersTerminalsCanDo() async throws {
        try await withPortal { portal in
            try await load(portal, family: .smart) {
                $0.refunds = .whole
                $0.windowDays = 15
                $0.leastMinor = 500
                $0.feeReturn = FeeReturn.none
            }
            let number = try await portal.filed(asking: 10_000)
            let browser = try await portal.signedIn("lin@example.com", .reviewer)
            let address = "/merchant/cases/\(number.text)"
            let page = try await browser.get(address).page
            #expect(page.contains("微信支付、拉卡拉、智能终端：只能整笔退；截止 12 月 3 日"))
            #expect(page.contains("每次至少 ¥5.00；渠道不退手续费"))
            let answer = try await browser.post(
                "\(address)/approve",
                [
                    "version": portal.version(number), "amount": "50.00", "checks": "card", "checks": "time",
                    "checks": "amount",
                ])
            #expect(answer.status == .unprocessableContent && answer.page.contains("收款的终端只能整笔退款"))
        }
    }

    @Test func anotherFamilysRowSaysNothingOfThisTerminal() async throws {
        try await withPortal { portal in
            try await load(portal, family: .cloud) { $0.refunds = .whole }
            let number = try await portal.filed(asking: 6_000)
            let browser = try await portal.signedIn("lin@example.com", .reviewer)
            let page = try await browser.get("/merchant/cases/\(number.text)").page
            #expect(page.contains("微信支付：可以部分退，也可以整笔退"))
        }
    }

    @Test func aCardholderIsToldTheRowsWindow() async throws {
        try await withPortal { portal in
            try await load(portal) { $0.windowDays = 1 }
            let journey = Journey(portal)
            try await journey.find()
            let page = try await journey.browser.get("/request").page
            #expect(page.contains("支付渠道只接受付款后 1 天内的退款"))
        }
    }

    @Test func aCardholderIsToldTheLeastBesideTheField() async throws {
        try await withPortal { portal in
            try await load(portal) { $0.leastMinor = 500 }
            let journey = Journey(portal)
            try await journey.find()
            try await journey.chooseReason()
            let answer = try await journey.browser.post("/request/amount", ["portion": "part", "amount": "4.99"])
            #expect(answer.status == .unprocessableContent)
            #expect(answer.page.contains("至少可以申请 ¥5.00"))
        }
    }
}
