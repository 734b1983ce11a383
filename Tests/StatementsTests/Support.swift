import Foundation
import Glibc
import RefundDomain
import Testing

@testable import Statements

/// Everything that a statement gives.
struct Reading {
    var format: StatementFormat
    var rows: [StatementRow] = []
    var faults: [LineFault] = []
    var summary = StatementSummary()

    var payments: [StatementPayment] {
        rows.compactMap { row in
            if case .payment(let payment) = row { return payment }
            return nil
        }
    }

    var refunds: [StatementRefund] {
        rows.compactMap { row in
            if case .refund(let refund) = row { return refund }
            return nil
        }
    }
}

/// Reads a whole statement from memory, so many bytes at once.
func reading(_ bytes: [UInt8], step: Int = .max, format: StatementFormat? = nil) throws -> Reading {
    let today = try #require(Day(iso: "2026-11-22"))
    var reader = try StatementReader(.bytes(bytes, step: step), format: format, today: today)
    var result = Reading(format: reader.format)
    while let item = try reader.next() {
        switch item {
        case .row(let row): result.rows.append(row)
        case .fault(let fault): result.faults.append(fault)
        }
    }
    result.summary = reader.summary
    return result
}

func reading(_ text: String, step: Int = .max, format: StatementFormat? = nil) throws -> Reading {
    try reading(Array(text.utf8), step: step, format: format)
}

/// The bytes of a file under docs/examples.
func example(_ name: String) throws -> [UInt8] {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    return [UInt8](try Data(contentsOf: root.appending(path: "docs/examples/\(name)")))
}

/// A pos-csv file with the seven columns that it must have, and as many others as a test names.
struct PosFile {
    var headings = ["merchant_no", "terminal_no", "batch_no", "trace_no", "paid_at", "type", "amount"]
    var values = ["898290053110001", "80210001", "000535", "000025", "2026-11-18 15:21:40", "sale", "100.00"]

    /// The file with a column more, or with another value in one it has.
    func with(_ heading: String, _ value: String) -> PosFile {
        var copy = self
        if let index = headings.firstIndex(of: heading) {
            copy.values[index] = value
        } else {
            copy.headings.append(heading)
            copy.values.append(value)
        }
        return copy
    }

    var text: String {
        headings.joined(separator: ",") + "\n" + values.joined(separator: ",") + "\n"
    }
}

/// A WeChat Pay bill; sums are right unless a test says otherwise.
struct BillFile {
    static let allHeadings =
        "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,"
        + "应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,"
        + "手续费,费率,订单金额,申请退款金额,费率备注"
    static let sumHeadings = "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额"

    static let payment =
        "`2026-11-18 15:21:40,`wx5f0a,`1900012301,`0,`,`4200056298202611186617334714,`LT20261118000025,`oPAYER,"
        + "`MICROPAY,`SUCCESS,`CMB_CREDIT,`CNY,`100.00,`0.00,`0,`0,`0.00,`0.00,`,`,`围巾, 红,`,`0.60000,`0.60%,`100.00,"
        + "`0.00,`"
    static let refund =
        "`2026-11-19 10:00:00,`wx5f0a,`1900012301,`0,`,`4200056298202611186617334714,`LT20261118000025,`oPAYER,"
        + "`MICROPAY,`REFUND,`CMB_CREDIT,`CNY,`0.00,`0.00,`50300001,`LTR1,`50.00,`0.00,`ORIGINAL,`PROCESSING,`围巾,`,"
        + "`-0.30000,`0.60%,`0.00,`50.00,`"

    var headings = BillFile.allHeadings
    var rows = [BillFile.payment, BillFile.refund]
    var sums = "`2,`100.00,`50.00,`0.00,`0.30000,`100.00,`50.00"

    var text: String {
        ([headings] + rows + [BillFile.sumHeadings, sums]).joined(separator: "\r\n") + "\r\n"
    }
}

/// Text in the national character set, by the C library's own converter.
func gb18030(_ text: String) -> [UInt8] {
    var input = Array(text.utf8).map { CChar(bitPattern: $0) }
    var output = [CChar](repeating: 0, count: input.count * 2 + 4)
    guard let converter = iconv_open("GB18030", "UTF-8") else { return [] }
    defer { iconv_close(converter) }
    let written = input.withUnsafeMutableBufferPointer { input in
        output.withUnsafeMutableBufferPointer { output in
            var from = input.baseAddress
            var fromLeft = input.count
            var to = output.baseAddress
            var toLeft = output.count
            _ = iconv(converter, &from, &fromLeft, &to, &toLeft)
            return output.count - toLeft
        }
    }
    return output.prefix(written).map { UInt8(bitPattern: $0) }
}

/// Numbers that look random and are the same every time (SplitMix64).
struct Seeded: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
