import RefundDomain
import Testing

@testable import Statements

/// UnionPay's ZM file, its lines made from the values of some fields.
struct ZMFile {
    static let widths = [
        3, 11, 11, 6, 10, 19, 12, 4, 2, 21, 2, 32, 2, 6, 10, 13, 13, 4, 15, 2, 2, 6, 2, 4, 32, 1, 21, 15, 1, 15, 32,
        13, 13, 8, 32, 13, 13, 12, 2, 1, 32, 98,
    ]
    static let payment: [Int: String] = [
        1: "S22", 2: "01040000", 3: "00010000", 4: "100201", 5: "1118103000", 6: "622588*********9243",
        7: "000000128000", 8: "5311", 9: "07", 10: "202611181030001002018", 12: "LT20261118U00001", 13: "01",
        16: "D000000000640", 17: "C000000127360", 20: "01", 21: "00", 22: "000201", 28: "777290058110097",
        31: "兰亭百货", 34: "01080209", 35: "柜台二", 40: "1",
    ]
    static let refund = payment.merging(
        [
            4: "100203", 5: "1119090000", 7: "000000008000", 10: "202611190900001002038", 12: "LTU20261119000001",
            16: "C000000000040", 20: "04", 27: "202611181030001002018", 41: "LT20261118U00001",
        ], uniquingKeysWith: { $1 })

    var rows = [ZMFile.payment]
    var widths = ZMFile.widths
    var separator = " "
    var lineEnd = "\r\n"

    var bytes: [UInt8] { rows.flatMap { line($0) + Array(lineEnd.utf8) } }

    func line(_ values: [Int: String]) -> [UInt8] {
        let fields = widths.enumerated().map { index, width in
            let value = gb18030(values[index + 1] ?? "").prefix(width)
            return value + Array(repeating: UInt8(ascii: " "), count: width - value.count)
        }
        return Array(fields.joined(separator: Array(separator.utf8)))
    }

    static func with(_ change: [Int: String]) -> ZMFile {
        ZMFile(rows: [payment.merging(change, uniquingKeysWith: { $1 }), refund])
    }
}

struct UnionPayZMTests {
    @Test func aPaymentIsRead() throws {
        let result = try reading(ZMFile().bytes)
        let payment = try #require(result.payments.first)
        #expect(result.format == .unionpayZM)
        #expect(payment.line == 1)
        #expect(payment.merchantNumber == "777290058110097")
        #expect(payment.channel == .unionPay)
        #expect(payment.slip == SlipNumbers(terminal: "01080209"))
        #expect(payment.paidAt == LocalTime(iso: "2026-11-18 10:30:00"))
        #expect(payment.card == StatementCard(first6: "622588", last4: "9243", kind: .debit))
        #expect(payment.channelTransactionNumber == "202611181030001002018")
        #expect(payment.merchantOrderNumber == "LT20261118U00001")
        #expect(payment.amount == Money(minor: 128_000, currency: .cny))
        #expect(payment.fee == Money(minor: 640, currency: .cny))
    }

    @Test func aRefundIsReadWithThePaymentThatItBelongsTo() throws {
        let refund = try #require(try reading(ZMFile(rows: [ZMFile.payment, ZMFile.refund]).bytes).refunds.first)
        #expect(refund.line == 2)
        #expect(refund.kind == .refund)
        #expect(refund.refundNumber == "LTU20261119000001")
        #expect(refund.channelRefundNumber == "202611190900001002038")
        #expect(refund.channelTransactionNumber == "202611181030001002018")
        #expect(refund.merchantOrderNumber == "LT20261118U00001")
        #expect(refund.slip == SlipNumbers(terminal: "01080209", trace: "100203"))
        #expect(refund.amount == Money(minor: 8000, currency: .cny))
        #expect(refund.feeReturnedThousandths == 40_000)
    }

    @Test(arguments: [[2, 1, 131], [2, 2, 1, 131]])
    func filesWithTheOlderTailAreReadToo(tail: [Int]) throws {
        var file = ZMFile(rows: [ZMFile.payment, ZMFile.refund])
        file.widths = Array(ZMFile.widths.prefix(38)) + tail
        let result = try reading(file.bytes)
        #expect(result.faults.isEmpty)
        #expect(result.payments.first?.amount.minor == 128_000)
        #expect(result.refunds.first?.channelTransactionNumber == "202611181030001002018")
    }

    @Test(arguments: ["|", ",", "\t", " "], [1, 5, 4096])
    func anyOneByteMaySeparateTheFields(separator: String, step: Int) throws {
        var file = ZMFile(rows: [ZMFile.payment, ZMFile.refund])
        file.separator = separator
        file.lineEnd = "\n"
        #expect(try reading(file.bytes, step: step).rows == reading(ZMFile(rows: file.rows).bytes).rows)
    }

    @Test func widthsAreCountedInBytesOfGBK() throws {
        let line = ZMFile().line(ZMFile.payment.merging([31: "一二三四五六七八九十一二三四五六"], uniquingKeysWith: { $1 }))
        #expect(line.count == 607)
        #expect(try reading(line).payments.count == 1)
        // The same line saved as UTF-8 has other widths, and nothing is taken from shifted fields.
        let widened = ZMFile().line(ZMFile.payment.filter { $0.key != 31 && $0.key != 35 })
        let name = Array("兰亭百货".utf8) + Array(repeating: UInt8(ascii: " "), count: 24)
        let other = Array(widened[..<327]) + name + Array(widened[359...])
        #expect(try reading(other).faults.map(\.reason) == [.lineLength(expected: 607, found: 611)])
    }

    @Test func lengthsAndSeparatorsThatAreWrongAreNamedByTheirLine() throws {
        let good = ZMFile().line(ZMFile.payment)
        var shifted = good
        shifted.remove(at: 130)
        shifted.append(UInt8(ascii: " "))
        let lines = [good, Array(good.dropLast()), good + [0x20], shifted, good].joined(separator: Array("\n".utf8))
        let result = try reading(Array(lines))
        #expect(result.rows.map(\.line) == [1, 5])
        #expect(
            result.faults.map(\.reason) == [
                .lineLength(expected: 607, found: 606), .lineLength(expected: 607, found: 608), .notSeparated(at: 145),
            ])
        #expect(result.faults.map(\.line) == [2, 3, 4])
        #expect(result.summary.bad == 3)
    }

    @Test func aFileThatIsCutOffInALineIsNoticed() throws {
        let bytes = ZMFile(rows: [ZMFile.payment, ZMFile.refund]).bytes
        let result = try reading(Array(bytes.prefix(1000)))
        #expect(result.faults.map(\.line) == [2])
    }

    @Test(arguments: [
        (7, "00000012800A", "交易金额", LineFault.Reason.amount(.unreadable)), (7, "000000000000", "交易金额", .zeroAmount),
        (7, "-00000128000", "交易金额", .amount(.unreadable)), (7, "", "交易金额", .missing),
        (16, "X000000000640", "商户手续费", .amount(.unreadable)), (16, "D", "商户手续费", .amount(.unreadable)),
        (20, "99", "交易类型", .unknownWord(known: "01, 03, 04, 31, 33")), (10, "", "查询流水号", .missing),
        (5, "1131103000", "交易传输时间", .notATime), (5, "1118250000", "交易传输时间", .notATime),
        (5, "11181030", "交易传输时间", .notATime), (28, "", "商户代码", .missing), (12, "订单", "商户订单号", .notACode),
        (6, "6225880123451234", "账号", .cardNotMasked),
    ])
    func aBadValueIsAFaultOfItsField(field: Int, value: String, name: String, reason: LineFault.Reason) throws {
        let result = try reading(ZMFile.with([field: value]).bytes, format: .unionpayZM)
        let fault = try #require(result.faults.first)
        #expect(fault.line == 1)
        #expect(fault.column == name)
        #expect(fault.reason == reason)
        #expect(result.rows.count == 1)
        #expect(reason == .cardNotMasked ? fault.excerpt == nil : true)
    }

    @Test(arguments: [("31", StatementRefund.Kind.void), ("33", .void), ("04", .refund)])
    func voidsAndRefundsAreToldApart(kind: String, expected: StatementRefund.Kind) throws {
        #expect(try reading(ZMFile.with([20: kind]).bytes).refunds.first?.kind == expected)
    }

    @Test(arguments: [
        ("1231235959", "202701010000001002018", "2026-12-31 23:59:59"),
        ("0101000003", "202612312359581002018", "2027-01-01 00:00:03"),
        ("1118103000", "202511181030001002018", "2025-11-18 10:30:00"),
        ("1118103000", "000000000000000000001", "2026-11-18 10:30:00"),
        ("1124103000", "000000000000000000001", "2025-11-24 10:30:00"),
        ("0229103000", "000000000000000000001", "2024-02-29 10:30:00"),
    ])
    func theYearIsThatOfTheQueryNumberElseTheLastOne(day: String, query: String, expected: String) throws {
        let payment = try #require(try reading(ZMFile.with([5: day, 10: query]).bytes).payments.first)
        #expect(payment.paidAt.iso == expected)
    }

    @Test func anotherFileIsNotTakenForOneAndAnEmptyOneIsEmpty() throws {
        #expect(throws: StatementFault.empty) { try reading([], format: .unionpayZM) }
        #expect(try reading(PosFile().text, format: .unionpayZM).rows.isEmpty)
        #expect(try reading(Array("\r\n \r\n".utf8), format: .unionpayZM).summary.read == 0)
    }

    @Test func aLineWithoutAnEndIsNoMemory() throws {
        let huge = [UInt8](repeating: UInt8(ascii: "9"), count: 3_000_000) + [UInt8(ascii: "\n")]
        let result = try reading(ZMFile().bytes + huge + ZMFile().bytes, step: 100_000)
        #expect(result.faults.map(\.reason) == [.lineTooLong(max: LineReader.lineBytesMax)])
        #expect(result.rows.map(\.line) == [1, 3])
    }

    @Test func randomDamageNeverTraps() throws {
        var random = Seeded(state: 7)
        let base = ZMFile(rows: [ZMFile.payment, ZMFile.refund]).bytes
        var faults = 0
        for _ in 0..<2000 {
            var bytes = base
            for _ in 0..<Int.random(in: 1...20, using: &random) {
                bytes[Int.random(in: bytes.indices, using: &random)] = UInt8(truncatingIfNeeded: random.next())
            }
            faults += try reading(bytes, step: 97, format: .unionpayZM).faults.count
        }
        #expect(faults > 1000)
    }
}
