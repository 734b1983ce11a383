import RefundDomain
import Testing

struct PayeeBankTests {
    @Test(arguments: [
        ("ICBC", PayeeBank.icbc), ("中国工商银行", .icbc), ("工商银行北京海淀支行", .icbc), (" icbc ", .icbc),
        ("Industrial and Commercial Bank of China", .icbc), ("Industrial Bank", .cib), ("中国银行", .boc),
        ("Bank of China", .boc), ("Agricultural Bank of China", .abc), ("中国建设银行", .ccb), ("交通银行", .comm),
        ("招商银行", .cmb), ("邮储银行", .psbc), ("中国邮政储蓄银行", .psbc), ("上海浦东发展银行", .spdb), ("浦发银行", .spdb),
        ("中国民生银行", .cmbc), ("CITIC Bank", .citic), ("光大银行", .ceb), ("兴业银行", .cib), ("广发银行", .gdb),
        ("平安银行", .pab), ("Ping An Bank", .pab), ("宁波银行", .nbcb),
    ])
    func aBankIsKnownByItsNames(text: String, bank: PayeeBank) {
        #expect(PayeeBank(named: text) == bank)
    }

    @Test(arguments: ["", "华夏银行", "HSBC", "Bank", "银行", "Bank of China (Hong Kong)", "中国", "北京银行"])
    func anyOtherIsNone(text: String) {
        #expect(PayeeBank(named: text) == nil)
    }

    @Test func aChannelPaysToCardsOfItsBanksOnly() throws {
        let able = ChannelCapability.wechatPay
        func pays(_ account: String, _ bank: String, _ holder: String = "张三") -> Bool {
            PayeeDestination(account: account, bank: bank, holder: holder).map { able.pays(to: $0) } ?? false
        }
        #expect(pays("6222021234567894", "招商银行"))
        #expect(!pays("6222021234567894", "华夏银行"))
        #expect(!pays("1234567890", "招商银行"))
        #expect(!pays("6222021234567894", "招商银行", String(repeating: "长", count: 72)))
    }

    @Test func anAccountIsNeverPrinted() throws {
        let named = try #require(PayeeDestination(account: "6222021234567894", bank: "招商银行", holder: "张三"))
        for text in ["\(named)", String(reflecting: named), "\([named])"] {
            #expect(text.contains("••••7894"))
            #expect(!text.contains("62220212") && !text.contains("张三"))
        }
    }
}
