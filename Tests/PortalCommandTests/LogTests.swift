import Foundation
import Logging
import RefundDomain
import Testing

@testable import PortalCommand

@Suite struct LogTests {
    private static let moment = Moment(milliseconds: 1_795_338_605_000)

    @Test func textIsOneLine() {
        let line = LogLine(
            moment: Self.moment, level: .info, label: "portal", message: "case\nforged info",
            metadata: ["case": "RF-7K3M-Q9TX-D", "note": "a\u{1b}[2Jb\r\u{2028}\u{202e}"])
        #expect(
            line.rendered(.text)
                == "2026-11-22T09:10:05Z info portal: case\\nforged info case=RF-7K3M-Q9TX-D "
                + "note=a\\u001b[2Jb\\r\\u2028\\u202e")
    }

    @Test func jsonIsOneObjectWithoutDoubledKeys() throws {
        let line = LogLine(
            moment: Self.moment, level: .error, label: "portal", message: "said \"no\" \\ \u{0}",
            metadata: ["level": "fake", "people": ["a", "b"]])
        let text = line.rendered(.json)
        let object = try JSONDecoder().decode([String: String].self, from: Data(text.utf8))
        #expect(!text.contains("\n"))
        #expect(object["message"] == "said \"no\" \\ \u{0}")
        #expect(object["level"] == "error")
        #expect(object["metadata.level"] == "fake")
        #expect(object["time"] == "2026-11-22T09:10:05Z")
    }

    @Test(arguments: [
        ("card 6222021234567894!", "card [hidden]!"), ("4111-1111-1111-1111", "[hidden]"),
        ("4111 1111 1111 1111 ok", "[hidden] ok"), ("call 13812345678.", "call [hidden]."),
        ("138-1234-5678", "[hidden]"), ("4111111111111112", "4111111111111112"), ("12012345678", "12012345678"),
        ("2026-11-22T09:10:05Z", "2026-11-22T09:10:05Z"),
        ("50300806092026112212345678901", "50300806092026112212345678901"),
        ("付6222021234567894款", "付[hidden]款"), ("", ""), ("7-", "7-"),
    ])
    func cardAndMobileNumbersAreHidden(_ text: String, _ expected: String) {
        #expect(LogMask.masked(text) == expected)
    }
}
