import RefundDesk
import RefundDomain
import SandboxBank
import Vault

/// Who and what the demo begins with. Nothing of it exists outside the demo.
enum DemoCast {
    struct Merchant {
        let code: String
        let name: String
        let nameEnglish: String
        let terminals: [(number: String, family: TerminalFamily)]
        let accounts: [Account]
        let files: [String]
    }

    /// A channel that payments come by, with the merchant's number there.
    struct Account {
        let channel: Channel
        let name: String
        let number: String

        static func wechatPay(_ number: String) -> Account {
            Account(channel: .wechatPay, name: "WeChat Pay (sandbox)", number: number)
        }

        static func unionPay(_ number: String) -> Account {
            Account(channel: .unionPay, name: "UnionPay (sandbox)", number: number)
        }
    }

    struct Person {
        let email: String
        let role: Role
        let merchantCode: String?
        let password: String

        /// The one-time-code secret: made from the address, so that every start can print it.
        var secret: [UInt8] { Array(Digest.sha256("demo one-time code of " + email).prefix(20)) }
    }

    static let merchants = [
        Merchant(
            code: "lanting", name: "兰亭百货", nameEnglish: "Lanting Department Store",
            terminals: [("80210001", .smart), ("80210002", .traditional)],
            accounts: [
                .wechatPay("1900012301"), .unionPay("898290053110001"),
                Account(channel: .alipay, name: "Alipay (sandbox)", number: "2088501234567890"),
            ],
            files: ["lanting-wechat.csv", "lanting-pos-gbk.csv", "lanting-alipay.zip"]),
        Merchant(
            code: "harbour", name: "海景酒店", nameEnglish: "Harbour View Hotel",
            terminals: [("HB000017", .smart)],
            accounts: [.wechatPay("1900012302"), .unionPay("822290070110002")],
            files: ["harbour-wechat.csv.gz", "harbour-pos.csv"]),
        Merchant(
            code: "renhe", name: "仁和大药房", nameEnglish: "Renhe Pharmacy",
            terminals: [("60510033", .cloud), ("70330018", .traditional)],
            accounts: [
                .wechatPay("1900012303"), .unionPay("104290059120003"),
                Account(channel: .manual, name: "瑞银信 Ruiyinxin", number: "862100012345678"),
            ],
            files: ["renhe-wechat.csv", "renhe-pos.csv", "renhe-ruiyinxin.csv"]),
    ]

    static let people =
        merchants.flatMap { merchant in
            [
                Person(
                    email: "reviewer@\(merchant.code).example", role: .reviewer, merchantCode: merchant.code,
                    password: "demo-\(merchant.code)-reviewer"),
                Person(
                    email: "approver@\(merchant.code).example", role: .approver, merchantCode: merchant.code,
                    password: "demo-\(merchant.code)-approver"),
                Person(
                    email: "admin@\(merchant.code).example", role: .merchantAdmin, merchantCode: merchant.code,
                    password: "demo-\(merchant.code)-admin"),
            ]
        } + [
            Person(
                email: "support@portal.example", role: .support, merchantCode: nil, password: "demo-portal-support"),
            Person(
                email: "review@portal.example", role: .operatorReviewer, merchantCode: nil,
                password: "demo-portal-review"),
            Person(
                email: "finance@portal.example", role: .finance, merchantCode: nil, password: "demo-portal-finance"),
            Person(
                email: "admin@portal.example", role: .operatorAdmin, merchantCode: nil,
                password: "demo-portal-admin"),
        ]

    /// What to look up first, and what it shows; a wallet's slip has no card number.
    static let slips = [
        (reference: "795513350027", amount: "100.00", last4: "–   ", about: "WeChat Pay at a terminal, ¥100.00"),
        (reference: "302758026562", amount: "1680.00", last4: "–   ", about: "a hotel room, WeChat Pay"),
        (reference: "093205670704", amount: "1280.00", last4: "9243", about: "a bank card at a terminal, by UnionPay"),
        (reference: "189665379457", amount: "860.00", last4: "9182", about: "a card by Ruiyinxin, refunds by people"),
        (reference: "804413452384", amount: "299.00", last4: "–   ", about: "too old for the channel"),
    ]
}
