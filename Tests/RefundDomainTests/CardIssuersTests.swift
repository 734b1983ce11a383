import RefundDomain
import Testing

struct CardIssuersTests {
    private static func row(_ digits: String, _ length: Int, _ bank: String, _ kind: CardKind = .debit) -> CardPrefix {
        CardPrefix(digits: digits, length: length, bank: bank, bankName: "Bank \(bank)", kind: kind)
    }

    private let issuers = CardIssuers(
        source: "test",
        prefixes: [
            row("621260", 16, "PINGAN", .credit), row("621260", 19, "CSRCB"), row("621260001", 19, "XFRCB"),
            row("621260002", 19, "ESRCB"), row("103", 19, "ABC"), row("622588", 16, "CMB"),
            row("622588", 15, "CMB", .credit), row("95588", 19, "ICBC"),
        ])

    private func bank(_ digits: String, _ length: Int? = nil) -> String? {
        CardIssuers.issuer(issuers.possible(digits, length: length))?.bank
    }

    @Test func theLongestPrefixCounts() {
        #expect(bank("621260001") == "XFRCB")
        #expect(bank("6212600011") == "XFRCB")
        #expect(bank("621260002", 19) == "ESRCB")
        #expect(bank("103999") == "ABC")
        #expect(bank("955880") == "ICBC")
    }

    @Test func theLengthOfTheNumberTellsBanksApart() {
        #expect(bank("621260", 16) == "PINGAN")
        #expect(bank("621260999", 19) == "CSRCB")
        #expect(bank("621260999", 18) == nil)
    }

    @Test func digitsThatLeaveSeveralBanksNameNone() {
        #expect(bank("621260") == nil)
        #expect(bank("621260", 19) == nil, "more digits would decide")
        #expect(Set(issuers.possible("621260").map(\.bank)) == ["PINGAN", "CSRCB", "XFRCB", "ESRCB"])
    }

    @Test func oneBankWithTwoKindsOfCardIsNamedWithoutTheKind() {
        let found = CardIssuers.issuer(issuers.possible("622588"))
        #expect(found == CardIssuers.Issuer(bank: "CMB", name: "Bank CMB", kind: nil))
        #expect(CardIssuers.issuer(issuers.possible("622588", length: 15))?.kind == .credit)
    }

    @Test(arguments: ["", "6", "62", "62126", "999999", "62258", "６２２５８８", "622588x", "-1", "0"])
    func unknownDigitsAndWhatIsNoneNameNobody(digits: String) {
        #expect(bank(digits) == nil)
    }
}
