import RefundDomain
import Testing

@testable import Statements

@Suite struct BankAnswerFileTests {
    private func read(_ text: String) throws -> [BankAnswerLine] {
        try BankAnswerFile.read(Array(text.utf8), currency: .cny)
    }

    @Test func englishAndChineseHeadingsInAnyOrderAreRead() throws {
        let lines = try read(
            """
            #batch,B1
            result,refund_no,amount,bank_reference,paid_on,reason
            paid,R1,"1,050.00",20261122001,2026-11-22,
            #a comment
            failed,R2,5.00,,,账户已销户
            ,R3,5.00,,,

            """)
        #expect(
            lines == [
                BankAnswerLine(
                    line: 3, refundNumber: "R1", amount: Money(minor: 105_000, currency: .cny) ?? .zero(.cny),
                    result: .paid, reference: "20261122001", paidOn: Day(iso: "2026-11-22")),
                BankAnswerLine(
                    line: 5, refundNumber: "R2", amount: Money(minor: 500, currency: .cny) ?? .zero(.cny),
                    result: .failed, reason: "账户已销户"),
            ])
        let chinese = try read("客户流水号,转账金额,处理结果,银行流水号\n'R1,5.00,转账成功,`77\n")
        #expect(chinese.map(\.refundNumber) == ["R1"])
        #expect(chinese.map(\.reference) == ["77"])
    }

    @Test(arguments: [
        "refund_no,amount,result,bank_reference\nR1,5.00,maybe,1\n",
        "refund_no,amount,result,bank_reference\nR1,5.00,paid,\n",
        "refund_no,amount,result,bank_reference\nR1,-5.00,paid,1\n",
        "refund_no,amount,result,bank_reference\n,5.00,paid,1\n",
        "refund_no,amount,result,bank_reference\nR1,,paid,1\n",
        "refund_no,amount,result,bank_reference\nR1,5.001,paid,1\n",
    ])
    func oneBadLineSpoilsTheFile(_ text: String) {
        let fault = #expect(throws: BankAnswerFile.Fault.self) { try read(text) }
        guard case .line(let line)? = fault else {
            Issue.record("\(text)")
            return
        }
        #expect(line.line == 2)
    }

    @Test func aFileWithoutTheColumnsIsNone() {
        #expect(throws: BankAnswerFile.Fault.missingColumns(["amount", "result"])) { try read("refund_no\nR1\n") }
        #expect(throws: BankAnswerFile.Fault.file(.empty)) { try read("") }
        #expect(throws: BankAnswerFile.Fault.file(.repeatedColumn("金额"))) {
            try read("refund_no,amount,金额,result\n")
        }
    }
}
