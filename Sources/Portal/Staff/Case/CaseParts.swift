import Web

/// A label and its value: `staff/facts`.
struct Fact: Sendable, Hashable {
    let label: String
    let value: String
    /// Set for numbers copied from paper, which are shown in the monospaced face.
    let isNumber: Bool

    init(_ label: String, _ value: String, isNumber: Bool = false) {
        self.label = label
        self.value = value
        self.isNumber = isNumber
    }

    static let sample = Fact("参考号", "614233280012", isNumber: true)
}

/// One thing that is compared: what the cardholder says, and what our books say.
struct Comparison: Sendable, Hashable {
    let label: String
    let said: String
    let known: String

    static let sample = Comparison(label: "金额", said: "¥50.00", known: "¥100.00")
}

/// A file: what is shown of it, and what there is to say about it.
struct ProofItem: Sendable, Hashable {
    let name: String
    let about: String
    let pictures: ProofPictures
    /// Where the file itself is; nil for those who may not have it, and while it has not passed the scanner.
    let original: Original?
    /// What speaks against it.
    let risks: [Risk]
    /// What a reviewer made of it.
    let verdict: String?
    let judge: Judge?

    /// The file as it came.
    struct Original: Sendable, Hashable {
        let address: String
        /// What the link says to those who cannot see where it stands.
        let linkLabel: String
        /// That nobody has scanned it.
        let warning: String?

        static let sample = Original(
            address: "/merchant/cases/RF/proof/1", linkLabel: "下载 小票", warning: "未经病毒扫描")
    }

    /// Another request with the same file, or one like it.
    struct Risk: Sendable, Hashable {
        let text: String
        let number: String
        let address: String

        static let sample = Risk(
            text: "同一份文件还用在", number: "RF-7K3M-Q9TX-D", address: "/merchant/cases/RF-7K3M-Q9TX-D")
    }

    /// The buttons that say what a file is worth.
    struct Judge: Sendable, Hashable {
        let action: String
        let version: String
        let proof: String
        let legend: String
        let ways: [Way]

        static let sample = Judge(
            action: "/merchant/cases/RF/proof-verdict", version: "3", proof: "p", legend: "这份材料", ways: [.sample])
    }

    struct Way: Sendable, Hashable {
        let value: String
        let label: String

        static let sample = Way(value: "accepted", label: "可用")
    }

    static let sample = ProofItem(
        name: "小票", about: "JPEG · 1.2 MB · 11 月 20 日 18:02", pictures: .sample, original: .sample, risks: [.sample],
        verdict: "可用 · lin", judge: .sample)
}

/// A question to the cardholder with its answer.
struct QuestionItem: Sendable, Hashable {
    let text: String
    let items: String?
    let when: String
    let answer: String?
    let answeredAt: String?

    static let sample = QuestionItem(
        text: "请拍下整张小票。", items: "小票", when: "11 月 21 日 09:40", answer: "已上传。", answeredAt: "11 月 22 日 08:00")
}

/// One thing that happened, in the history.
struct HistoryItem: Sendable, Hashable {
    let title: String
    let who: String
    let when: String
    let code: String?
    let text: String?
    /// Whether only staff can read it.
    let isInternal: Bool

    static let sample = HistoryItem(
        title: "提交了申请", who: "持卡人", when: "11 月 20 日 18:02", code: "商户余额不足（NOT_ENOUGH）", text: "书少了一本",
        isInternal: true)
}

/// One attempt to send money back, in words.
struct MovementItem: Sendable, Hashable {
    let amount: String
    let tag: StateTag
    let explanation: String
    let facts: [Fact]

    static let sample = MovementItem(amount: "¥50.00", tag: .sample, explanation: "银行正在处理。", facts: [.sample])
}

/// Another case of the same payment.
struct SiblingItem: Sendable, Hashable {
    let number: String
    let address: String
    let amount: String
    let when: String
    let tag: StateTag

    static let sample = SiblingItem(
        number: "RF-7K3M-Q9TX-D", address: "/merchant/cases/RF-7K3M-Q9TX-D", amount: "¥50.00", when: "11 月 1 日",
        tag: .sample)
}
