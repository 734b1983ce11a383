import RefundDomain
import Testing

private func yuan(_ minor: Int64) -> Money {
    Money(minor: minor, currency: .cny) ?? .zero(.cny)
}

@Suite struct VoidTests {
    /// 17 November 2026 in Beijing: 22:54:59 is the last second for a void, 23:00 begins the next UnionPay day.
    @Test(
        arguments: [
            (paid: 1_794_841_200_000, sent: 1_794_841_200_000, isVoid: true),
            (paid: 1_794_841_200_000, sent: 1_794_927_299_000, isVoid: true),
            (paid: 1_794_841_200_000, sent: 1_794_927_300_000, isVoid: false),
            (paid: 1_794_841_199_000, sent: 1_794_841_200_000, isVoid: false),
            (paid: 1_794_841_200_000, sent: 1_794_841_199_000, isVoid: false),
        ] as [(paid: Int64, sent: Int64, isVoid: Bool)])
    func aPaymentIsCalledOffWhileItsUnionPayDayLasts(paid: Int64, sent: Int64, isVoid: Bool) {
        let (paid, sent) = (Moment(milliseconds: paid), Moment(milliseconds: sent))
        #expect(VoidRule.sameUnionPayDay.allows(paid, sendingAt: sent) == isVoid)
        #expect(!VoidRule.never.allows(paid, sendingAt: sent))
    }

    private func quote(_ taken: Int64, _ rule: FeeRule = .standard, fee: Int64 = 60) -> RefundQuote {
        let base = RefundBase(
            captured: yuan(10_000), fee: yuan(fee), settlement: nil, refunded: yuan(0), feeGivenBack: yuan(0),
            worth: yuan(0))
        return RefundQuote.of(yuan(taken), from: base, rule)
    }

    @Test func onlyWhatComesToTheSameForEverybodyIsAVoid() {
        #expect(quote(10_000).isWhole(of: yuan(10_000), fee: yuan(60)))
        #expect(!quote(9_999).isWhole(of: yuan(10_000), fee: yuan(60)))
        let keeping = FeeRule(fixedMinor: 0, basisPoints: 0, bearer: .merchant, returnsFee: false)
        #expect(!quote(10_000, keeping).isWhole(of: yuan(10_000), fee: yuan(60)))
        #expect(quote(10_000, keeping, fee: 0).isWhole(of: yuan(10_000), fee: yuan(0)))
        for bearer in FeeBearer.allCases {
            let charging = FeeRule(fixedMinor: 100, basisPoints: 0, bearer: bearer, returnsFee: true)
            #expect(!quote(10_000, charging).isWhole(of: yuan(10_000), fee: yuan(60)), "\(bearer)")
        }
    }

    /// P4 and then P4-, P3, P18 come to what P4 and P7 come to.
    @Test func aVoidComesToTheSameOnTheBooksAsARefund() {
        func balances(_ postings: [Posting]) -> [Account: Int64] {
            var sums: [Account: Int64] = [:]
            for line in postings.flatMap(\.lines) {
                sums[line.debit, default: 0] += line.amount.minor
                sums[line.credit, default: 0] -= line.amount.minor
            }
            return sums.filter { $0.value != 0 }
        }
        let quote = quote(10_000)
        #expect(quote.voided.map(\.kind) == [.unsent, .holdReleased, .voided])
        #expect(balances(quote.sending + quote.voided) == balances(quote.sending + quote.confirmation))
        #expect(balances(quote.sending + quote.voided)[.channelSettlement] == -10_000)
    }
}
