import RefundDomain
import Testing

@Suite struct QuoteTests {
    private func money(_ minor: Int64, _ currency: Currency = .cny) -> Money {
        Money(minor: minor, currency: currency) ?? .zero(currency)
    }

    private func base(
        _ captured: Money, fee: Money, settlement: Money? = nil, after earlier: [RefundQuote] = []
    ) -> RefundBase {
        let own = settlement?.currency ?? captured.currency
        let worth = earlier.map { quote in
            quote.cost.minor + quote.feeGivenBack.minor - (quote.bearer == .merchant ? quote.handlingFee.minor : 0)
        }
        return RefundBase(
            captured: captured, fee: fee, settlement: settlement,
            refunded: money(earlier.reduce(0) { $0 + $1.taken.minor }, captured.currency),
            feeGivenBack: money(earlier.reduce(0) { $0 + $1.feeGivenBack.minor }, own),
            worth: money(worth.reduce(0, +), own))
    }

    @Test func theCardholderWhoBearsTheFeeSeesItBeforehand() {
        let rule = FeeRule(fixedMinor: 100, basisPoints: 0, bearer: .cardholder, returnsFee: false)
        let quote = RefundQuote.of(money(10_000), from: base(money(10_000), fee: money(60)), rule)
        #expect(quote.gross == money(9_900))
        #expect(quote.keptFromCardholder == money(100))
        #expect(quote.cost == money(10_000))
        #expect(quote.feeGivenBack == money(0))
        #expect(quote.sending.map(\.kind) == [.sent, .handlingFee])
    }

    @Test func theMerchantOrTheOperatorPaysTheFeeOnTopOfTheRefund() {
        let sale = base(money(10_000), fee: money(60))
        let merchant = FeeRule(fixedMinor: 100, basisPoints: 50, bearer: .merchant, returnsFee: true)
        let paid = RefundQuote.of(money(5_000), from: sale, merchant)
        #expect(paid.gross == money(5_000) && paid.handlingFee == money(125) && paid.feeGivenBack == money(30))
        #expect(paid.cost == money(5_095))
        let ours = FeeRule(fixedMinor: 100, basisPoints: 0, bearer: .operator, returnsFee: true)
        let charged = RefundQuote.of(money(5_000), from: sale, ours)
        #expect(charged.cost == money(4_970))
        #expect(charged.sending.map(\.kind) == [.sent])
        #expect(charged.confirmation.map(\.kind) == [.confirmed, .channelFee])
    }

    /// Sale USD 10.00, settled CNY 72.00; USD 5.00 goes back while buying it costs CNY 35.50.
    @Test func theDifferenceOfRatesIsTheOperatorsByTheRateOfTheSaleAndTheMerchantsByTodays() throws {
        let sale = base(money(1_000, .usd), fee: money(0), settlement: money(7_200))
        let today = try #require(ExchangeRate("7.10", from: .usd, to: .cny))
        let original = RefundQuote.of(money(500, .usd), from: sale, .standard, today: today)
        #expect(original.cost == money(3_600))
        #expect(original.exchange == RefundQuote.Exchanged(rate: "7.200000", spent: money(3_550)))
        #expect(net(original.sending)["fx.difference CNY"] == 50)
        #expect(net(original.sending)["fx.position CNY"] == 3_550)
        #expect(net(original.sending)["fx.position USD"] == -500)
        let rule = FeeRule(fixedMinor: 0, basisPoints: 0, bearer: .merchant, returnsFee: true, exchange: .current)
        let current = RefundQuote.of(money(500, .usd), from: sale, rule, today: today)
        #expect(current.cost == money(3_550))
        #expect(net(current.sending)["fx.difference CNY"] == nil)
        let unknown = RefundQuote.of(money(500, .usd), from: sale, rule)
        #expect(unknown.cost == money(3_600), "without a rate of today the rate of the sale holds")
    }

    /// What postings do to each account, credits counted up.
    private func net(_ postings: [Posting]) -> [String: Int64] {
        var result: [String: Int64] = [:]
        for line in postings.flatMap(\.lines) {
            result["\(line.credit.rawValue) \(line.amount.currency.code)", default: 0] += line.amount.minor
            result["\(line.debit.rawValue) \(line.amount.currency.code)", default: 0] -= line.amount.minor
        }
        return result.filter { $0.value != 0 }
    }

    @Test(arguments: [Currency.jpy, .cny, .usd, .kwd])
    func partsAddUpToTheWholeFeeAndTheWholeSettlement(_ currency: Currency) throws {
        var generator = SeededGenerator(seed: 77)
        for round in 0..<300 {
            let captured = Int64.random(in: 1...5_000_000, using: &generator)
            let settlement = round % 2 == 0 ? nil : money(Int64.random(in: 1...9_000_000, using: &generator), .eur)
            let fee = money(
                Int64.random(in: 0...min(settlement?.minor ?? captured, 50_000), using: &generator),
                settlement?.currency ?? currency)
            let bearer = try #require(FeeBearer.allCases.randomElement(using: &generator))
            let rule = FeeRule(
                fixedMinor: Int64.random(in: 0...200, using: &generator),
                basisPoints: Int64.random(in: 0...300, using: &generator), bearer: bearer, returnsFee: true)
            var earlier: [RefundQuote] = []
            var left = captured
            while left > 0 {
                let part = earlier.count == 6 ? left : Int64.random(in: 1...left, using: &generator)
                let sale = base(money(captured, currency), fee: fee, settlement: settlement, after: earlier)
                let quote = RefundQuote.of(money(part, currency), from: sale, rule)
                #expect(quote.gross.minor > 0 && quote.gross <= quote.taken)
                let sums = net(quote.sending)
                for code in Set(sums.keys.map { $0.suffix(3) }) {
                    let sum = sums.filter { $0.key.hasSuffix(code) }.reduce(0) { $0 + $1.value }
                    #expect(sum == 0)
                }
                #expect(net([quote.failed]) == sums.mapValues { -$0 })
                earlier.append(quote)
                left -= part
            }
            let end = base(money(captured, currency), fee: fee, settlement: settlement, after: earlier)
            #expect(end.worth.minor == settlement?.minor ?? captured)
            if settlement == nil, bearer != .cardholder { #expect(end.feeGivenBack == fee) }
        }
    }

    @Test func ratesAreExactAndReadStrictly() throws {
        for text in ["", "0", "0.00", ".5", "7.", "7,2", "-7", "1e3", "7.2.1", "1234567890123456"] {
            #expect(ExchangeRate(text, from: .usd, to: .cny) == nil, "\(text)")
        }
        let cases: [(String, Currency, Currency, Int64, Int64)] = [
            ("7.20", .usd, .cny, 500, 3_600), ("0.0480", .jpy, .cny, 1_000, 4_800), ("20.8", .cny, .jpy, 4_800, 998),
            ("23.456789", .kwd, .cny, 1_000, 2_346), ("0.307", .usd, .kwd, 1, 3), ("0.1", .cny, .cny, 5, 1),
        ]
        for (text, from, to, minor, expected) in cases {
            let rate = try #require(ExchangeRate(text, from: from, to: to))
            #expect(rate.converting(money(minor, from)) == money(expected, to), "\(text)")
            #expect(rate.converting(money(minor, .hkd)) == nil)
        }
        let large = try #require(ExchangeRate("999999999999999", from: .jpy, to: .kwd))
        #expect(large.converting(money(Money.minorMax, .jpy)) == nil)
    }
}
