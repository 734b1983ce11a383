import RefundDomain
import Testing

@testable import Statements

/// Alipay's 业务明细 with one payment and a refund of a part of it.
struct AlipayFile {
    static let headings =
        "支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,门店名称,操作员,终端号,对方账户,订单金额（元）,"
        + "商家实收（元）,支付宝红包（元）,集分宝（元）,支付宝优惠（元）,商家优惠（元）,券核销金额（元）,券名称,商家红包消费金额（元）,"
        + "卡消费金额（元）,退款批次号/请求号,服务费（元）,分润（元）,备注"
    static let payment =
        "2026111822001400001000000001\t,LT20261118A00001\t,交易\t,羊绒围巾\t,2026-11-18 11:20:29\t,2026-11-18 11:20:31\t,"
        + "\t,兰亭百货\t,\t,\t,PAYER*\t,268.00\t,268.00\t,0.00\t,0.00\t,0.00\t,0.00\t,0.00\t,\t,0.00\t,0.00\t,\t,"
        + "-1.61\t,0.00\t,\t"
    static let refund =
        "2026111822001400001000000001\t,LT20261118A00001\t,退款\t,羊绒围巾\t,2026-11-18 11:20:29\t,2026-11-18 19:45:10\t,"
        + "\t,兰亭百货\t,\t,\t,PAYER*\t,-68.00\t,-68.00\t,0.00\t,0.00\t,0.00\t,0.00\t,0.00\t,\t,0.00\t,0.00\t,"
        + "LTA20261118000001\t,0.41\t,0.00\t,\t"

    var start = ["#支付宝业务明细查询", "#账号：[20885012345678900156]", "#起始日期：[2026年11月18日 00:00:00]", "#----业务明细列表----"]
    var headings = AlipayFile.headings
    var rows = [AlipayFile.payment, AlipayFile.refund]
    var end = ["#----业务明细列表结束----", "#交易合计：1笔，商家实收共268.00元"]

    var text: String { (start + [headings] + rows + end).joined(separator: "\r\n") + "\r\n" }
}

struct AlipayBillTests {
    @Test(
        arguments: [
            ("#账号：[20885012345678900156]", "2088501234567890"), ("#账号：[2088501234567890]", "2088501234567890"),
            ("#账号：[20885012345678900157]", "20885012345678900157"), ("#账号：[]", nil), ("#导出时间：[2026]", nil),
        ] as [(String, String?)])
    func theCommentNamesTheMerchant(comment: String, number: String?) {
        #expect(AlipayBill.account(in: comment) == number)
    }

    @Test func aPaymentIsReadWithoutWhoPaid() throws {
        let result = try reading(AlipayFile().text)
        let payment = try #require(result.payments.first)
        #expect(result.format == .alipayBill)
        #expect(payment.line == 6)
        #expect(payment.merchantNumber == "2088501234567890", "0156 names an account of it")
        #expect(payment.channel == .alipay)
        #expect(payment.channelTransactionNumber == "2026111822001400001000000001")
        #expect(payment.merchantOrderNumber == "LT20261118A00001")
        #expect(payment.paidAt == LocalTime(iso: "2026-11-18 11:20:31"))
        #expect(payment.amount == Money(minor: 26_800, currency: .cny))
        #expect(payment.fee == Money(minor: 161, currency: .cny))
        #expect(!String(describing: payment).contains("PAYER"))
    }

    @Test(arguments: ["-68.00", "68.00"])
    func aRefundIsReadWithEitherSign(amount: String) throws {
        var file = AlipayFile()
        file.rows[1] = file.rows[1].replacing("-68.00", with: amount)
        let refund = try #require(try reading(file.text).refunds.first)
        #expect(refund.line == 7)
        #expect(refund.kind == .refund)
        #expect(refund.status == .succeeded)
        #expect(refund.refundNumber == "LTA20261118000001")
        #expect(refund.channelTransactionNumber == "2026111822001400001000000001")
        #expect(refund.refundedAt == LocalTime(iso: "2026-11-18 19:45:10"))
        #expect(refund.amount == Money(minor: 6800, currency: .cny))
        #expect(refund.feeReturnedThousandths == 41_000)
    }

    @Test(arguments: [1, 3, 64])
    func theBillInGBKIsTheSame(step: Int) throws {
        let text = AlipayFile().text
        #expect(try reading(gb18030(text), step: step).rows == reading(text).rows)
    }

    @Test func commentsAreNotReadWhateverStandsInThem() throws {
        var file = AlipayFile()
        file.start += ["", "#\"open, quote", "#" + String(repeating: "长", count: 50_000)]
        file.rows.insert("#" + String(repeating: ",", count: 500), at: 1)
        let result = try reading(file.text)
        #expect(result.faults.isEmpty)
        #expect(result.rows.map(\.line) == [9, 11])
        file.start = []
        file.end = []
        #expect(try reading(file.text).payments.first?.merchantNumber == "")
    }

    @Test func columnsAreFoundByTheirHeadingsAndTheUnitMayBeWrittenInTwoWays() throws {
        var file = AlipayFile()
        file.headings = file.headings.replacing("（元）", with: "(元)")
        #expect(try reading(file.text).rows == reading(AlipayFile().text).rows)
        let columns = file.headings.split(separator: ",").map(String.init)
        let turned = { (line: String) in
            line.split(separator: ",", omittingEmptySubsequences: false).reversed().joined(separator: ",")
        }
        #expect(columns.count == 25)
        file.headings = turned(file.headings)
        file.rows = file.rows.map(turned)
        #expect(try reading(file.text).rows == reading(AlipayFile().text).rows)
    }

    @Test func missingAndRepeatedColumnsAreNamed() {
        var file = AlipayFile()
        file.headings = AlipayFile.headings.replacing(",服务费（元）", with: "").replacing("完成时间,", with: "")
        #expect(throws: StatementFault.missingColumns(.alipayBill, ["完成时间", "服务费"])) { try reading(file.text) }
        file.headings = AlipayFile.headings.replacing("商品名称", with: "订单金额(元)")
        #expect(throws: StatementFault.repeatedColumn("订单金额（元）")) { try reading(file.text) }
    }

    @Test(arguments: [
        ("交易\t", "转账\t", "业务类型", LineFault.Reason.unknownWord(known: "交易, 退款")),
        ("\t,268.00\t,268", "\t,-268.00\t,268", "订单金额（元）", .amount(.negative)),
        ("\t,268.00\t,268", "\t,2.6.8\t,268", "订单金额（元）", .amount(.unreadable)),
        ("\t,268.00\t,268", "\t,268.001\t,268", "订单金额（元）", .amount(.tooManyDecimals(allowed: 2))),
        ("2026-11-18 11:20:31", "2026-11-31 11:20:31", "完成时间", .notATime),
        ("2026111822001400001000000001", "", "支付宝交易号", .missing), ("-1.61", "free", "服务费（元）", .amount(.unreadable)),
    ])
    func aBadValueIsAFaultOfItsColumn(old: String, new: String, column: String, reason: LineFault.Reason) throws {
        var file = AlipayFile()
        file.rows[0] = file.rows[0].replacing(old, with: new)
        let result = try reading(file.text)
        let fault = try #require(result.faults.first)
        #expect(fault.column == column)
        #expect(fault.reason == reason)
        #expect(fault.line == 6)
        #expect(result.rows.count == 1)
    }

    @Test func aRefundWithoutItsNumberAndALineThatIsCutOffAreFaults() throws {
        var file = AlipayFile()
        file.rows[1] = file.rows[1].replacing("LTA20261118000001", with: "")
        file.rows.append(String(AlipayFile.payment.prefix(100)))
        let faults = try reading(file.text).faults
        #expect(faults.map(\.reason) == [.missing, .cellCount(expected: 25, found: 7)])
        #expect(faults.map(\.line) == [7, 8])
    }

    @Test func aFileOfAnotherCharacterSetIsNamedByItsLine() {
        var bytes = gb18030(AlipayFile().text)
        bytes += [0x81, 0x20, 0x20, 0x20]
        #expect(throws: StatementFault.badCharacter(line: 10, charset: .gb18030)) { try reading(bytes) }
    }
}
