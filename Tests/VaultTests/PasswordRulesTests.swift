import Foundation
import Testing

@testable import Vault

struct PasswordRulesTests {
    private static let list =
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path + "/reference/passwords/common.txt"

    private let rules: PasswordRules

    init() throws {
        rules = try PasswordRules.read(Self.list)
    }

    @Test func theListHasAtLeastThreeThousandThatFitTheRules() throws {
        #expect(rules.count >= 3_000)
        let lines = try String(contentsOfFile: Self.list, encoding: .utf8).split(separator: "\n")
        for line in lines where !line.hasPrefix("#") {
            #expect(PasswordRules.lengthOnly.fault(of: String(line), email: "") != .tooShort, "\(line)")
            #expect(PasswordRules.lengthOnly.fault(of: String(line), email: "") != .tooLong, "\(line)")
        }
    }

    @Test(arguments: [
        ("eleven char", PasswordFault.tooShort), ("", .tooShort), ("短密码", .tooShort),
        ("qwerty123456", .common), ("QWERTY123456", .common), (" 1qaz2wsx3edc ", .common), ("123456789012", .common),
        ("passwordpassword", .common), ("aaaaaaaaaaaaaaaa", .common), ("abcdabcdabcdab", .common),
        ("ｑｗｅｒｔｙ123456", .common), ("lin.reviewer and more", .name), ("My LIN.REVIEWER pass", .name),
    ])
    func whatEverybodyTriesIsRefused(_ password: String, _ fault: PasswordFault) {
        #expect(rules.fault(of: password, email: "Lin.Reviewer@example.com") == fault)
    }

    @Test(arguments: [
        "correct horse battery staple", "twelve chars", "十二个汉字的密码也可以用呀", "👩‍👩‍👧‍👦👍🏽 and emoji", "            x",
        "!@#$%^&*()_+|}{", "no digits no capitals",
    ])
    func anyKindOfCharactersIsTaken(_ password: String) {
        #expect(rules.fault(of: password, email: "lin@example.com") == nil, "\(password)")
    }

    @Test func oneHundredAndTwentyEightBytesAreTheMost() {
        let longest = String(String(repeating: "correct horse ", count: 10).prefix(127)) + "!"
        #expect(longest.utf8.count == 128)
        #expect(rules.fault(of: longest, email: "") == nil)
        #expect(rules.fault(of: longest + "x", email: "") == .tooLong)
        #expect(rules.fault(of: String(repeating: "汉", count: 43), email: "") == .tooLong)
    }
}
