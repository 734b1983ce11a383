import Foundation
import RefundDomain
import Testing

@testable import Statements

struct ExampleTests {
    static let files = [
        "lanting-wechat.csv", "lanting-pos-gbk.csv", "harbour-wechat.csv.gz", "harbour-pos.csv", "renhe-wechat.csv",
        "renhe-pos.csv",
    ]

    @Test(arguments: files)
    func everyLineOfTheSamplesIsGood(name: String) throws {
        let result = try reading(example(name))
        #expect(result.faults.isEmpty)
        #expect(!result.payments.isEmpty)
        #expect(result.format == (name.contains("wechat") ? .wechatBill : .posCSV))
        #expect(result.summary.read == result.rows.count)
    }

    @Test func thePaymentsAtATerminalAreInTheBillToo() throws {
        for code in ["lanting-wechat.csv lanting-pos-gbk.csv", "renhe-wechat.csv renhe-pos.csv"] {
            let names = code.split(separator: " ").map(String.init)
            let bill = try Dictionary(
                reading(example(names[0])).payments.map { ($0.channelTransactionNumber, $0) }, uniquingKeysWith: { $1 })
            let wallet = try reading(example(names[1])).payments.filter { $0.channel == .wechatPay }
            #expect(!wallet.isEmpty)
            for payment in wallet {
                #expect(bill[payment.channelTransactionNumber]?.amount == payment.amount)
            }
        }
    }

    @Test func theExampleOfTheGuideIsThere() throws {
        let payments = try reading(example("lanting-wechat.csv")).payments
        #expect(payments.contains { $0.amount.minor == 10000 && $0.feeThousandths == 60_000 })
        #expect(payments.contains { $0.paidAt.day < Day(iso: "2025-11-22") ?? $0.paidAt.day }, "older than 365 days")
    }
}

struct MemoryTests {
    /// What the process may grow by between a thousand and three hundred thousand lines, in KiB; the rows kept would
    /// take five times that. Other tests run meanwhile and take some too.
    static let growthMaxKiB = 24 * 1024

    @Test func memoryStaysFlatHoweverLongTheFile() throws {
        try read(lines: 1000)
        let before = try peakKiB()
        try read(lines: 300_000)
        #expect(try peakKiB() - before < Self.growthMaxKiB)
    }

    private func read(lines: Int) throws {
        let heading = Array((PosFile().headings.joined(separator: ",") + "\n").utf8)
        let line = Array((PosFile().values.joined(separator: ",") + "\n").utf8)
        var given = 0
        var rest = heading[...]
        var reader = try StatementReader(
            ByteSource { buffer in
                if rest.isEmpty, given < lines {
                    rest = line[...]
                    given += 1
                }
                let piece = rest.prefix(buffer.count)
                buffer.copyBytes(from: piece)
                rest = rest.dropFirst(piece.count)
                return piece.count
            })
        var payments = 0
        while let item = try reader.next() {
            if case .row(.payment) = item { payments += 1 }
        }
        #expect(payments == lines)
    }

    private func peakKiB() throws -> Int {
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") })
        return try #require(Int(line.filter(\.isNumber)))
    }
}
