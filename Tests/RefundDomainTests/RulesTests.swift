import RefundDomain
import Testing

private func yuan(_ minor: Int64) -> Money {
    Money(minor: minor, currency: .cny) ?? .zero(.cny)
}

@Suite struct FeeTests {
    @Test func theFeeOfAPartIsItsShareRoundedHalfUp() {
        let part = Fee.givenBack(
            fee: yuan(60), captured: yuan(10_000), refundedWithThis: yuan(5_000), alreadyGivenBack: yuan(0))
        #expect(part == yuan(30))
        let half = Fee.givenBack(
            fee: yuan(1), captured: yuan(2), refundedWithThis: yuan(1), alreadyGivenBack: yuan(0))
        #expect(half == yuan(1))
    }

    @Test func partsAlwaysAddUpToTheWholeFee() throws {
        var generator = SeededGenerator(seed: 21)
        for _ in 0..<1_000 {
            let captured = Int64.random(in: 1...10_000_000, using: &generator)
            let fee = Int64.random(in: 0...captured, using: &generator)
            var refunded: Int64 = 0
            var given: Int64 = 0
            while refunded < captured {
                let part = Int64.random(in: 1...max((captured - refunded) / 2, 1), using: &generator)
                refunded += part
                let back = Fee.givenBack(
                    fee: yuan(fee), captured: yuan(captured), refundedWithThis: yuan(refunded),
                    alreadyGivenBack: yuan(given))
                given += back.minor
                #expect(given <= fee)
                #expect(back.minor <= part, "the merchant's cost would be negative")
            }
            #expect(given == fee, "captured \(captured), fee \(fee)")
        }
    }

    @Test func theLargestAmountsDoNotOverflow() {
        let most = yuan(Money.minorMax)
        let whole = Fee.givenBack(fee: most, captured: most, refundedWithThis: most, alreadyGivenBack: yuan(0))
        #expect(whole == most)
        let less = Fee.givenBack(
            fee: most, captured: most, refundedWithThis: yuan(Money.minorMax - 1), alreadyGivenBack: yuan(1))
        #expect(less == yuan(Money.minorMax - 2))
    }

    @Test func nothingComesBackWhereNothingFits() {
        let dollars = Money.zero(.usd)
        #expect(
            Fee.givenBack(fee: dollars, captured: yuan(100), refundedWithThis: yuan(50), alreadyGivenBack: yuan(0))
                == dollars)
        #expect(
            Fee.givenBack(fee: yuan(10), captured: yuan(0), refundedWithThis: yuan(0), alreadyGivenBack: yuan(0))
                == yuan(0))
        #expect(
            Fee.givenBack(fee: yuan(10), captured: yuan(100), refundedWithThis: yuan(10), alreadyGivenBack: yuan(5))
                == yuan(0))
        #expect(
            Fee.givenBack(fee: yuan(10), captured: yuan(100), refundedWithThis: yuan(101), alreadyGivenBack: yuan(0))
                == yuan(0))
    }
}

/// What refunds of a payment can do by the program's own table.
func able(_ channel: Channel, _ terminal: TerminalRefunds = .partial) -> RefundAbilities? {
    Capabilities.none.abilities(of: PaymentOrigin(channel: channel, terminal: terminal))
}

@Suite struct EligibilityTests {
    private static let today = Day(daysSince1970: 20_779)

    private func payment(
        refundedElsewhere: Int64 = 0, refunded: Int64 = 0, open: Int64 = 0, daysAgo: Int64 = 1,
        channel: Channel? = .wechatPay, accountIsReady: Bool = true, isVoided: Bool = false,
        terminal: TerminalRefunds = .partial, refundCount: Int64 = 0
    ) -> PaymentStanding {
        PaymentStanding(
            captured: yuan(10_000), refundedElsewhere: yuan(refundedElsewhere), refunded: yuan(refunded),
            open: yuan(open), paidOn: EligibilityTests.today.adding(days: -daysAgo),
            able: channel.flatMap { able($0, terminal) }, accountIsReady: accountIsReady, isVoided: isVoided,
            refundCount: refundCount)
    }

    private func answer(_ payment: PaymentStanding) -> Eligibility {
        Eligibility.of(payment, on: EligibilityTests.today)
    }

    @Test func whatIsLeftCanBeAskedFor() {
        #expect(answer(payment()) == .askable(most: yuan(10_000), onlyWhole: false, by: .left))
        #expect(
            answer(payment(refundedElsewhere: 1_000, refunded: 2_000, open: 3_000))
                == .askable(most: yuan(4_000), onlyWhole: false, by: .left))
        #expect(answer(payment(terminal: .whole)) == .askable(most: yuan(10_000), onlyWhole: true, by: .left))
        #expect(answer(payment(daysAgo: 365)) == .askable(most: yuan(10_000), onlyWhole: false, by: .left))
        #expect(answer(payment(refundCount: 49)) == .askable(most: yuan(10_000), onlyWhole: false, by: .left))
    }

    @Test func eachReasonForANoIsTold() {
        let lastDay = EligibilityTests.today.adding(days: -1)
        #expect(answer(payment(isVoided: true)) == .refused(.voided))
        #expect(answer(payment(channel: nil)) == .refused(.channelNotHere))
        #expect(answer(payment(accountIsReady: false)) == .refused(.accountNotReady))
        #expect(answer(payment(terminal: .none)) == .refused(.terminalCannot()))
        #expect(answer(payment(daysAgo: 366)) == .refused(.windowPassed(lastDay: lastDay)))
        #expect(answer(payment(refunded: 10_000)) == .refused(.nothingLeft))
        #expect(answer(payment(refundedElsewhere: 10_000)) == .refused(.nothingLeft))
        #expect(answer(payment(refunded: 6_000, open: 4_000)) == .refused(.requestOpen))
        #expect(answer(payment(refundCount: 50)) == .refused(.tooManyRefunds(most: 50)))
        #expect(answer(payment(refunded: 1, terminal: .whole)) == .refused(.terminalCannot()))
    }

    @Test func moreTakenThanCapturedLeavesNothing() {
        #expect(payment(refundedElsewhere: 8_000, refunded: 8_000).left == yuan(0))
        #expect(answer(payment(refundedElsewhere: 8_000, refunded: 8_000)) == .refused(.nothingLeft))
    }

    @Test func everyReasonHasAWordOfItsOwn() {
        let all: [Ineligible] = [
            .nothingLeft, .requestOpen, .windowPassed(lastDay: EligibilityTests.today), .channelNotHere,
            .accountNotReady, .terminalCannot(), .voided, .tooManyRefunds(most: 50),
            .merchantWindowPassed(lastDay: EligibilityTests.today), .shareReached(most: yuan(1)),
            .dayLimitReached(most: yuan(1)), .wholeAboveLimit(most: yuan(1)),
            .belowLeast(yuan(1)),
        ]
        #expect(Set(all.map(\.code)).count == all.count)
    }
}

@Suite struct WorkingDaysTests {
    /// Thursday and Friday are holidays; the Sunday after them is worked.
    private func days() throws -> WorkingDays {
        let thursday = try #require(Day(iso: "2026-10-01"))
        return WorkingDays(
            holidays: [thursday, thursday.adding(days: 1)], makeUpDays: [thursday.adding(days: 3)], years: [2026])
    }

    @Test func holidaysAndMakeUpDaysCountAsPublished() throws {
        let days = try days()
        let wednesday = try #require(Day(iso: "2026-09-30"))
        let worked = (0..<6).map { days.isWorked(wednesday.adding(days: $0)) }
        #expect(worked == [true, false, false, false, true, true])
        #expect(days.adding(1, to: wednesday).day.iso == "2026-10-04")
        #expect(days.adding(2, to: wednesday).day.iso == "2026-10-05")
        #expect(days.adding(0, to: wednesday).day == wednesday)
    }

    @Test func aDateBeyondTheDataIsSaidToBeInexact() throws {
        let days = try days()
        let december = try #require(Day(iso: "2026-12-30"))
        #expect(days.adding(1, to: december).isExact)
        #expect(!days.adding(3, to: december).isExact)
        #expect(!days.adding(1, to: try #require(Day(iso: "2025-12-31"))).isExact)
    }

    @Test func countingAndAddingAgree() throws {
        let days = try days()
        let start = try #require(Day(iso: "2026-09-01"))
        for count in 0...60 {
            let end = days.adding(count, to: start).day
            #expect(days.count(from: start, to: end) == count)
            #expect(days.count(from: end, to: start) == -count)
        }
    }

    @Test func countsAreCutToTheMost() throws {
        let days = try days()
        let start = try #require(Day(iso: "2026-09-01"))
        #expect(days.adding(Int.max, to: start) == days.adding(WorkingDays.countMax, to: start))
        #expect(days.adding(Int.min, to: start).day == start)
        let end = try #require(Day(iso: "2999-12-31"))
        #expect(days.count(from: start, to: end) == WorkingDays.countMax)
        #expect(days.adding(30, to: end).day == end)
    }
}
