import Testing
import Words

@Suite struct LanguageTests {
    @Test func theAddressComesBeforeTheCookieAndTheCookieBeforeTheBrowser() {
        #expect(Language.chosen(asked: "en", remembered: "zh-Hans", acceptLanguage: "zh") == .en)
        #expect(Language.chosen(asked: nil, remembered: "zh-Hans", acceptLanguage: "en") == .zhHans)
        #expect(Language.chosen(asked: nil, remembered: nil, acceptLanguage: "en-GB,en;q=0.9") == .en)
    }

    @Test(arguments: [nil, "", "fr", "en;q=0", "*", ";;;", "q=1", "en;q=abc,,,;"])
    func chineseIsTheAnswerToEverythingElse(header: String?) {
        #expect(Language.chosen(asked: "klingon", remembered: "../en", acceptLanguage: header) == .zhHans)
    }

    @Test(arguments: [
        ("fr, en;q=0.8, zh;q=0.9", Language.zhHans), ("zh-TW;q=0.3, en-US;q=0.301", .en), ("EN", .en),
        ("en;q=1.0, zh;q=1.000", .en), ("zh-CN;q=0.001, en ; q=0.5", .en),
    ])
    func theHighestQualityWinsAndTheFirstAmongEquals(header: String, language: Language) {
        #expect(Language.chosen(asked: nil, remembered: nil, acceptLanguage: header) == language)
    }
}
