import RefundDomain
import Testing

@Suite struct MoneyTests {
    @Test func anAmountIsNeverNegativeNorAboveTheMost() {
        for minor in [Int64.min, -1, Money.minorMax + 1, Int64.max] {
            #expect(Money(minor: minor, currency: .cny) == nil)
        }
        #expect(Money(minor: 0, currency: .cny)?.minor == 0)
        #expect(Money(minor: Money.minorMax, currency: .cny)?.minor == Money.minorMax)
    }

    @Test func sumsAndDifferencesStayWithinTheBounds() throws {
        let most = try #require(Money(minor: Money.minorMax, currency: .cny))
        let one = try #require(Money(minor: 1, currency: .cny))
        #expect(most.adding(one) == nil)
        #expect(Money.zero(.cny).subtracting(one) == nil)
        #expect(most.subtracting(one)?.adding(one) == most)
    }

    @Test func currenciesAreNeverMixed() throws {
        let yuan = try #require(Money(minor: 100, currency: .cny))
        let dollars = try #require(Money(minor: 100, currency: .usd))
        #expect(yuan.adding(dollars) == nil)
        #expect(yuan.subtracting(dollars) == nil)
        #expect(yuan != dollars)
    }

    @Test func anOrderOverTwoCurrenciesIsTotal() throws {
        let dollar = try #require(Money(minor: 1, currency: .usd))
        let yuan = try #require(Money(minor: 999, currency: .cny))
        #expect(yuan < dollar)
        #expect(!(dollar < yuan))
    }

    @Test(arguments: [
        (0, Currency.cny, "0.00", "¥0.00"), (5, .cny, "0.05", "¥0.05"), (105_000, .cny, "1050.00", "¥1,050.00"),
        (100_000_000, .cny, "1000000.00", "¥1,000,000.00"), (99_999, .cny, "999.99", "¥999.99"),
        (1_234, .jpy, "1234", "JPY 1,234"), (999, .jpy, "999", "JPY 999"),
        (1_234_567, .kwd, "1234.567", "KWD 1,234.567"), (7, .kwd, "0.007", "KWD 0.007"),
        (5_050, .hkd, "50.50", "HK$50.50"), (Money.minorMax, .cny, "10000000000.00", "¥10,000,000,000.00"),
    ])
    func textHasAllDigitsOfTheCurrency(minor: Int64, currency: Currency, decimal: String, text: String) throws {
        let money = try #require(Money(minor: minor, currency: currency))
        #expect(money.decimal == decimal)
        #expect(money.text == text)
    }

    @Test func currenciesAreFoundByTheirCode() {
        #expect(Currency.all.allSatisfy { Currency(code: $0.code) == $0 })
        #expect(Currency(code: "RMB") == .cny)
        for code in ["", "cny", "XXX", "CNY "] { #expect(Currency(code: code) == nil) }
        #expect(Currency.all.map(\.minorPerMajor) == [100, 100, 100, 100, 1, 1000])
    }

    @Test func thousandthsAreRoundedHalfUpWithinTheBounds() {
        let cases: [(Int64, Int64)] = [
            (0, 0), (499, 0), (500, 1), (1_499, 1), (1_500, 2), (-1, 0), (Int64.min, 0), (Int64.max, Money.minorMax),
        ]
        for (thousandths, minor) in cases {
            #expect(Money.rounded(thousandths: thousandths, .cny).minor == minor)
        }
    }
}

@Suite struct AmountTextTests {
    @Test(arguments: [
        ("50", 5_000), ("50.5", 5_050), ("50.50", 5_050), ("¥50.50", 5_050), ("1,050.00", 105_000), ("¥５０", 5_000),
        ("￥１，０５０．００", 105_000), (" 50 ", 5_000), ("\u{3000}50\u{3000}", 5_000), ("50元", 5_000),
        ("¥50元", 5_000), ("CNY 50.00", 5_000), ("RMB50", 5_000), ("0.01", 1), (".5", 50), ("50.", 5_000),
        ("50.000", 5_000), ("007", 700), ("0", 0), ("0.00", 0), ("1,234,567.89", 123_456_789),
        ("10000000000.00", Money.minorMax), ("50。5", 5_050), ("¥ 50", 5_000),
    ])
    func anAmountIsReadAsPeopleWriteIt(text: String, minor: Int64) throws {
        #expect(try Money.parse(text, in: .cny).minor == minor)
    }

    @Test(arguments: [
        ("", AmountFault.empty), ("   ", .empty), ("\u{3000}", .empty), ("-1", .negative), ("-0", .negative),
        ("−5", .negative), ("–5", .negative), ("－５", .negative), ("¥-5", .negative), ("¥", .unreadable),
        (".", .unreadable), ("+5", .unreadable), ("5-", .unreadable), ("1e3", .unreadable), ("0x10", .unreadable),
        ("1.2.3", .unreadable), ("1,23", .unreadable), ("1,2345", .unreadable), (",123", .unreadable),
        ("1,,234", .unreadable), ("1234,567", .unreadable), ("1,234,", .unreadable), ("0.1,2", .unreadable),
        ("$50", .unreadable), ("USD 50", .unreadable), ("五十", .unreadable), ("٥٠", .unreadable), ("½", .unreadable),
        ("50¥", .unreadable), ("¥¥50", .unreadable), ("5\n0", .unreadable), ("5\u{0}", .unreadable),
        ("NaN", .unreadable), ("inf", .unreadable), ("<script>", .unreadable), ("5😀", .unreadable),
        ("0.001", .tooManyDecimals(allowed: 2)), ("50.505", .tooManyDecimals(allowed: 2)),
        ("0.0000000001", .tooManyDecimals(allowed: 2)), ("10000000000.01", .tooLarge),
        ("99999999999999999999999999", .tooLarge), ("9223372036854775807", .tooLarge),
        ("18446744073709551616", .tooLarge), (String(repeating: "1", count: 41), .unreadable),
    ])
    func whatIsNoAmountIsRefusedWithItsReason(text: String, fault: AmountFault) {
        #expect(throws: fault) { try Money.parse(text, in: .cny) }
    }

    @Test func theLongestTextIsStillRead() throws {
        let zeros = String(repeating: "0", count: Money.textCharactersMax - 1)
        #expect(try Money.parse(zeros + "5", in: .cny).minor == 500)
    }

    @Test func decimalsAreThoseOfTheCurrency() throws {
        #expect(try Money.parse("1234", in: .jpy).minor == 1_234)
        #expect(try Money.parse("1234.00", in: .jpy).minor == 1_234)
        #expect(throws: AmountFault.tooManyDecimals(allowed: 0)) { try Money.parse("1.5", in: .jpy) }
        #expect(try Money.parse("1.234", in: .kwd).minor == 1_234)
        #expect(try Money.parse("1.2", in: .kwd).minor == 1_200)
        #expect(throws: AmountFault.tooManyDecimals(allowed: 3)) { try Money.parse("1.2345", in: .kwd) }
        #expect(try Money.parse("HK$ 1,000", in: .hkd).minor == 100_000)
        #expect(throws: AmountFault.unreadable) { try Money.parse("50元", in: .usd) }
    }

    @Test func whatIsWrittenIsReadBack() throws {
        var generator = SeededGenerator(seed: 11)
        for _ in 0..<2_000 {
            let digits = Int64.random(in: 0...12, using: &generator)
            let most = (0..<digits).reduce(Int64(1)) { value, _ in value * 10 }
            let minor = Int64.random(in: 0...min(most, Money.minorMax), using: &generator)
            let currency = Currency.all.randomElement(using: &generator) ?? .cny
            let money = try #require(Money(minor: minor, currency: currency))
            #expect(try Money.parse(money.text, in: currency) == money)
            #expect(try Money.parse(money.decimal, in: currency) == money)
        }
    }

    @Test func noTextMakesTheReaderTrap() {
        var generator = SeededGenerator(seed: 12)
        let pieces = ["0", "9", ".", ",", "-", "¥", "元", "５", "，", " ", "e", "\u{301}", "😀", "\u{0}", "RMB"]
        var read = 0
        for _ in 0..<5_000 {
            let count = Int.random(in: 0...12, using: &generator)
            let text = (0..<count).map { _ in pieces.randomElement(using: &generator) ?? "" }.joined()
            guard let money = try? Money.parse(text, in: .cny) else { continue }
            read += 1
            #expect((0...Money.minorMax).contains(money.minor))
        }
        #expect(read > 0)
    }
}
