import Foundation
import RefundDomain
import Testing

@testable import Statements

struct ExampleTests {
    static let files = [
        "lanting-wechat.csv", "lanting-pos-gbk.csv", "harbour-wechat.csv.gz", "harbour-pos.csv", "renhe-wechat.csv",
        "renhe-pos.csv", "renhe-ruiyinxin.csv", "lanting-alipay.zip", "lanting-unionpay-zm.zip",
    ]

    @Test(arguments: files)
    func everyLineOfTheSamplesIsGood(name: String) throws {
        let result = try reading(example(name))
        #expect(result.faults.isEmpty)
        #expect(!result.payments.isEmpty)
        let formats = [("wechat", StatementFormat.wechatBill), ("alipay", .alipayBill), ("unionpay", .unionpayZM)]
        #expect(result.format == formats.first { name.contains($0.0) }?.1 ?? .posCSV)
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
