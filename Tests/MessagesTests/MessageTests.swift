import Foundation
import Messages
import Testing
import Words

struct MessageTests {
    private static let kinds = [
        "contact-code", "track-code", "submitted", "in-review", "info-needed", "counter-offered", "approved",
        "declined", "withdrawn", "note", "with-bank", "confirmed", "waiting-funds", "money-failed", "payee-action",
        "closed",
    ]
    private static let values = [
        "merchant": "兰亭百货", "number": "RF-7K3M-Q9TX-D", "amount": "¥50.00", "date": "11 月 27 日（周五）",
        "link": "https://refund.example/t/abc", "code": "123456", "text": "请到店里来一趟。",
    ]

    private func vocabulary() throws -> Vocabulary {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().path
        return try Vocabulary.load(folder: "\(root)/templates/words")
    }

    private func notice(
        _ kind: String, _ language: Language, _ medium: Notice.Medium, to: String = "li@mail.example",
        values: [String: String] = MessageTests.values, id: String = "m1"
    ) -> Notice {
        Notice(
            id: id, kind: kind, language: language, medium: medium, to: to, values: values,
            writtenMilliseconds: 1_795_338_605_000)
    }

    @Test(arguments: kinds, Language.allCases)
    func everyKindSaysEverythingInEveryLanguage(_ kind: String, _ language: Language) throws {
        let words = try vocabulary()
        try words.require(MessageWriter.keys(of: [kind]))
        for medium in [Notice.Medium.email, .sms] {
            let message = MessageWriter(vocabulary: words).message(notice(kind, language, medium))
            #expect(!message.text.contains("{") && !message.text.contains("⟦"), "\(message.text)")
            #expect(!message.subject.contains("{") && !message.subject.contains("⟦"), "\(message.subject)")
            #expect(!message.subject.contains("¥"), "a subject never names an amount")
        }
    }

    @Test(arguments: kinds)
    func anSMSFitsTwoParts(_ kind: String) throws {
        var short = MessageTests.values
        short["text"] = "好"
        short["link"] = "https://refund.example/t/" + String(repeating: "a", count: 43)
        let message = MessageWriter(vocabulary: try vocabulary()).message(
            notice(kind, .zhHans, .sms, values: short))
        #expect(message.text.utf16.count <= 134, "\(message.text.utf16.count) characters")
    }

    @Test func noValueBeginsAnotherHeaderLine() throws {
        var hostile = MessageTests.values
        hostile["merchant"] = "兰亭\r\nBcc: all@mail.example"
        let message = MessageWriter(vocabulary: try vocabulary()).message(
            notice("approved", .en, .email, to: "li@mail.example\r\nBcc: x@mail.example", values: hostile))
        #expect(!message.subject.contains("\n") && !message.subject.contains("\r"))
        #expect(!message.to.contains("\n") && !message.to.contains("\r"))
    }

    @Test func aMessageIsOneFileHoweverOftenItIsSent() async throws {
        let path = NSTemporaryDirectory() + "messages-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: path) }
        let folder = try MessageFolder(folder: path)
        let message = MessageWriter(vocabulary: try vocabulary()).message(notice("approved", .en, .email))
        try await folder.send(message)
        try await folder.send(message)
        let found = folder.newest(10)
        #expect(found.map(\.name) == ["20261122T091005Z-m1.txt"])
        let lines = try #require(found.first).text.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(
            lines.prefix(5).map(String.init) == [
                "To: li@mail.example", "Kind: approved", "Language: en",
                "Subject: 兰亭百货: refund request RF-7K3M-Q9TX-D", "",
            ])
        let rights = try FileManager.default.attributesOfItem(atPath: "\(path)/20261122T091005Z-m1.txt")
        #expect(rights[.posixPermissions] as? Int == 0o600)
    }

    @Test func aFolderThatCannotBeWrittenIsAFault() async throws {
        let path = NSTemporaryDirectory() + "messages-" + UUID().uuidString
        let folder = try MessageFolder(folder: path)
        try FileManager.default.removeItem(atPath: path)
        let message = MessageWriter(vocabulary: try vocabulary()).message(notice("approved", .en, .email))
        await #expect(throws: MessageFault.self) { try await folder.send(message) }
    }
}
