import RefundDomain
import Testing

@testable import Statements

struct PosCSVTests {
    @Test func aSaleIsReadWithEverythingOnItsSlip() throws {
        let file = PosFile().with("card", "622588******1234").with("card_kind", "credit").with("issuer", "招商银行")
            .with("reference_no", "795513350027").with("auth_code", "139523").with("channel", "unionpay")
            .with("order_no", "LT20261118000025").with("currency", "CNY").with("fee", "0.605")
            .with("settled_on", "2026-11-19")
        let payment = try #require(try reading(file.text).payments.first)
        let day = try #require(Day(iso: "2026-11-18"))
        #expect(payment.line == 2)
        #expect(payment.merchantNumber == "898290053110001")
        #expect(
            payment.slip
                == SlipNumbers(
                    terminal: "80210001", batch: "000535", trace: "000025", reference: "795513350027",
                    authCode: "139523"))
        #expect(payment.paidAt == LocalTime(day: day, hour: 15, minute: 21, second: 40))
        #expect(payment.card == StatementCard(first6: "622588", last4: "1234", kind: .credit, issuer: "招商银行"))
        #expect(payment.channel == .unionPay)
        #expect(payment.merchantOrderNumber == "LT20261118000025")
        #expect(payment.channelTransactionNumber == nil)
        #expect(payment.amount == Money(minor: 10000, currency: .cny))
        #expect(payment.feeThousandths == 60_500)
        #expect(payment.fee == Money(minor: 61, currency: .cny), "half a fen is rounded up")
        #expect(payment.settledOn == Day(iso: "2026-11-19"))
    }

    @Test func chineseHeadingsInAnyOrderMeanTheSame() throws {
        let text = """
            金额,交易类型,交易日期时间,凭证号,批次号,终端号,商户号,卡号,卡类型,支付渠道,订单号,币种,清算日期
            100.00,消费,2026/11/18 15:21:40,000025,000535,80210001,898290053110001,622588******1234,贷记卡,微信支付,\
            \t4200056298202611186617334714,人民币,20261119
            """
        let payment = try #require(try reading(text).payments.first)
        #expect(payment.amount.minor == 10000)
        #expect(payment.channel == .wechatPay)
        #expect(payment.channelTransactionNumber == "4200056298202611186617334714")
        #expect(payment.merchantOrderNumber == nil)
        #expect(payment.card.kind == .credit)
        #expect(payment.settledOn == Day(iso: "2026-11-19"))
    }

    @Test(arguments: [
        ("refund", "-50.00", StatementRefund.Kind.refund), ("退货", "50.00", .refund), ("消费撤销", "-100.00", .void),
        ("VOID", "100", .void),
    ])
    func refundsAndVoidsAreReadWithEitherSign(type: String, amount: String, kind: StatementRefund.Kind) throws {
        let refund = try #require(
            try reading(PosFile().with("type", type).with("amount", amount).with("fee", "-0.30").text).refunds.first)
        #expect(refund.kind == kind)
        #expect(refund.amount.minor == (amount.contains("50") ? 5000 : 10000))
        #expect(refund.feeReturnedThousandths == 30_000)
    }

    @Test(arguments: [
        ("2026-11-18T15:21:40", true), ("20261118152140", true), ("20261118 152140", true), ("2026/11/18 15:21", true),
        ("2026-11-18", false), ("2026-02-30 10:00:00", false), ("2026-11-18 24:00:00", false), ("yesterday", false),
        ("2026-11-18x15:21:40", false), ("2026-1a-18 15:21:40", false),
    ])
    func timesAreReadAsFilesWriteThem(text: String, isTime: Bool) throws {
        let result = try reading(PosFile().with("paid_at", text).text)
        #expect(result.payments.count == (isTime ? 1 : 0))
        #expect(result.faults.map(\.reason) == (isTime ? [] : [.notATime]))
    }

    @Test(arguments: [
        ("622588******1234", "622588", "1234"), ("6225 88** **** 1234", "622588", "1234"),
        ("62258801****1234", "622588", "1234"), ("6225881234", "622588", "1234"), ("************1234", nil, "1234"),
        ("1234", nil, "1234"),
    ])
    func aMaskedCardKeepsSixAndFourDigits(text: String, first: String?, last: String) throws {
        let card = try #require(try reading(PosFile().with("card", text).text).payments.first).card
        #expect(card.first6 == first)
        #expect(card.last4 == last)
    }

    @Test(arguments: [
        "6225880123451234", "6225 8801 2345 1234", "6225-8801-2345-1234", "4111111111111", "6225880123451234567",
        "6225880123*1234",
    ])
    func aWholeCardNumberIsRefusedAndNeverShown(number: String) throws {
        let result = try reading(PosFile().with("card", number).text)
        let fault = try #require(result.faults.first)
        #expect(result.rows.isEmpty)
        #expect(fault == LineFault(line: 2, column: "card", reason: .cardNotMasked, excerpt: nil))
        #expect(fault.description.hasPrefix("line 2, column card: card numbers must be masked"))
    }

    @Test func aCardNumberInAnotherColumnIsRefusedToo() throws {
        let fault = try #require(try reading(PosFile().with("issuer", "CMB 6225880123451234").text).faults.first)
        #expect(fault.reason == .cardNotMasked)
        #expect(fault.excerpt == nil)
    }

    @Test func anExcerptMasksLongNumbersAndIsShort() throws {
        let fault = try #require(try reading(PosFile().with("paid_at", "6225880123451234").text).faults.first)
        #expect(fault.excerpt == "622588••••••••••")
        let long = try #require(
            try reading(PosFile().with("type", String(repeating: "长", count: 50)).text).faults.first)
        #expect(long.excerpt == String(repeating: "长", count: LineFault.excerptCharactersMax) + "…")
    }

    @Test(arguments: [
        ("amount", "-1.00", LineFault.Reason.amount(.negative)), ("amount", "0.00", .zeroAmount),
        ("amount", "1.005", .amount(.tooManyDecimals(allowed: 2))), ("amount", "", .missing),
        ("amount", "1O.00", .amount(.unreadable)), ("amount", ".", .amount(.unreadable)),
        ("amount", "99999999999999999999", .amount(.tooLarge)), ("amount", "1e3", .amount(.unreadable)),
        ("amount", "+5", .amount(.unreadable)), ("fee", "-0.01", .amount(.negative)),
        ("fee", "0.000001", .amount(.tooManyDecimals(allowed: 5))), ("currency", "XXX", .unknownCurrency),
        ("merchant_no", "", .missing), ("terminal_no", "终端", .notACode), ("trace_no", "", .missing),
        ("batch_no", "", .missing), ("trace_no", "000\u{1}25", .controlCharacter),
        ("trace_no", "123456789012345678901", .tooLong(charactersMax: 20)),
        ("issuer", "招商\u{7F}", .controlCharacter),
        ("issuer", String(repeating: "行", count: 65), .tooLong(charactersMax: 64)),
        ("settled_on", "2026-13-01", .notADay), ("type", "赠送", .unknownWord(known: PosType.known)),
        ("channel", "paypal", .unknownWord(known: ChannelWord.known)), ("card", "none", .notACard),
        ("order_no", "no blanks", .notACode), ("merchant_no", "😀", .notACode),
    ])
    func aBadValueIsAFaultWithItsLineAndColumn(column: String, value: String, reason: LineFault.Reason) throws {
        let file = PosFile().with(column, value)
        let good = file.values.joined(separator: ",")
        let result = try reading(file.text.replacing(good, with: PosFile().values.joined(separator: ",") + "\n" + good))
        let fault = try #require(result.faults.last)
        #expect(fault.line == 3)
        #expect(fault.column == column)
        #expect(fault.reason == reason)
        #expect(result.summary.bad == result.faults.count)
    }

    @Test func amountsWithCommasAndSignsAreRead() throws {
        for (text, minor) in [("\"1,050.00\"", 105_000), ("¥50.5", 5050), ("５０", 5000), ("100.000", 10_000)] {
            #expect(try reading(PosFile().with("amount", text).text).payments.map(\.amount.minor) == [Int64(minor)])
        }
    }

    @Test func batchAndTraceMayBeMissingWhereTheChannelsNumberIsTheKey() throws {
        let file = PosFile().with("batch_no", "").with("trace_no", "").with("channel", "wechatpay")
        #expect(try reading(file.with("order_no", "4200056298202611186617334714").text).payments.count == 1)
        #expect(try reading(file.with("order_no", "LT20261118000025").text).faults.count == 1)
    }

    @Test func aRowWithTooFewOrTooManyValuesIsAFault() throws {
        let text = PosFile().text
        #expect(
            try reading(text + "1,2,3\n").faults
                == [LineFault(line: 3, column: nil, reason: .cellCount(expected: 7, found: 3), excerpt: nil)])
        #expect(try reading(text + "1,2,3,4,5,6,7,8\n").faults.map(\.reason) == [.cellCount(expected: 7, found: 8)])
        #expect(try reading(text.replacing("100.00\n", with: "100.00,,\n")).payments.count == 1)
    }

    @Test func whatIsMissingOrRepeatedOrForbiddenAmongTheColumnsIsNamed() {
        #expect(throws: StatementFault.missingColumns(.posCSV, ["batch_no", "type"])) {
            try reading("merchant_no,terminal_no,trace_no,paid_at,amount\n")
        }
        #expect(throws: StatementFault.repeatedColumn("金额")) {
            try reading(PosFile().text.replacing("amount\n", with: "amount,金额\n"))
        }
        #expect(throws: StatementFault.forbiddenColumn("CVV2")) { try reading(PosFile().with("CVV2", "").text) }
        #expect(throws: StatementFault.forbiddenColumn("二磁道")) { try reading(PosFile().with("二磁道", "").text) }
    }

    @Test func columnsThatAreNotOursAreIgnored() throws {
        #expect(try reading(PosFile().with("清算金额", "99.40").with("note", "anything").text).payments.count == 1)
    }
}
