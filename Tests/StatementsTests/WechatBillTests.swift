import RefundDomain
import Testing

@testable import Statements

struct WechatBillTests {
    @Test func aPaymentIsReadWithoutWhoPaid() throws {
        let payment = try #require(try reading(BillFile().text).payments.first)
        #expect(payment.line == 2)
        #expect(payment.merchantNumber == "1900012301")
        #expect(payment.channel == .wechatPay)
        #expect(payment.channelTransactionNumber == "4200056298202611186617334714")
        #expect(payment.merchantOrderNumber == "LT20261118000025")
        #expect(payment.paidAt == LocalTime(iso: "2026-11-18 15:21:40"))
        #expect(payment.amount == Money(minor: 10000, currency: .cny))
        #expect(payment.fee == Money(minor: 60, currency: .cny))
        #expect(payment.card == StatementCard(kind: .credit, issuer: "CMB"))
        #expect(payment.slip.isEmpty)
        #expect(!String(describing: payment).contains("oPAYER"))
    }

    @Test func aRefundIsReadWithBothOfItsNumbers() throws {
        let refund = try #require(try reading(BillFile().text).refunds.first)
        #expect(refund.line == 3)
        #expect(refund.kind == .refund)
        #expect(refund.status == .processing)
        #expect(refund.refundNumber == "LTR1")
        #expect(refund.channelRefundNumber == "50300001")
        #expect(refund.channelTransactionNumber == "4200056298202611186617334714")
        #expect(refund.amount == Money(minor: 5000, currency: .cny))
        #expect(refund.feeReturned == Money(minor: 30, currency: .cny))
    }

    @Test func feesAreSummedExactlyAndRoundedOnlyOnThePayment() throws {
        var bill = BillFile()
        bill.rows = Array(repeating: BillFile.payment.replacing("`0.60000", with: "`0.00345"), count: 3)
        bill.sums = "`3,`300.00,`0.00,`0.00,`0.01035,`300.00,`0.00"
        let result = try reading(bill.text)
        #expect(result.payments.map(\.fee.minor) == [0, 0, 0])
        #expect(result.summary.sums.map(\.feeThousandths) == [1035])
        #expect(Money.rounded(thousandths: 500, .cny).minor == 1)
        #expect(Money.rounded(thousandths: 499, .cny).minor == 0)
    }

    @Test(arguments: [
        ("`2,", "`3,", "总交易单数", "2"), ("`2,`100.00,", "`2,`100.01,", "应结订单总金额", "100.00000"),
        ("`50.00,`0.00", "`49.00,`0.00", "退款总金额", "50.00000"), ("`0.30000", "`0.30001", "手续费总金额", "0.30000"),
        ("`100.00,`50.00", "`1.00,`50.00", "订单总金额", "100.00000"),
        (",`100.00,`50.00", ",`100.00,`5.00", "申请退款总金额", "50.00000"),
    ])
    func aWrongSumRefusesTheFile(old: String, new: String, name: String, found: String) throws {
        var bill = BillFile()
        let place = try #require(bill.sums.ranges(of: old).last)
        bill.sums.replaceSubrange(place, with: new)
        let error = #expect(throws: StatementFault.self) { try reading(bill.text) }
        guard case .wrongSum(let wrong, _, let rows) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(wrong == name)
        #expect(rows == found)
    }

    @Test func aBillWithoutItsSumsIsCutOff() {
        let text = BillFile().text
        for end in ["总交易单数", "`2,`100.00"] {
            let cut = String(text.prefix(upTo: text.firstRange(of: end)?.lowerBound ?? text.endIndex))
            #expect(throws: StatementFault.missingSummary) { try reading(cut) }
        }
        #expect(throws: StatementFault.missingSummary) { try reading(BillFile.allHeadings + "\n") }
    }

    @Test func nothingMayFollowTheSums() {
        #expect(throws: StatementFault.afterSummary(line: 6)) { try reading(BillFile().text + BillFile.payment) }
        #expect(throws: Never.self) { try reading(BillFile().text + "\r\n\r\n") }
    }

    @Test func aSumThatIsNoNumberIsNamed() {
        var bill = BillFile()
        bill.sums = "`2,`viel,`50.00,`0.00,`0.30000,`100.00,`50.00"
        #expect(throws: StatementFault.unreadableSum(name: "应结订单总金额", line: 5)) { try reading(bill.text) }
        bill.sums = "`2"
        #expect(throws: StatementFault.unreadableSum(name: "应结订单总金额", line: 5)) { try reading(bill.text) }
    }

    @Test func aBadLineStillCountsForTheSumsWhereItsAmountsCanBeRead() throws {
        var bill = BillFile()
        bill.rows[0] = bill.rows[0].replacing("2026-11-18 15:21:40", with: "2026-11-18")
        let result = try reading(bill.text)
        #expect(result.faults.map(\.column) == ["交易时间"])
        #expect(result.rows.count == 1)
        bill.sums = bill.sums.replacing("`2,", with: "`9,")
        #expect(throws: StatementFault.self) { try reading(bill.text) }
    }

    @Test func aLineWhoseAmountsCannotBeReadLeavesTheSumsOpen() throws {
        var bill = BillFile()
        bill.rows[0] = bill.rows[0].replacing("`100.00", with: "`hundred")
        let result = try reading(bill.text)
        #expect(result.faults.map(\.line) == [2])
        #expect(result.rows.count == 1)
    }

    @Test func aRevokedPaymentIsAVoidOfTheWhole() throws {
        var bill = BillFile()
        bill.rows[1] = BillFile.payment.replacing("`SUCCESS", with: "`REVOKED").replacing("`0.60000", with: "`-0.60000")
        bill.sums = "`2,`200.00,`0.00,`0.00,`0.00,`200.00,`0.00"
        let refund = try #require(try reading(bill.text).refunds.first)
        #expect(refund.kind == .void)
        #expect(refund.amount.minor == 10000)
        #expect(refund.status == .succeeded)
    }

    @Test func theBillOfPaymentsAndTheBillOfRefundsAreReadByTheirHeadings() throws {
        let all = BillFile.allHeadings.split(separator: ",").map(String.init)
        let refundOnly: Set = ["微信退款单号", "商户退款单号", "退款金额", "充值券退款金额", "退款类型", "退款状态", "申请退款金额"]
        let kept = all.indices.filter { !refundOnly.contains(all[$0]) }
        #expect(kept.count == 20)
        let values = BillFile.payment.replacing("围巾, 红", with: "围巾").split(
            separator: ",", omittingEmptySubsequences: false)
        var bill = BillFile()
        bill.headings = kept.map { all[$0] }.joined(separator: ",")
        bill.rows = [kept.map { String(values[$0]) }.joined(separator: ",")]
        bill.sums = "`1,`100.00,`0.00,`0.00,`0.60000,`100.00,`0.00"
        #expect(try reading(bill.text).payments.map(\.amount.minor) == [10000])

        var refunds = BillFile()
        refunds.headings = refunds.headings.replacing("代金券金额,", with: "代金券金额,退款申请时间,退款成功时间,")
        refunds.rows = [BillFile.refund.replacing("`0.00,`0.00,`503", with: "`0.00,`0.00,`2026-11-19 09:59:01,`,`503")]
        refunds.sums = "`1,`0.00,`50.00,`0.00,`-0.30000,`0.00,`50.00"
        #expect(try reading(refunds.text).refunds.map(\.refundedAt) == [LocalTime(iso: "2026-11-19 09:59:01")])
    }

    @Test func aServiceProvidersBillNamesTheShop() throws {
        var bill = BillFile()
        bill.rows[0] = bill.rows[0].replacing("`1900012301,`0", with: "`1900012301,`1611111111")
        #expect(try reading(bill.text).payments.map(\.merchantNumber) == ["1611111111"])
    }

    @Test(arguments: [
        ("`SUCCESS", "`LOST", "交易状态", LineFault.Reason.unknownWord(known: "SUCCESS, REFUND, REVOKED")),
        ("`4200056298202611186617334714", "`", "微信订单号", .missing), ("`0.60000", "`-0.60000", "手续费", .amount(.negative)),
        ("`0.60%,`100.00", "`0.60%,`0.00", "订单金额", .zeroAmount),
        ("`0.60%,`100.00", "`0.60%,`100.001", "订单金额", .amount(.tooManyDecimals(allowed: 2))),
    ])
    func aBadValueIsAFaultOfItsColumn(old: String, new: String, column: String, reason: LineFault.Reason) throws {
        var bill = BillFile()
        bill.rows[0] = bill.rows[0].replacing(old, with: new)
        bill.rows.append(BillFile.payment.replacing("`100.00", with: "`?"))
        let result = try reading(bill.text)
        let fault = try #require(result.faults.first)
        #expect(fault.column == column)
        #expect(fault.reason == reason)
        #expect(fault.line == 2)
    }

    @Test func aRowInAnotherCurrencyIsAFault() throws {
        var bill = BillFile()
        bill.rows[1] = bill.rows[1].replacing("`CNY", with: "`HKD")
        #expect(try reading(bill.text).faults.map(\.reason) == [.otherCurrency(expected: "CNY")])
    }

    @Test func missingColumnsAreNamed() {
        #expect(throws: StatementFault.missingColumns(.wechatBill, ["手续费", "退款状态"])) {
            try reading(BillFile.allHeadings.replacing(",手续费", with: "").replacing(",退款状态", with: "") + "\n")
        }
    }
}
