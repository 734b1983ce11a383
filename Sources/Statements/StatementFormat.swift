/// The kinds of statement that are understood.
public enum StatementFormat: String, Sendable, Hashable, CaseIterable {
    /// An acquirer's list of POS transactions with English or Chinese headings, in any order.
    case posCSV = "pos-csv"
    /// WeChat Pay's 交易账单, whole, of payments or of refunds.
    case wechatBill = "wechat-bill"
    /// Alipay's 业务明细, alone or in the ZIP archive that it comes in.
    case alipayBill = "alipay-bill"
    /// UnionPay's file of a merchant's settled transactions (ZM), alone or in its ZIP archive.
    case unionpayZM = "unionpay-zm"

    /// The format that a line of headings belongs to; nil for none that is known.
    static func recognised(in headings: [String]) -> StatementFormat? {
        let wechat = headings.compactMap(WechatColumn.named)
        if wechat.contains(.transactionNumber), wechat.contains(.time) { return .wechatBill }
        let alipay = headings.compactMap(AlipayColumn.named)
        if alipay.contains(.transactionNumber), alipay.contains(.kind) { return .alipayBill }
        let pos = headings.compactMap(PosColumn.named)
        return pos.count >= posHeadingsMin ? .posCSV : nil
    }

    /// Headings of ours that make a file a POS list; what it lacks is then named exactly.
    private static let posHeadingsMin = 3
}

/// Where the columns of a format stand in one file.
struct Layout<Column: Hashable & Sendable>: Sendable {
    let places: [Column: Place]
    let cellCount: Int

    /// - Throws: ``StatementFault`` for a column that is there twice or may not be there.
    init(_ headings: [String], named: (String) -> Column?) throws(StatementFault) {
        var places: [Column: Place] = [:]
        for (index, heading) in headings.enumerated() {
            if ForbiddenColumn.matches(heading) { throw .forbiddenColumn(heading) }
            guard let column = named(heading) else { continue }
            guard places[column] == nil else { throw .repeatedColumn(heading) }
            places[column] = Place(index: index, heading: heading)
        }
        self.places = places
        cellCount = headings.count
    }

    /// The column's place, or one without an index where the file has not got it.
    func place(_ column: Column, _ name: String) -> Place {
        places[column] ?? Place(index: nil, heading: name)
    }
}

/// Where a column stands in the file, counted from 0, and what the file calls it.
struct Place: Hashable, Sendable {
    let index: Int?
    let heading: String
}

/// Headings of sensitive authentication data, which must not even be imported by mistake (PCI DSS 3.3).
enum ForbiddenColumn {
    private static let names: Set<String> = [
        "track1", "track2", "track3", "track_data", "trackdata", "cvv", "cvv2", "cvn", "cvn2", "cvc", "cvc2", "pin",
        "pin_block", "pinblock", "磁道", "磁道信息", "一磁道", "二磁道", "三磁道", "磁道数据", "安全码", "卡背面三位", "密码",
    ]

    static func matches(_ heading: String) -> Bool {
        names.contains(heading.lowercased().filter { $0 != " " })
    }
}
