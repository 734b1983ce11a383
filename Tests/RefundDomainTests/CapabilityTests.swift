import RefundDomain
import Testing

private func yuan(_ minor: Int64) -> Money {
    Money(minor: minor, currency: .cny) ?? .zero(.cny)
}

/// What refunds can do, by the most exact row that says something.
@Suite struct CapabilityTests {
    private static let lakala = Acquirer(name: "Lakala", numbers: ["822"])
    private static let today = Day(daysSince1970: 20_779)

    private func row(
        _ channel: Channel = .unionPay, _ acquirer: Acquirer? = nil, _ family: TerminalFamily? = nil,
        _ change: (inout CapabilityValues) -> Void
    ) -> CapabilityRow {
        var values = CapabilityValues()
        change(&values)
        let scope = CapabilityScope(channel: channel, acquirer: acquirer, family: family)
        return CapabilityRow(scope: scope, values: values, source: "a letter", isVerified: true)
    }

    private func origin(
        _ channel: Channel = .unionPay, number: String? = nil, family: TerminalFamily? = nil,
        terminal: TerminalRefunds = .partial
    ) -> PaymentOrigin {
        PaymentOrigin(channel: channel, merchantNumber: number, family: family, terminal: terminal)
    }

    @Test func theMostExactRowThatSaysSomethingCounts() throws {
        let exact = row(.unionPay, Self.lakala, .smart) { $0.windowDays = 15 }
        let acquirer = row(.unionPay, Self.lakala) {
            $0.windowDays = 30
            $0.refundsMax = 3
        }
        let family = row(.unionPay, nil, .smart) {
            $0.windowDays = 60
            $0.refundsMax = 6
            $0.gapSeconds = 9
        }
        let channel = row {
            $0.windowDays = 90
            $0.leastMinor = 100
        }
        let all = Capabilities(rows: [channel, family, acquirer, exact])
        let found = try #require(all.abilities(of: origin(number: "822290059430BCY", family: .smart)))
        #expect(found.windowDays == Ability(15, by: exact.scope))
        #expect(found.refundsMax == Ability(3, by: acquirer.scope))
        #expect(found.gapSeconds == Ability(9, by: family.scope))
        #expect(found.leastMinor == Ability(100, by: channel.scope))
        #expect(found.feeReturn == Ability(.proportional, by: nil))
        #expect(found.void == Ability(.sameUnionPayDay, by: nil))
        #expect(found.scopes == [exact.scope, acquirer.scope, family.scope, channel.scope])
        #expect(all.abilities(of: origin(number: "822290059430BCY"))?.windowDays.value == 30)
        #expect(all.abilities(of: origin(number: "777290058167151", family: .smart))?.windowDays.value == 60)
        #expect(all.abilities(of: origin(family: .cloud))?.windowDays.value == 90)
        #expect(all.abilities(of: origin(.wechatPay, number: "822290059430BCY"))?.windowDays == Ability(365, by: nil))
    }

    @Test func noRowMakesAClient() {
        let channel = Channel.allCases.first { ChannelCapability.of($0) == nil }
        guard let channel else { return }
        let rows = Capabilities(rows: [row(channel) { $0.windowDays = 1 }])
        #expect(rows.abilities(of: origin(channel)) == nil)
    }

    @Test func onlyARowAboutItsFamilyGivesATerminalMoreThanItHas() throws {
        let wide = Capabilities(rows: [row(.unionPay, Self.lakala) { $0.refunds = .partial }])
        let sign = origin(number: "8221", family: .eSign, terminal: .none)
        #expect(wide.abilities(of: sign)?.refunds == Ability(.none, by: nil))
        let exact = row(.unionPay, nil, .eSign) { $0.refunds = .whole }
        #expect(Capabilities(rows: [exact]).abilities(of: sign)?.refunds == Ability(.whole, by: exact.scope))
        let narrow = row { $0.refunds = .whole }
        let found = Capabilities(rows: [narrow]).abilities(of: origin(terminal: .partial))
        #expect(found?.refunds == Ability(.whole, by: narrow.scope))
    }

    private func answer(
        _ row: CapabilityRow, left: Int64 = 10_000, daysAgo: Int64 = 1, count: Int64 = 0
    ) -> Eligibility {
        let able = Capabilities(rows: [row]).abilities(of: origin())
        let standing = PaymentStanding(
            captured: yuan(10_000), refundedElsewhere: yuan(10_000 - left), refunded: yuan(0), open: yuan(0),
            paidOn: Self.today.adding(days: -daysAgo), able: able, accountIsReady: true, isVoided: false,
            refundCount: count)
        return Eligibility.of(standing, on: Self.today)
    }

    @Test func eachRefusalNamesTheRowThatApplied() {
        let window = row { $0.windowDays = 30 }
        let lastDay = Self.today.adding(days: -1)
        #expect(answer(window, daysAgo: 31) == .refused(.windowPassed(lastDay: lastDay, by: window.scope)))
        #expect(answer(window, daysAgo: 30) == .askable(most: yuan(10_000), onlyWhole: false, by: .left))
        let most = row { $0.refundsMax = 2 }
        #expect(answer(most, count: 2) == .refused(.tooManyRefunds(most: 2, by: most.scope)))
        let nothing = row { $0.refunds = TerminalRefunds.none }
        #expect(answer(nothing) == .refused(.terminalCannot(by: nothing.scope)))
        let whole = row { $0.refunds = .whole }
        #expect(answer(whole) == .askable(most: yuan(10_000), onlyWhole: true, by: .left))
        #expect(answer(whole, left: 9_999) == .refused(.terminalCannot(by: whole.scope)))
        let least = row { $0.leastMinor = 500 }
        #expect(answer(least, left: 500) == .askable(most: yuan(500), onlyWhole: false, by: .left))
        #expect(answer(least, left: 499) == .refused(.belowLeast(yuan(500), by: least.scope)))
        #expect(Ineligible.belowLeast(yuan(1), by: least.scope).capability == least.scope)
        #expect(Ineligible.nothingLeft.capability == nil)
    }

    @Test func aChannelThatKeepsTheFeeOverrulesThePolicy() {
        #expect(FeeRule.standard.within(.proportional) == .standard)
        #expect(!FeeRule.standard.within(.none).returnsFee)
        let keeping = FeeRule(fixedMinor: 100, basisPoints: 60, bearer: .cardholder, returnsFee: false, mostMinor: 9)
        #expect(keeping.within(.proportional) == keeping)
        let returning = FeeRule(fixedMinor: 100, basisPoints: 60, bearer: .cardholder, returnsFee: true, mostMinor: 9)
        #expect(returning.within(.none) == keeping)
    }
}
