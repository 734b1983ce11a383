/// The two timelines of a case side by side, drawn as tracks with stations: `shared/rails`.
public struct Rails: Sendable, Hashable {
    /// One track.
    public struct Rail: Sendable, Hashable {
        public let title: String
        public let stations: [Station]

        public init(title: String, stations: [Station]) {
            self.title = title
            self.stations = stations
        }
    }

    /// Where a station lies from now.
    public enum Place: String, Sendable, Hashable {
        case past
        case present
        case future
        /// The track turns back here: the money was sent back.
        case back
    }

    /// One thing that happened or will happen.
    public struct Station: Sendable, Hashable {
        public let title: String
        public let when: String?
        public let who: String?
        public let note: String?
        public let seal: Seal?
        public let place: String
        public let isPast: Bool
        public let isPresent: Bool
        public let isFuture: Bool
        public let isBack: Bool

        public init(
            _ title: String, _ place: Place, when: String? = nil, who: String? = nil, note: String? = nil,
            seal: Seal? = nil
        ) {
            self.title = title
            self.when = when
            self.who = who
            self.note = note
            self.seal = seal
            self.place = place.rawValue
            isPast = place == .past
            isPresent = place == .present
            isFuture = place == .future
            isBack = place == .back
        }
    }

    public let decision: Rail
    public let money: Rail

    public init(decision: Rail, money: Rail) {
        self.decision = decision
        self.money = money
    }

    public static let sample = Rails(
        decision: Rail(
            title: "决定",
            stations: [
                Station("您提交了申请", .past, when: "11 月 20 日 18:02"),
                Station("商户查看", .past, when: "11 月 21 日 09:40", who: "山茶书店"),
                Station(
                    "同意退 ¥50.00", .present, when: "11 月 22 日 10:15", who: "山茶书店", note: "一本书已拆封，按原价扣除 ¥10.00。",
                    seal: .sample),
            ]),
        money: Rail(
            title: "钱款",
            stations: [
                Station("商户款项已冻结", .past, when: "11 月 20 日"),
                Station("已发往银行", .past, when: "11 月 22 日"),
                Station(
                    "银行退回", .back, when: "11 月 24 日", who: "招商银行", note: "原卡已注销，钱没有丢。",
                    seal: Seal(.declined, text: "退回", date: "11-24")),
                Station("银行处理中", .present, note: "上次查询 09:10，下次 15:00"),
                Station("到账", .future, when: "12 月 3 日（周四）前"),
            ]))
}

/// The mark of a decision: a round cinnabar seal for an approval, a plain grey stamp for a decline.
public struct Seal: Sendable, Hashable {
    /// What was decided.
    public enum Kind: String, Sendable, Hashable {
        case approved
        case declined
    }

    /// Two to four characters or one word: `同意`, `AGREED`.
    public let text: String
    /// The date under it.
    public let date: String
    public let kind: String

    public init(_ kind: Kind, text: String, date: String) {
        self.text = text
        self.date = date
        self.kind = kind.rawValue
    }

    public static let sample = Seal(.approved, text: "同意", date: "11-22")
}
