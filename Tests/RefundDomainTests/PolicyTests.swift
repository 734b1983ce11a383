import RefundDomain
import Testing

private func yuan(_ minor: Int64) -> Money {
    Money(minor: minor, currency: .cny) ?? .zero(.cny)
}

@Suite struct PolicyTextTests {
    private func drawn(_ generator: inout SeededGenerator) throws -> Policy {
        var policy = Policy(version: "lanting-1")
        for number in PolicyNumber.allCases where Bool.random(using: &generator) {
            policy = try policy.with(number, Int64.random(in: number.bounds, using: &generator))
        }
        for choice in PolicyChoice.allCases {
            policy = try policy.with(choice, try #require(choice.options.randomElement(using: &generator)))
        }
        policy = policy.approvingAlone(Set(RequestReason.allCases.filter { _ in Bool.random(using: &generator) }))
        for reason in RequestReason.allCases where Bool.random(using: &generator) {
            let from = Bool.random(using: &generator) ? Int64.random(in: 0...Money.minorMax, using: &generator) : nil
            policy = try policy.demandingProof(for: reason, from: from)
        }
        return policy
    }

    @Test func everyPolicyIsReadAsItWasWritten() throws {
        var generator = SeededGenerator(seed: 41)
        for _ in 0..<500 {
            let policy = try drawn(&generator)
            let read = try PolicyText.parse(policy.rules, version: policy.version)
            #expect(read == policy)
            #expect(read.rules == policy.rules)
            #expect(policy.differences(from: read).isEmpty)
        }
    }

    @Test func noTextIsTheStandard() throws {
        #expect(try PolicyText.parse("", version: "standard-1") == .standard)
    }

    @Test func whatIsNotUnderstoodIsNoPolicy() {
        let faults: [(String, PolicyFault)] = [
            ("offer-day=7", .unknownKey("offer-day")), ("offer-days", .unreadable("offer-days")),
            ("offer-days=seven", .unreadable("offer-days")), ("offer-days=07", .unreadable("offer-days")),
            ("offer-days=+7", .unreadable("offer-days")), ("offer-days=8", .outOfBounds("offer-days")),
            ("offer-days=none", .missing("offer-days")), ("offer-days=7\noffer-days=7", .repeated("offer-days")),
            ("auto-reasons=other,luck", .unreadable("auto-reasons")),
            ("auto-reasons=other,other", .unreadable("auto-reasons")), ("proof.luck=1", .unknownKey("proof.luck")),
            ("proof.other=-1", .outOfBounds("proof.other")), ("fee-bearer=bank", .unreadable("fee-bearer")),
        ]
        for (text, fault) in faults {
            #expect(throws: fault, "\(text)") { try PolicyText.parse(text, version: "lanting-1") }
        }
    }

    @Test(arguments: PolicyNumber.allCases)
    func aNumberStaysWithinItsBounds(_ number: PolicyNumber) throws {
        let bounds = number.bounds
        #expect(try Policy.standard.with(number, bounds.lowerBound)[number] == bounds.lowerBound)
        #expect(try Policy.standard.with(number, bounds.upperBound)[number] == bounds.upperBound)
        let fault = PolicyFault.outOfBounds(number.rawValue)
        #expect(throws: fault) { try Policy.standard.with(number, bounds.lowerBound - 1) }
        #expect(throws: fault) { try Policy.standard.with(number, bounds.upperBound + 1) }
        if let standard = number.standard { #expect(bounds.contains(standard)) }
    }

    @Test func theStandardIsWhatTheLifecycleSays() {
        let policy = Policy.standard
        #expect(policy.reviewerLimitMinor == 100_000 && policy.approverLimitMinor == 2_000_000)
        #expect(policy.answerWorkingDays == 3 && policy.decisionWorkingDays == 7 && policy.secondWorkingDays == 2)
        #expect(policy.questionDays == 10 && policy.offerDays == 7 && policy.appealDays == 30)
        #expect(policy.closeWorkingDays == 30 && policy.draftHours == 24 && policy.undoSeconds == 10)
        #expect(policy.fees == .standard)
        #expect(policy[.autoMax] == nil && policy.autoReasons.isEmpty)
        for reason in RequestReason.allCases {
            #expect(policy.proof(for: reason, asking: yuan(1)) == reason.proof)
        }
    }
}

@Suite struct PolicyRuleTests {
    private static let today = Day(daysSince1970: 20_779)

    private func payment(
        refunded: Int64 = 0, open: Int64 = 0, daysAgo: Int64 = 1, terminal: TerminalRefunds = .partial
    ) -> PaymentStanding {
        PaymentStanding(
            captured: yuan(10_000), refundedElsewhere: yuan(0), refunded: yuan(refunded), open: yuan(open),
            paidOn: PolicyRuleTests.today.adding(days: -daysAgo), able: able(.wechatPay, terminal),
            accountIsReady: true, isVoided: false, refundCount: 0)
    }

    private func answer(
        _ payment: PaymentStanding, _ policy: Policy, askedToday: Int64 = 0
    ) -> Eligibility {
        Eligibility.of(payment, under: policy, askedToday: yuan(askedToday), on: PolicyRuleTests.today)
    }

    @Test func theNarrowestCeilingCountsAndIsNamed() throws {
        let policy = try Policy.standard.with(.shareMax, 8_000).with(.refundMax, 5_000).with(.dayMax, 20_000)
        #expect(answer(payment(), policy) == .askable(most: yuan(5_000), onlyWhole: false, by: .refund))
        #expect(
            answer(payment(refunded: 4_000), policy) == .askable(most: yuan(4_000), onlyWhole: false, by: .share))
        #expect(
            answer(payment(), policy, askedToday: 17_000) == .askable(most: yuan(3_000), onlyWhole: false, by: .day))
        let wide = try Policy.standard.with(.refundMax, 10_000)
        #expect(answer(payment(), wide) == .askable(most: yuan(10_000), onlyWhole: false, by: .left))
    }

    @Test func aCeilingThatIsReachedIsToldAsTheMerchants() throws {
        let policy = try Policy.standard.with(.shareMax, 5_000).with(.dayMax, 20_000).with(.windowDays, 30)
        let refusals: [(Eligibility, Ineligible)] = [
            (answer(payment(refunded: 5_000), policy), .shareReached(most: yuan(5_000))),
            (answer(payment(), policy, askedToday: 20_000), .dayLimitReached(most: yuan(20_000))),
            (
                answer(payment(daysAgo: 31), policy),
                .merchantWindowPassed(lastDay: PolicyRuleTests.today.adding(days: -1))
            ),
            (answer(payment(terminal: .whole), policy), .wholeAboveLimit(most: yuan(5_000))),
        ]
        for (found, wanted) in refusals {
            #expect(found == .refused(wanted))
            #expect(wanted.source == .merchant)
        }
        #expect(answer(payment(open: 5_000), policy) == .refused(.requestOpen))
        #expect(answer(payment(daysAgo: 30), policy) == .askable(most: yuan(5_000), onlyWhole: false, by: .share))
    }

    @Test func theChannelsWindowCountsWhereItIsNarrower() throws {
        let policy = try Policy.standard.with(.windowDays, 365)
        let found = answer(payment(daysAgo: 366), policy)
        #expect(found == .refused(.windowPassed(lastDay: PolicyRuleTests.today.adding(days: -1))))
    }

    @Test func aShareIsNeverRoundedUp() throws {
        let policy = try Policy.standard.with(.shareMax, 3_333)
        #expect(answer(payment(), policy) == .askable(most: yuan(3_333), onlyWhole: false, by: .share))
        let odd = PaymentStanding(
            captured: yuan(99), refundedElsewhere: yuan(0), refunded: yuan(0), open: yuan(0),
            paidOn: PolicyRuleTests.today, able: able(.wechatPay), accountIsReady: true, isVoided: false,
            refundCount: 0)
        #expect(answer(odd, policy) == .askable(most: yuan(32), onlyWhole: false, by: .share))
    }

    @Test func proofIsDemandedFromAnAmountOn() throws {
        let policy = try Policy.standard.demandingProof(for: .other, from: 5_000)
            .demandingProof(for: .goodsFaulty, from: nil)
        #expect(!policy.proof(for: .other, asking: yuan(4_999)).isDemanded)
        #expect(policy.proof(for: .other, asking: yuan(5_000)).isDemanded)
        #expect(!policy.proof(for: .goodsFaulty, asking: yuan(5_000)).isDemanded)
        #expect(policy.proof(for: .goodsReturned, asking: yuan(1)).isDemanded)
    }

    @Test func theFeeIsThePoliciesWithinItsBounds() throws {
        let policy = try Policy.standard.with(.feeFixed, 100).with(.feeShare, 100).with(.feeMin, 150).with(.feeMax, 300)
            .with(.feeBearer, "cardholder").with(.originalFee, "kept")
        let fees = policy.fees
        #expect(fees.bearer == .cardholder && !fees.returnsFee)
        #expect(fees.handlingFee(on: yuan(1_000)) == yuan(150))
        #expect(fees.handlingFee(on: yuan(10_000)) == yuan(200))
        #expect(fees.handlingFee(on: yuan(100_000)) == yuan(300))
        #expect(fees.handlingFee(on: yuan(50)) == yuan(49))
    }

    @Test func theRuleApprovesOnlyWhenEverythingFits() throws {
        let off = Policy.standard.approvingAlone([.duplicateCharge])
        let policy = try off.with(.autoMax, 5_000)
        func fits(
            _ policy: Policy, _ minor: Int64 = 5_000, _ reason: RequestReason = .duplicateCharge,
            isFirst: Bool = true, isStopped: Bool = false
        ) -> Bool {
            policy.approvesAlone(yuan(minor), for: reason, isFirst: isFirst, isStopped: isStopped)
        }
        #expect(fits(policy))
        #expect(!fits(off))
        #expect(!fits(policy, 5_001))
        #expect(!fits(policy, 5_000, .other))
        #expect(!fits(policy, isFirst: false))
        #expect(!fits(policy, isStopped: true))
    }
}
