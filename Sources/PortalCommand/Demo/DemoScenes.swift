import RefundDomain

/// One case of the demo: who asks for what, and what happens then.
struct DemoScene {
    let merchant: String
    /// The channel's number of the payment, or the merchant's.
    let order: String
    let amount: String
    let ask: String
    let reason: RequestReason
    let details: String
    let name: String
    let email: String
    let language: String
    /// How many days ago the request was sent.
    let daysAgo: Int64
    /// The picture of `docs/examples/proof` that comes with it; one comes twice, so that a reviewer is told.
    let proof: String?
    let acts: [DemoAct]
}

/// What happens to a case after it was sent, an hour after the other.
enum DemoAct {
    case take
    case ask(String)
    case answer(String)
    case offer(String, DeclineReason, String)
    case accept
    case refuse
    case approve(String)
    /// Somebody agrees whose own limit it exceeds.
    case approveFirst(String)
    case decline(DeclineReason, String, Remedy)
    case withdraw(String)
    case note(String)
    /// The money goes and the bank says so, a day later.
    case pay
    /// The cardholder says that it is there.
    case arrived
    /// The bank sends the money back.
    case comeBack
    /// Nobody complained: the case is finished.
    case close
}

extension DemoScene {
    /// A case for every state there is. Amounts of ¥6.01 to ¥6.19 make the bank misbehave (`docs/sandbox-bank.md`).
    static let all: [DemoScene] = finished + open + afterwards + money + byOthers

    private static let finished = [
        DemoScene(
            merchant: "lanting", order: "4200079710202610106390089225", amount: "80.26", ask: "80.26",
            reason: .duplicateCharge, details: "", name: "王秀英", email: "wang.xiuying@mail.example",
            language: "zh-Hans", daysAgo: 40, proof: "charged-twice",
            acts: [.take, .note("监控与流水一致，确实刷了两次。"), .approve("80.26"), .pay, .close]),
        DemoScene(
            merchant: "harbour", order: "4200049643202610237332042907", amount: "82.50", ask: "40.00",
            reason: .wrongAmount, details: "The minibar was charged twice.", name: "Emma Clarke",
            email: "emma.clarke@mail.example", language: "en", daysAgo: 4, proof: "minibar",
            acts: [.take, .approve("40.00"), .pay]),
        DemoScene(
            merchant: "lanting", order: "4200036870202610189963455285", amount: "189.02", ask: "189.02",
            reason: .goodsReturned, details: "", name: "李建国", email: "li.jianguo@mail.example", language: "zh-Hans",
            daysAgo: 9, proof: "return-note",
            acts: [
                .take, .decline(.goodsUsed, "衣服吊牌已经剪掉，领口有化妆品痕迹，不符合七天无理由退货的条件。", .appeal),
            ]),
        DemoScene(
            merchant: "renhe", order: "4200098276202610176419280550", amount: "181.07", ask: "60.00",
            reason: .cancelled, details: "", name: "陈静", email: "chen.jing@mail.example", language: "zh-Hans",
            daysAgo: 6, proof: nil, acts: [.withdraw("已经和店里说好换货了")]),
    ]

    private static let open = [
        DemoScene(
            merchant: "lanting", order: "4200014421202610271602868254", amount: "2370.00", ask: "600.00",
            reason: .goodsFaulty, details: "大衣内衬第二天就开线了，照片里能看到。", name: "赵敏",
            email: "zhao.min@mail.example", language: "zh-Hans", daysAgo: 4, proof: "coat", acts: []),
        DemoScene(
            merchant: "lanting", order: "4200073711202610292474532430", amount: "54.65", ask: "20.00",
            reason: .wrongAmount, details: "The price on the shelf was 34.65.", name: "John Smith",
            email: "john.smith@mail.example", language: "en", daysAgo: 1, proof: nil, acts: []),
        DemoScene(
            merchant: "lanting", order: "4200003258202611070992396499", amount: "495.41", ask: "495.41",
            reason: .goodsReturned, details: "", name: "刘洋", email: "liu.yang@mail.example", language: "zh-Hans",
            daysAgo: 3, proof: "return-note", acts: [.take]),
        DemoScene(
            merchant: "lanting", order: "4200094300202611075601195614", amount: "241.19", ask: "100.00",
            reason: .notReceived, details: "送货单上少了一件。", name: "周婷", email: "zhou.ting@mail.example",
            language: "zh-Hans", daysAgo: 2, proof: nil,
            acts: [.take, .ask("请上传送货单的照片，需要能看清单号和签收的件数。")]),
        DemoScene(
            merchant: "harbour", order: "4200096113202611045044603824", amount: "280.26", ask: "120.00",
            reason: .serviceNotProvided, details: "The airport transfer never came.", name: "Sofia Rossi",
            email: "sofia.rossi@mail.example", language: "en", daysAgo: 2, proof: nil,
            acts: [
                .take, .ask("Please tell us the time at which you waited and where."),
                .answer("From 06:10 to 06:50 at the main door, on 5 November."),
            ]),
        DemoScene(
            merchant: "harbour", order: "4200005512202611198780484773", amount: "503.77", ask: "300.00",
            reason: .serviceNotProvided, details: "The air conditioning did not work on either night.",
            name: "Liam O’Brien", email: "liam.obrien@mail.example", language: "en", daysAgo: 1, proof: nil,
            acts: [
                .take,
                .offer("150.00", .serviceGiven, "The room was used on both nights. We offer half of what you ask for."),
            ]),
        DemoScene(
            merchant: "renhe", order: "4200029213202610194619324940", amount: "77.02", ask: "77.02",
            reason: .unrecognised, details: "我没有在这家药店买过东西。", name: "何平", email: "he.ping@mail.example",
            language: "zh-Hans", daysAgo: 1, proof: nil, acts: []),
    ]

    private static let afterwards = [
        DemoScene(
            merchant: "renhe", order: "4200095145202610204591209408", amount: "56.31", ask: "56.31",
            reason: .goodsFaulty, details: "两盒里有一盒已经过期。", name: "高远", email: "gao.yuan@mail.example",
            language: "zh-Hans", daysAgo: 1, proof: "expired", acts: [.take, .approve("30.00"), .pay]),
        DemoScene(
            merchant: "harbour", order: "4200052108202610128326539385", amount: "2730.00", ask: "1800.00",
            reason: .wrongAmount, details: "迷你吧的账单上有十几瓶酒，我们只喝了两瓶。", name: "马兰", email: "ma.lan@mail.example",
            language: "zh-Hans", daysAgo: 1, proof: "invoice", acts: [.take, .approveFirst("1800.00")]),
        DemoScene(
            merchant: "harbour", order: "4200030664202610308186163126", amount: "68.37", ask: "20.00",
            reason: .wrongAmount, details: "One breakfast too many.", name: "Noah Williams",
            email: "noah.williams@mail.example", language: "en", daysAgo: 4, proof: nil,
            acts: [.take, .approve("20.00"), .pay, .arrived]),
        DemoScene(
            merchant: "lanting", order: "4200002727202611067591434260", amount: "32.78", ask: "32.78",
            reason: .duplicateCharge, details: "", name: "林晓", email: "lin.xiao@mail.example", language: "zh-Hans",
            daysAgo: 3, proof: nil, acts: [.take, .approve("32.78"), .pay, .comeBack]),
    ]

    private static let money = [
        small("4200053091202611122944121814", "218.59", "6.03", "孙丽", "sun.li@mail.example"),
        small("4200066104202611115540773709", "374.94", "6.04", "吴刚", "wu.gang@mail.example"),
        small("4200000431202611105449491494", "55.16", "6.07", "郑华", "zheng.hua@mail.example"),
        small("4200026144202611177263378982", "139.89", "6.13", "冯磊", "feng.lei@mail.example"),
        small("4200064883202611135564253712", "2270.00", "6.05", "蒋芳", "jiang.fang@mail.example"),
    ]

    /// By other channels: two wait for finance to put them into a batch, one goes by Alipay.
    private static let byOthers = [
        DemoScene(
            merchant: "renhe", order: "RB20261114000001", amount: "860.00", ask: "200.00", reason: .goodsFaulty,
            details: "轮椅的一个脚踏板是坏的，店里说可以退一部分。", name: "许桂兰", email: "xu.guilan@mail.example",
            language: "zh-Hans", daysAgo: 2, proof: "wheelchair", acts: [.take, .approve("200.00")]),
        DemoScene(
            merchant: "renhe", order: "RB20261117000002", amount: "236.00", ask: "118.00", reason: .goodsReturned,
            details: "One of the two packs was never opened.", name: "Grace Miller",
            email: "grace.miller@mail.example", language: "en", daysAgo: 1, proof: "two-packs",
            acts: [.take, .approve("118.00")]),
        DemoScene(
            merchant: "lanting", order: "2026111822001400001000000002", amount: "56.00", ask: "26.00",
            reason: .wrongAmount, details: "点了两杯，按三杯收的。", name: "沈悦", email: "shen.yue@mail.example",
            language: "zh-Hans", daysAgo: 1, proof: nil, acts: [.take, .approve("26.00"), .pay]),
    ]

    private static func small(
        _ order: String, _ amount: String, _ ask: String, _ name: String, _ email: String
    ) -> DemoScene {
        DemoScene(
            merchant: "lanting", order: order, amount: amount, ask: ask, reason: .wrongAmount,
            details: "收银台多收了 \(ask) 元。", name: name, email: email, language: "zh-Hans", daysAgo: 0,
            proof: nil, acts: [.take, .approve(ask)])
    }
}
