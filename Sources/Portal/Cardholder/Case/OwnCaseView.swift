import RefundDesk
import RefundDomain
import Web
import Words

/// The page of a case for its owner.
struct OwnCaseView: View {
    static let template = "cardholder/case"
    static let sample = OwnCaseView(
        frame: .sample, problems: .sample, title: "您的退款申请", number: "RF-7K3M-Q9TX-D", follow: .sample,
        slip: .sample, next: "商户会在 11 月 27 日前答复", again: "请在 11 月 27 日再来看看",
        waits: ["支付渠道目前暂停退款"], question: .sample, offer: .sample, decline: .sample, turn: .sample,
        arrival: .sample, besides: .sample, enquiries: [.sample], bank: .sample, sums: .sample, rails: .sample,
        proofs: [.sample],
        moreProof: "/cases/x/proof", contact: "/cases/x/contact", record: "/cases/x/record", withdraw: .sample,
        codeFirst: "/track?case=x")

    /// The open question with the form that answers it.
    struct Question: Sendable {
        let action: String
        let version: String
        let item: String
        let asked: String
        let items: [String]
        let until: String?
        let text: TextArea
        let file: FileField
        static let sample = Question(
            action: "/cases/x/answer", version: "4", item: "q", asked: "请上传送货单", items: ["小票"], until: "11 月 30 日",
            text: .sample, file: .sample)
    }

    /// The merchant's offer.
    struct Offer: Sendable {
        let sentence: String
        let explanation: String?
        let until: String?
        /// Nil for somebody who came by the link and has to give a code first.
        let answer: Answer?
        static let sample = Offer(sentence: "商户愿意退 ¥50.00", explanation: "已拆封", until: "11 月 30 日", answer: .sample)

        struct Answer: Sendable {
            let accept: String
            let refuse: String
            let version: String
            let acceptLabel: String
            static let sample = Answer(
                accept: "/cases/x/accept-offer", refuse: "/cases/x/refuse-offer", version: "4",
                acceptLabel: "接受 ¥50.00")
        }
    }

    /// Why the merchant said no.
    struct Decline: Sendable {
        let reason: String
        let explanation: String
        let remedy: String
        static let sample = Decline(reason: "商品已使用", explanation: "吊牌已剪", remedy: "您可以联系商户")
    }

    /// The form that stops the request.
    struct Withdraw: Sendable {
        let action: String
        let version: String
        let reason: TextArea
        static let sample = Withdraw(action: "/cases/x/withdraw", version: "4", reason: .sample)
    }

    /// What the script needs to follow the case.
    struct Follow: Sendable {
        let page: String
        let events: String
        let version: String
        /// What is said when this page takes the place of an older one.
        let said: String
        static let sample = Follow(page: "/cases/x", events: "/cases/x/events", version: "4", said: "已更新：商户愿意退")
    }

    let frame: Frame
    let problems: Problems?
    let title: String
    let number: String
    let follow: Follow
    let slip: Slip
    let next: String
    /// When it is worth looking again; nil when nothing more will come.
    let again: String?
    /// Why nothing moves although it could.
    let waits: [String]
    let question: Question?
    let offer: Offer?
    let decline: Decline?
    /// What the cardholder can do now, on a page of its own.
    let turn: Turn?
    let arrival: Arrival?
    /// What can be done besides, less urgent than the money.
    let besides: Turn?
    let enquiries: [OwnEnquiry]
    let bank: BankHelp?
    let sums: Sums
    let rails: Rails
    let proofs: [ProofLine]
    /// The page that takes more proof; nil once it is decided.
    let moreProof: String?
    /// The page with name and contact; nil for somebody who came by the link.
    let contact: String?
    let record: String
    let withdraw: Withdraw?
    /// Where somebody who came by the link gives a code, to do what the link alone may not.
    let codeFirst: String?
}

extension OwnCaseView {
    /// What a form of the page brought that did not fit.
    struct Typed: Sendable {
        var text: String?
        var reason: String?
        var date: String?
        var fault: FormFault?
    }

    init(_ wording: CaseWording, viewer: Viewer, typed: Typed = Typed(), frame: Frame) {
        let owned = wording.owned
        let phrases = wording.phrases
        let isOwner = viewer == .cardholder
        let version = String(owned.version)
        self.frame = frame
        problems = Problems(typed.fault, phrases)
        title = wording.text("title")
        number = owned.number.text
        follow = Follow(
            page: Paths.cases(owned.number), events: Paths.cases(owned.number, .events), version: version,
            said: wording.text("updated", ["status": wording.slip.status]))
        slip = wording.slip
        next = wording.next
        again = wording.again
        waits = wording.waits
        question = OwnCaseView.question(wording, version, typed)
        offer = owned.state == .counterOffered ? OwnCaseView.offer(wording, version, isOwner: isOwner) : nil
        decline = OwnCaseView.declined(wording)
        turn = OwnCaseView.turn(wording)
        arrival = isOwner ? OwnCaseView.arrival(wording, version, typed) : nil
        besides = OwnCaseView.besides(wording)
        enquiries = wording.enquiries
        bank = wording.bank
        sums = wording.sums
        rails = OwnRails(wording).rails
        proofs = wording.proofs()
        moreProof = owned.state.isUndecided ? Paths.cases(owned.number, .proof) : nil
        contact = isOwner ? Paths.cases(owned.number, .contact) : nil
        record = Paths.cases(owned.number, .record)
        withdraw =
            isOwner && owned.canBeWithdrawn
            ? Withdraw(
                action: Paths.cases(owned.number, .withdraw), version: version,
                reason: TextArea(
                    "reason", label: wording.text("withdraw.reason"), problem: typed.fault?.text("reason", phrases),
                    value: typed.reason, rows: 2, isOptional: true)) : nil
        codeFirst = !isOwner && owned.hasOwnersActs ? Paths.track(owned.number) : nil
    }

    private static func question(_ wording: CaseWording, _ version: String, _ typed: Typed) -> Question? {
        let phrases = wording.phrases
        let owned = wording.owned
        guard owned.state == .infoNeeded || owned.lateAnswerUntil != nil else { return nil }
        return owned.question.map { question in
            Question(
                action: Paths.cases(wording.owned.number, .answer), version: version, item: question.id,
                asked: question.text,
                items: question.items.map { phrases.text("\(ProofUpload.prefix).kind.\($0.rawValue)") },
                until: (owned.lateAnswerUntil.map(wording.dates.day) ?? question.due.map(wording.dates.day)).map {
                    wording.text("question.until", ["date": $0])
                },
                text: TextArea(
                    "text", label: wording.text("question.answer"), problem: typed.fault?.text("text", phrases),
                    value: typed.text),
                file: FileField(typed.fault, phrases))
        }
    }

    private static func offer(_ wording: CaseWording, _ version: String, isOwner: Bool) -> Offer? {
        let owned = wording.owned
        guard let offered = owned.offered else { return nil }
        let answer = Offer.Answer(
            accept: Paths.cases(owned.number, .acceptOffer), refuse: Paths.cases(owned.number, .refuseOffer),
            version: version, acceptLabel: wording.text("offer.accept", ["offered": offered.text]))
        return Offer(
            sentence: wording.text("offer.sentence", ["offered": offered.text, "asked": owned.asked.text]),
            explanation: wording.explanation,
            until: owned.offerUntil.map { wording.text("offer.until", ["date": wording.dates.day($0)]) },
            answer: isOwner ? answer : nil)
    }

    static func declined(_ wording: CaseWording) -> Decline? {
        let owned = wording.owned
        guard owned.state == .declined || (owned.state == .closed && owned.approved == nil),
            let reason = owned.declineReason, let explanation = wording.explanation
        else { return nil }
        // Where the page offers the appeal itself, the words need not.
        let told = owned.remedy ?? .contactMerchant
        let remedy = told == .appeal && !owned.canBeAppealed ? .contactMerchant : told
        return Decline(
            reason: wording.text("decline.\(reason.rawValue)"), explanation: explanation,
            remedy: wording.text("remedy.\(remedy.rawValue)"))
    }

    /// The keys of the words that the page needs beside its template's.
    static var words: [String] {
        let own = [
            "title", "question.until", "question.answer", "offer.sentence", "offer.until", "offer.accept",
            "updated", "withdraw.reason", "text.missing", "text.too-long", "text.unreadable", "reason.too-long",
            "reason.unreadable", "turn.appeal", "turn.appeal.text", "turn.appeal.link",
            "turn.appeal.part", "turn.appeal.part.text", "arrival", "arrival.problem", "arrival.after",
            "arrival.closed", "turn.destination",
            "turn.destination.text", "turn.destination.link", "turn.destination.again", "arrival.confirmed",
            "arrival.late", "arrival.soon", "arrival.date", "date.unreadable", "date.not-offered",
        ]
        return
            (own + DeclineReason.allCases.map { "decline.\($0.rawValue)" }
            + Remedy.allCases.map { "remedy.\($0.rawValue)" }).map { "\(CaseWording.prefix).\($0)" }
            + CaseWording.words
    }
}
