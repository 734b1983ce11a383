import RefundDesk
import RefundDomain
import Words

@testable import Portal

extension OwnCase {
    private static var number: CaseNumber {
        guard let number = CaseNumber(value: 74) else { preconditionFailure("74 is no case number") }
        return number
    }

    /// A case about a payment of 100.00, of which 80.00 is asked for, in any state.
    static func sample(
        _ state: RefundCase.State, _ movements: [MoneyMove] = [], in currency: Currency = .cny,
        approved: Int64? = nil, issuer: String? = "CMB", isExchanged: Bool = false, feeQuoted: Money? = nil,
        blocks: [Block] = [], appealUntil: Moment? = nil, lateAnswerUntil: Moment? = nil,
        isEscalated: Bool = false, enquiries: [Enquiry] = [], destinationNamed: Moment? = nil,
        question: Question? = nil
    ) -> OwnCase {
        let submitted = Moment(milliseconds: 1_795_140_000_000)
        let money = { (minor: Int64) in Money(minor: minor, currency: currency) ?? .zero(currency) }
        return OwnCase(
            number: OwnCase.number, state: state, version: 7, merchantName: "山茶书店",
            merchantNameEnglish: "Camellia Books", zone: "Asia/Shanghai", paid: money(10_000), asked: money(8_000),
            offered: state == .counterOffered ? money(5_000) : nil, approved: approved.map(money),
            dueOn: Day(iso: "2026-11-27").map { WorkingDays.Counted(day: $0, isExact: true) },
            offerUntil: submitted.adding(seconds: 604_800), declineReason: .goodsUsed, remedy: .appeal,
            explanation: "吊牌已经剪掉。", channel: .wechatPay, issuer: issuer, isExchanged: isExchanged,
            feeQuoted: feeQuoted, blocks: blocks, appealUntil: appealUntil, lateAnswerUntil: lateAnswerUntil,
            isEscalated: isEscalated, submitted: submitted, changed: submitted.adding(seconds: 86_400),
            movements: movements, happenings: [], proofs: [], question: question, enquiries: enquiries,
            destinationNamed: destinationNamed)
    }
}

extension OwnCase.MoneyMove {
    /// A movement of 80.00 as it is in a state, with every moment that such a movement may have.
    static func sample(
        _ state: Movement.State, _ minor: Int64 = 8_000, fee: Int64 = 0, in currency: Currency = .cny, id: String = "m",
        overdue: Bool = false, replaces: String? = nil, corrects: String? = nil, isRerouted: Bool = false
    ) -> OwnCase.MoneyMove {
        let sent = Moment(milliseconds: 1_795_150_000_000)
        let money = { (minor: Int64) in Money(minor: minor, currency: currency) ?? .zero(currency) }
        return OwnCase.MoneyMove(
            id: id, state: state, gross: money(minor), taken: money(minor + fee), planned: sent,
            sent: state.isBeforeSending ? nil : sent, settled: state.isPaid ? sent.adding(seconds: 60) : nil,
            changed: sent.adding(seconds: 120), lastChecked: sent.adding(seconds: 120),
            nextCheck: sent.adding(seconds: 3600),
            expected: Day(iso: "2026-11-21").map {
                ArrivalDates(earliest: $0, latest: WorkingDays.Counted(day: $0.adding(days: 4), isExact: true))
            }, arrived: state == .arrived ? sent : nil, returned: state == .returned ? sent : nil,
            overdue: overdue ? sent : nil, replaces: replaces, corrects: corrects, refundNumber: "RP0001",
            channelRefundNumber: "50300802026112200001", bankReference: nil, isRerouted: isRerouted)
    }
}
