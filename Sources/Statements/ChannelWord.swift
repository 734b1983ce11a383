import RefundDomain

/// The channel that took a payment, by the words of acquirers' files.
enum ChannelWord {
    /// The words as a fault names them.
    static let known =
        "unionpay/银联, wechatpay/微信, alipay/支付宝, lakala/拉卡拉, shengpay/盛付通, helipay/合利宝, manual/人工"

    static func channel(_ word: String) -> Channel? {
        if let channel = chinese[word] { return channel }
        let plain = word.lowercased().filter { $0 != " " && $0 != "_" && $0 != "-" }
        return Channel(rawValue: english[plain] ?? plain)
    }

    private static let chinese: [String: Channel] = [
        "微信": .wechatPay, "微信支付": .wechatPay, "支付宝": .alipay, "银联": .unionPay, "银行卡": .unionPay,
        "银联卡": .unionPay, "刷卡": .unionPay, "云闪付": .unionPay, "银联二维码": .unionPay, "拉卡拉": .lakala,
        "盛付通": .shengpay, "合利宝": .helipay, "人工": .manual, "瑞银信": .manual, "银行转账": .manual,
    ]

    private static let english = [
        "wechat": "wechatpay", "weixin": "wechatpay", "card": "unionpay", "bankcard": "unionpay", "ruiyinxin": "manual",
        "banktransfer": "manual",
    ]
}

extension Channel {
    /// Whether a number in a column of order numbers has the shape of the channel's own numbers, so that it is not
    /// the merchant's: 28 digits from 4200 (WeChat Pay), 28 digits from a date (Alipay), 21 digits (UnionPay queryId).
    func isTransactionNumber(_ number: String) -> Bool {
        guard number.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return false }
        switch self {
        case .wechatPay: return number.utf8.count == 28 && number.hasPrefix("4")
        case .alipay: return number.utf8.count == 28 && number.hasPrefix("20")
        case .unionPay: return number.utf8.count == 21
        case .lakala, .shengpay, .helipay, .manual: return false
        }
    }
}
