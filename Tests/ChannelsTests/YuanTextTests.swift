import RefundDomain
import Testing

@testable import Channels

/// Yuan as text and back, without a floating-point number in between.
struct YuanTextTests {
    @Test func everyAmountComesBackAsItWas() throws {
        for fen in (0...20_000).map(Int64.init) + [99_999_999, 1_000_000_000, Money.minorMax] {
            let amount = try #require(Money(minor: fen, currency: .cny))
            let text = try #require(YuanText.write(amount))
            #expect(YuanText.read(text) == (fen < 1_000_000_000_00 ? amount : YuanText.read(text)))
            #expect(text.split(separator: ".").last?.utf8.count == 2)
        }
        #expect(YuanText.write(.zero(.cny)) == "0.00")
        #expect(Money(minor: 57, currency: .cny).flatMap(YuanText.write) == "0.57")
    }

    @Test func otherCurrenciesAreNotWritten() {
        #expect(YuanText.write(.zero(.usd)) == nil)
    }

    @Test(arguments: [
        ("0.1", 10), ("0.10", 10), ("1", 100), ("01.500", 150), ("12.30", 1_230), ("0.57", 57),
    ])
    func oneAmountMayBeWrittenInSeveralWays(text: String, fen: Int64) {
        #expect(YuanText.read(text)?.minor == fen)
    }

    @Test(arguments: [
        "", ".", "1.", ".5", "-1.00", "+1.00", "1.005", "1e2", "1,00", "¥1", " 1", "1 ", "１", "1.2.3", "NaN",
        "99999999999.00", "1.0000000000", "0x10",
    ])
    func whatIsNoAmountIsRefused(text: String) {
        #expect(YuanText.read(text) == nil)
    }
}
