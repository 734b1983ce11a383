import RefundDomain
import Testing

@Suite struct ArrivalWindowTests {
    private static func row(
        _ channel: Channel? = nil, _ issuers: Set<String> = [], _ paidBy: PaidBy? = nil, _ abroad: Bool? = nil,
        _ days: ClosedRange<Int>
    ) -> ArrivalWindows.Row {
        ArrivalWindows.Row(channel: channel, issuers: issuers, paidBy: paidBy, isCrossBorder: abroad, days: days)
    }

    private func route(
        _ channel: Channel?, _ issuer: String? = nil, _ paidBy: PaidBy? = nil, abroad: Bool = false
    ) -> RefundRoute {
        RefundRoute(channel: channel, issuer: issuer, paidBy: paidBy, isCrossBorder: abroad)
    }

    private let windows = ArrivalWindows(
        rows: [
            row(.wechatPay, [], nil, false, 0...3), row(.wechatPay, [], .wallet, false, 0...1),
            row(.wechatPay, ["CMB", "招商银行"], .credit, false, 2...2), row(nil, ["CMB"], nil, nil, 4...4),
            row(nil, [], .credit, nil, 5...5),
        ], outer: 15...30)

    @Test func theRowThatSaysMostCounts() {
        #expect(windows.days(for: route(.wechatPay)) == 0...3)
        #expect(windows.days(for: route(.wechatPay, "CFT", .wallet)) == 0...1)
        #expect(windows.days(for: route(.wechatPay, "CMB", .credit)) == 2...2)
        #expect(windows.days(for: route(.wechatPay, "招商银行", .credit)) == 2...2)
        #expect(windows.days(for: route(.wechatPay, "CMB", .debit)) == 4...4)
        #expect(windows.days(for: route(.wechatPay, "ICBC", .credit)) == 5...5)
    }

    @Test func whereNoRowFitsTheOuterWindowHolds() {
        #expect(windows.days(for: route(.alipay)) == 15...30)
        #expect(windows.days(for: route(nil)) == 15...30)
        #expect(windows.days(for: route(.wechatPay, abroad: true)) == 15...30)
        #expect(ArrivalWindows.unknown.days(for: route(.wechatPay, "CMB", .credit)) == 15...30)
    }

    @Test func theOrderOfRowsDoesNotMatterUnlessTheySayAsMuch() {
        let turned = ArrivalWindows(rows: windows.rows.reversed(), outer: windows.outer)
        for channel in Channel.allCases {
            for paidBy in PaidBy.allCases.map(Optional.some) + [nil] {
                for issuer in ["CMB", "ICBC", nil] {
                    for abroad in [true, false] {
                        let route = route(channel, issuer, paidBy, abroad: abroad)
                        #expect(windows.days(for: route) == turned.days(for: route))
                    }
                }
            }
        }
    }

    @Test func whatPaidIsToldByTheStatement() {
        #expect(PaidBy(.semiCredit, issuer: nil) == .semiCredit)
        #expect(PaidBy(.credit, issuer: "CFT") == .credit)
        #expect(PaidBy(nil, issuer: "CFT") == .wallet)
        #expect(PaidBy(nil, issuer: "CMB") == nil)
    }

    @Test func theDatesAreCountedFromTheDayItWasTakenOn() throws {
        let days = WorkingDays(holidays: [], makeUpDays: [], years: [2026])
        let tuesday = try #require(Day(iso: "2026-12-29"))
        let soon = ArrivalDates(1...2, after: tuesday, days)
        #expect((soon.earliest.iso, soon.latest.day.iso) == ("2026-12-30", "2026-12-31"))
        #expect(soon.latest.isExact)
        let late = ArrivalDates(0...3, after: tuesday, days)
        #expect((late.earliest, late.latest.day.iso) == (tuesday, "2027-01-01"))
        #expect(!late.latest.isExact)
    }
}
