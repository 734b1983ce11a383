/// What the bank knows: all its records, folded.
struct BankBooks: Sendable {
    /// The refunds in the order they were taken on.
    private(set) var refunds: [BankRefund] = []
    private var indexByNumber: [NumberKey: Int] = [:]
    private var payments: [PaymentKey: Payment] = [:]
    private var refusals: [NumberKey: Int] = [:]
    private var tries: [NoticeKey: Tries] = [:]

    private struct NumberKey: Hashable {
        let merchant: String
        let number: String
    }

    private struct PaymentKey: Hashable {
        let merchant: String
        let payment: String
    }

    /// A payment, known because the bank was told of it, or from the first refund of it.
    struct Payment: Sendable {
        /// Fen; 0 when nobody ever named it.
        let total: Int64
        /// Where notices of the payment go, for channels whose refunds name no address.
        var noticeAddress: String?
        let firstSeenAt: Int64
        var refunds: [Int] = []
    }

    /// How often a notice was tried.
    struct Tries: Sendable {
        var count = 0
        var lastAt: Int64 = 0
        var taken = false
    }

    mutating func apply(_ record: BankRecord) {
        switch record {
        case .payment(let merchant, let payment, let total, let noticeAddress, let at):
            let key = PaymentKey(merchant: merchant, payment: payment)
            payments[key] = payments[key] ?? Payment(total: total, noticeAddress: noticeAddress, firstSeenAt: at)
        case .refund(let refund): apply(refund)
        case .detour(let merchant, let number, let detour):
            guard let index = indexByNumber[NumberKey(merchant: merchant, number: number)] else { return }
            refunds[index].detour = detour
        case .refused(let merchant, let number, _):
            refusals[NumberKey(merchant: merchant, number: number), default: 0] += 1
        case .notice(let key, let at, let taken):
            var tried = tries[key] ?? Tries()
            tried.count += 1
            tried.lastAt = at
            tried.taken = tried.taken || taken
            tries[key] = tried
        }
    }

    private mutating func apply(_ refund: BankRefund) {
        let index = refunds.count
        refunds.append(refund)
        indexByNumber[NumberKey(merchant: refund.merchant, number: refund.number)] = index
        let key = PaymentKey(merchant: refund.merchant, payment: refund.payment)
        var payment = payments[key] ?? Payment(total: refund.total, firstSeenAt: refund.takenAt)
        payment.refunds.append(index)
        payments[key] = payment
    }

    func refund(_ number: String, of merchant: String) -> BankRefund? {
        indexByNumber[NumberKey(merchant: merchant, number: number)].map { refunds[$0] }
    }

    /// The refund under the bank's own number.
    func refund(id: String, of merchant: String) -> BankRefund? {
        refunds.last { $0.refundID == id && $0.merchant == merchant }
    }

    func refusalCount(_ number: String, of merchant: String) -> Int {
        refusals[NumberKey(merchant: merchant, number: number)] ?? 0
    }

    func payment(_ payment: String, of merchant: String) -> Payment? {
        payments[PaymentKey(merchant: merchant, payment: payment)]
    }

    /// Fen of a payment that went back or may still go back.
    func refunded(_ payment: Payment, at now: Int64, _ tempo: BankTempo) -> Int64 {
        payment.refunds.map { refunds[$0] }.filter { $0.status(at: now, tempo) != .closed }
            .reduce(0) { $0 + $1.amount }
    }

    func tries(_ key: NoticeKey) -> Tries { tries[key] ?? Tries() }
}
