import Foundation
import Testing
import Words

@Suite struct VocabularyTests {
    @Test func aPatternIsFilledInEachLanguage() throws {
        let vocabulary = try Vocabulary(
            chinese: ["limit": "最多 {amount}", "files": "{count} 个文件{count, |}"],
            english: ["limit": "Up to {amount}", "files": "{count} {count, file|files}"])
        #expect(vocabulary[.zhHans].text("limit", ["amount": "¥60.00"]) == "最多 ¥60.00")
        #expect(vocabulary[.en].text("files", ["count": "1"]) == "1 file")
        #expect(vocabulary[.en].text("files", ["count": "3"]) == "3 files")
    }

    @Test func aValueIsNeverReadAsAPattern() throws {
        let vocabulary = try Vocabulary(chinese: ["a": "{x}{y}"], english: ["a": "{x}{y}"])
        #expect(vocabulary[.en].text("a", ["x": "{y}", "y": "1"]) == "{y}1")
    }

    @Test func whatIsMissingIsSeen() throws {
        let vocabulary = try Vocabulary(chinese: ["a": "{x}"], english: ["a": "{x}"])
        #expect(vocabulary[.en].text("nothing") == "⟦nothing⟧")
        #expect(vocabulary[.en].text("a") == "{x}")
        #expect(throws: VocabularyFault.unknownKeys(["b", "c"])) { try vocabulary.require(["c", "a", "b"]) }
    }

    @Test func aKeyOfOneLanguageAloneIsRefused() {
        #expect(throws: VocabularyFault.missingKeys(language: .en, keys: ["b"])) {
            try Vocabulary(chinese: ["a": "", "b": ""], english: ["a": ""])
        }
        #expect(throws: VocabularyFault.missingKeys(language: .zhHans, keys: ["c"])) {
            try Vocabulary(chinese: ["a": ""], english: ["a": "", "c": ""])
        }
    }

    @Test func differentPlaceholdersAreRefused() {
        #expect(throws: VocabularyFault.differentValues(key: "a")) {
            try Vocabulary(chinese: ["a": "{amount}"], english: ["a": "{sum}"])
        }
    }

    @Test(arguments: ["{", "}", "{}", "{a", "a}", "{a b}", "{{a}}", "{a, one}", "{a, one|two|three}", "{é}"])
    func aBrokenPatternIsRefused(text: String) {
        #expect(throws: VocabularyFault.badPattern(language: .zhHans, key: "a")) {
            try Vocabulary(chinese: ["a": text], english: ["a": text])
        }
    }

    @Test func aFolderWithoutWordsIsRefused() {
        #expect(throws: VocabularyFault.unreadable(file: "/nowhere/zh-Hans.json")) {
            try Vocabulary.load(folder: "/nowhere")
        }
    }

    @Test(arguments: Language.allCases)
    func theRepositorysWordsAreSortedAndUnique(language: Language) throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().path
        let text = try String(contentsOfFile: "\(root)/templates/words/\(language.tag).json", encoding: .utf8)
        let keys = text.split(separator: "\n").compactMap {
            $0.split(separator: "\"").dropFirst().first.map(String.init)
        }
        #expect(keys.count > 10)
        #expect(keys == Set(keys).sorted())
    }
}

@Suite struct DateWordsTests {
    @Test func aDayIsSaidWithItsWeekday() {
        let day = { (language: Language, year: Int) in
            DateWords(language).day(year: year, month: 11, day: 27, weekday: 5, currentYear: 2026)
        }
        #expect(day(.zhHans, 2026) == "11 月 27 日（周五）")
        #expect(day(.en, 2026) == "Friday 27 November")
        #expect(day(.zhHans, 2027) == "2027 年 11 月 27 日（周五）")
        #expect(day(.en, 2027) == "Friday 27 November 2027")
    }

    @Test func aShortDayAndATimeHaveTheirForms() {
        #expect(DateWords(.en).shortDay(year: 2025, month: 1, day: 3, currentYear: 2026) == "3 January 2025")
        #expect(DateWords(.zhHans).shortDay(year: 2026, month: 1, day: 3, currentYear: 2026) == "1 月 3 日")
        #expect(DateWords(.en).time(hour: 9, minute: 5) == "09:05")
    }

    @Test func numbersOutsideTheCalendarDoNotTrap() {
        #expect(DateWords(.en).day(year: 2026, month: 13, day: 40, weekday: 0, currentYear: 2026) == " 40 ")
    }
}
