import Foundation
import RefundDesk
import RefundDomain
import TestSupport
import Testing

@Suite struct CapabilitiesFileTests {
    static let columns =
        "channel\tacquirer\tmerchant_numbers\tfamily\trefunds\tmost_refunds\tgap_seconds\twindow_days\tleast_minor"
        + "\tfee_return\tvoid\tarrival\tverified\tsource"

    static func parse(_ lines: String...) throws -> Capabilities {
        let text = ([columns] + lines).joined(separator: "\n")
        return try CapabilitiesFile.parse(Data(text.utf8), name: "rows.tsv")
    }

    @Test func theProgramsOwnFileSaysWhatTheProgramsOwnTableDoes() throws {
        let own = try CapabilitiesFile.read(RepositoryFolder.path + "/reference/capabilities.tsv")
        #expect(own.rows.count >= 3)
        for row in own.rows where row.scope.acquirer == nil && row.scope.family == nil {
            let able = try #require(ChannelCapability.of(row.scope.channel))
            #expect(row.values.windowDays == able.windowDays)
            #expect(row.values.refundsMax == able.refundsMax)
            #expect(row.values.gapSeconds == able.gapSeconds)
            #expect(row.values.void == able.void)
        }
    }

    @Test func aRowIsReadWithEverythingThatItSays() throws {
        let read = try Self.parse(
            "# a comment", "",
            "unionpay\tLakala\t822 8\(String(repeating: "1", count: 14))\tsmart\twhole\t9\t0\t15\t100\tnone\tnever"
                + "\t1-10\tno\ttheir letter\r")
        let row = try #require(read.rows.first)
        let numbers = ["8" + String(repeating: "1", count: 14), "822"]
        #expect(row.scope.acquirer == Acquirer(name: "Lakala", numbers: numbers))
        #expect(row.scope.channel == .unionPay && row.scope.family == .smart)
        var said = CapabilityValues()
        said.refunds = .whole
        said.refundsMax = 9
        said.gapSeconds = 0
        said.windowDays = 15
        said.leastMinor = 100
        said.feeReturn = FeeReturn.none
        said.void = .never
        said.arrival = 1...10
        #expect(row.values == said)
        #expect(!row.isVerified && row.source == "their letter")
    }

    @Test(arguments: [
        ("paypal\t\t\t\twhole\t\t\t\t\t\t\t\tyes\ts", 2, "channel"),
        ("\t\t\t\twhole\t\t\t\t\t\t\t\tyes\ts", 2, "channel"),
        ("unionpay\tA\t\t\twhole\t\t\t\t\t\t\t\tyes\ts", 2, "merchant_numbers"),
        ("unionpay\tA\t82-2\t\twhole\t\t\t\t\t\t\t\tyes\ts", 2, "merchant_numbers"),
        ("unionpay\tA\t82\t\twhole\t\t\t\t\t\t\t\tyes\ts", 2, "merchant_numbers"),
        ("unionpay\t\t822\t\twhole\t\t\t\t\t\t\t\tyes\ts", 2, "acquirer"),
        ("unionpay\t\t\tflying\twhole\t\t\t\t\t\t\t\tyes\ts", 2, "family"),
        ("unionpay\t\t\t\thalf\t\t\t\t\t\t\t\tyes\ts", 2, "refunds"),
        ("unionpay\t\t\t\t\t0\t\t\t\t\t\t\tyes\ts", 2, "most_refunds"),
        ("unionpay\t\t\t\t\t\t-1\t\t\t\t\t\tyes\ts", 2, "gap_seconds"),
        ("unionpay\t\t\t\t\t\t\t+5\t\t\t\t\tyes\ts", 2, "window_days"),
        ("unionpay\t\t\t\t\t\t\t\t0.01\t\t\t\tyes\ts", 2, "least_minor"),
        ("unionpay\t\t\t\t\t\t\t\t\tall\t\t\tyes\ts", 2, "fee_return"),
        ("alipay\t\t\t\t\t\t\t\t\t\tunionpay-day\t\tyes\ts", 2, "void"),
        ("unionpay\t\t\t\t\t\t\t\t\t\t\t10-1\tyes\ts", 2, "arrival"),
        ("unionpay\t\t\t\twhole\t\t\t\t\t\t\t\tmaybe\ts", 2, "verified"),
        ("unionpay\t\t\t\twhole\t\t\t\t\t\t\t\tyes\t", 2, "source"),
        ("unionpay\t\t\t\t\t\t\t\t\t\t\t\tyes\ts", 2, nil),
        ("unionpay\t\t\t\twhole\t\t\t\t\t\t\t\tyes\ts\tmore", 2, nil),
        ("unionpay\t\t\t\twhole\t\t\t\t\t\t\t\tyes\ts\nunionpay\t\t\t\tnone\t\t\t\t\t\t\t\tyes\ts", 3, nil),
        (
            "unionpay\tA\t822\t\twhole\t\t\t\t\t\t\t\tyes\ts\nunionpay\tB\t8221\t\twhole\t\t\t\t\t\t\t\tyes\ts", 3,
            "merchant_numbers"
        ),
        (
            "unionpay\tA\t822\t\twhole\t\t\t\t\t\t\t\tyes\ts\nalipay\tA\t823\t\twhole\t\t\t\t\t\t\t\tyes\ts", 3,
            "merchant_numbers"
        ),
    ])
    func aBrokenRowIsRefusedByLineAndColumn(_ lines: String, _ line: Int, _ column: String?) {
        let fault = #expect(throws: CapabilitiesFile.Fault.self) { try Self.parse(lines) }
        #expect(fault?.line == line && fault?.column == column, "\(String(describing: fault))")
        #expect(fault?.description.hasPrefix("rows.tsv, line \(line)") == true)
    }

    @Test(arguments: [
        "", "channel\tverified\n", "channel\tverified\tsource\tcolour\n", "channel\tchannel\n", "\u{FEFF}#",
    ])
    func aFileThatIsNoneIsRefused(_ text: String) {
        #expect(throws: CapabilitiesFile.Fault.self) { try CapabilitiesFile.parse(Data(text.utf8), name: "x") }
        #expect(throws: CapabilitiesFile.Fault.self) { try CapabilitiesFile.parse(Data([0xFF, 0xFE]), name: "x") }
        #expect(throws: CapabilitiesFile.Fault.self) { try CapabilitiesFile.read("/nowhere.tsv") }
    }
}
