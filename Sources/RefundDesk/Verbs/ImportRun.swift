import RefundDomain
import Storage
import Vault

/// One import under way, inside its transaction.
struct ImportRun {
    let merchant: ImportTable.Merchant
    let importID: String
    let now: Moment
    var result = ImportResult()
    var hasRefunds = false
    /// What the import's event says of its rows.
    private(set) var vouched: VouchedImport
    private var ids: ImportIDs
    private var clock: ImportClock
    private var accounts: ImportAccounts
    /// Gross and fee of the new payments, by currency, for P0.
    private var posted: [Currency: (gross: Int64, fee: Int64)] = [:]
    /// The same of payments that are settled in another currency, by both.
    private var exchanged: [Pair: (gross: Int64, settled: Int64, fee: Int64)] = [:]

    private struct Pair: Hashable {
        let paid: Currency
        let settled: Currency
        var name: String { paid.code + settled.code }
    }

    /// Fees of payments that an earlier file brought without one.
    private var lateFees: [Currency: Int64] = [:]

    init(
        _ merchant: ImportTable.Merchant, ids: ImportIDs, now: Moment, _ keys: Keys, _ sql: any SQLReading
    ) throws {
        self.merchant = merchant
        vouched = VouchedImport(of: merchant.id, keys)
        self.ids = ids
        self.now = now
        clock = ImportClock(merchant.zone)
        accounts = ImportAccounts(try ImportTable.accounts(of: merchant.id, sql))
        importID = self.ids.id()
    }

    mutating func count(_ line: BadLine) {
        result.read += 1
        result.bad += 1
        if result.badLines.count < ImportResult.linesMax { result.badLines.append(line) }
    }

    private mutating func count(bad line: Int, _ reason: String) {
        count(BadLine(line: line, sentence: "line \(line): \(reason)"))
    }

    private mutating func warn(_ sentence: String) {
        if result.warnings.count < ImportResult.linesMax { result.warnings.append(sentence) }
    }

    // MARK: Payments

    mutating func take(_ payment: StatementPayment, _ sql: any SQLTransaction) throws {
        guard payment.fee <= payment.settlement ?? payment.amount, payment.fee.minor <= payment.amount.minor else {
            return count(bad: payment.line, "the fee is above the amount")
        }
        guard hasRoom(for: payment.amount) else { return count(bad: payment.line, Self.tooMuch) }
        // With several accounts a slip may only join: what it joins has to be looked for first.
        if accounts.areSeveral(payment.channel), let known = try known(payment, sql) {
            return try join(payment, to: known, sql)
        }
        guard accounts.haveOne(for: payment) else {
            let (channel, number) = (payment.channel.rawValue, payment.merchantNumber)
            return count(bad: payment.line, "no \(channel) account has the merchant number \(number)")
        }
        if accounts.differForTheFirstTime(from: payment) {
            let (channel, number) = (payment.channel.rawValue, payment.merchantNumber)
            warn("The file is of \(channel) merchant \(number), the account is not.")
        }
        var row = ImportTable.NewPayment(
            id: ids.id(), merchantID: merchant.id, accountID: accounts.account(for: payment),
            paidAt: clock.moment(payment.paidAt), importID: importID, createdAt: now)
        if try !ImportTable.insert(payment, row, sql) {
            if let known = try known(payment, sql) { return try join(payment, to: known, sql) }
            row.mayJoin = false
            guard try ImportTable.insert(payment, row, sql) else { throw StoreFault.constraint(.unique) }
        }
        vouched.add(payment, row)
        add(payment)
        result.read += 1
        result.new += 1
        sum(payment)
    }

    /// Counts a new payment for P0.
    private mutating func sum(_ payment: StatementPayment) {
        guard let settlement = payment.settlement else {
            let sum = posted[payment.amount.currency] ?? (0, 0)
            posted[payment.amount.currency] = (sum.gross + payment.amount.minor, sum.fee + payment.fee.minor)
            return
        }
        let pair = Pair(paid: payment.amount.currency, settled: settlement.currency)
        let sum = exchanged[pair] ?? (0, 0, 0)
        exchanged[pair] = (
            sum.gross + payment.amount.minor, sum.settled + settlement.minor, sum.fee + payment.fee.minor
        )
    }

    /// The payment that a line tells of again: by its key, or one of the same order.
    private func known(_ payment: StatementPayment, _ sql: any SQLReading) throws -> ImportTable.Known? {
        if let order = payment.merchantOrderNumber {
            let sameOrder = try ImportTable.find(order: order, payment.channel, of: merchant.id, sql)
            if let same = sameOrder.first(where: { $0.isSame(as: payment) }) { return same }
            if let open = sameOrder.first(where: { $0.lacksWhatIsNew(in: payment) }) { return open }
        }
        return try ImportTable.find(key: payment.key, of: merchant.id, sql)
    }

    private mutating func join(
        _ payment: StatementPayment, to known: ImportTable.Known, _ sql: any SQLTransaction
    ) throws {
        if let column = known.difference(from: payment) {
            return count(bad: payment.line, "the payment is known with another \(column)")
        }
        add(payment)
        result.read += 1
        result.known += 1
        if known.lacksSomething(of: payment) {
            try vouched.changing(payment: known.id, sql) { try ImportTable.complete(known.id, with: payment, sql) }
        }
        guard known.feeMinor == 0, payment.fee.minor > 0,
            payment.fee.currency == known.settlementCurrency ?? payment.amount.currency
        else { return }
        var isCharged = false
        try vouched.changing(payment: known.id, sql) {
            isCharged = try ImportTable.setFee(payment.fee, of: known.id, sql)
        }
        if isCharged { lateFees[payment.fee.currency, default: 0] += payment.fee.minor }
    }

    private mutating func add(_ payment: StatementPayment) {
        let place = place(of: payment.amount.currency)
        result.sums[place].payments += 1
        result.sums[place].paidMinor += payment.amount.minor
        if payment.settlement == nil { result.sums[place].feeMinor += payment.fee.minor }
    }

    /// Whether one amount more keeps the sums within what one posting can name.
    private mutating func hasRoom(for amount: Money) -> Bool {
        let sums = result.sums[place(of: amount.currency)]
        return max(sums.paidMinor, sums.refundedMinor) + amount.minor <= Money.minorMax
    }

    private static let tooMuch = "the sums grow too large; split the file"

    private mutating func place(of currency: Currency) -> Int {
        if let place = result.sums.firstIndex(where: { $0.currency == currency }) { return place }
        result.sums.append(ImportSums(currency: currency))
        return result.sums.count - 1
    }

    // MARK: Refunds

    mutating func take(_ refund: StatementRefund, _ sql: any SQLTransaction) throws {
        guard hasRoom(for: refund.amount) else { return count(bad: refund.line, Self.tooMuch) }
        let place = place(of: refund.amount.currency)
        let ours = try ImportTable.movement(of: refund, merchant.id, sql)
        let payment = try ours == nil ? ImportTable.payment(of: refund, merchant.id, sql) : nil
        if let payment, payment.currency != refund.amount.currency {
            return count(bad: refund.line, "the payment has another currency")
        }
        let there = try ImportTable.find(refundKey: refund.key, refund.channel, of: merchant.id, sql)
        if let there, there.amountMinor != refund.amount.minor || there.currency != refund.amount.currency {
            return count(bad: refund.line, "the refund is known with another amount")
        }
        result.read += 1
        result.sums[place].refunds += 1
        result.sums[place].refundedMinor += refund.amount.minor
        if ours != nil { result.ours += 1 }
        guard there == nil else {
            result.known += 1
            guard let there, there.isUnmatched, let payment else { return }
            var isMatched = false
            try vouched.changing(refund: there.id, sql) {
                isMatched = try ImportTable.match(there.id, to: payment.id, sql)
            }
            if isMatched { try countElsewhere(refund, of: payment, sql) }
            return
        }
        result.new += 1
        let row = ImportTable.NewRefund(
            id: ids.id(), merchantID: merchant.id, paymentID: ours?.paymentID ?? payment?.id, movementID: ours?.id,
            importID: importID, createdAt: now)
        try ImportTable.insert(refund, row, sql)
        vouched.add(refund, row)
        if let payment { try countElsewhere(refund, of: payment, sql) }
        if ours == nil, payment == nil { warn("line \(refund.line): a refund whose payment is not known") }
    }

    /// Takes a refund that was not made here off what is left, once and never beyond it.
    private mutating func countElsewhere(
        _ refund: StatementRefund, of payment: ImportTable.RefundedPayment, _ sql: any SQLTransaction
    ) throws {
        guard refund.status != .failed else { return }
        let isWhole = refund.kind == .void && refund.amount.minor == payment.amountMinor
        let voidedAt = isWhole ? clock.moment(refund.refundedAt) : nil
        guard try ImportTable.addElsewhere(refund.amount, voidedAt: voidedAt, to: payment.id, sql) else {
            return warn("line \(refund.line): the refund is more than is left of its payment and was not counted")
        }
        vouched.countElsewhere(refund.amount, voidedAt: voidedAt)
    }

    // MARK: The books

    /// P0, one posting a currency; fees that came late move from the merchant to us after it.
    mutating func post(_ sql: any SQLTransaction) throws {
        for (currency, sum) in posted.sorted(by: { $0.key.code < $1.key.code }) {
            guard let gross = Money(minor: sum.gross, currency: currency),
                let fee = Money(minor: sum.fee, currency: currency), let net = gross.subtracting(fee)
            else { throw StoreFault.constraint(.check) }
            let origin = LedgerTable.Origin(merchantID: merchant.id, importID: importID)
            try LedgerTable.post(.sale(net: net, fee: fee), id: ids.id(), for: origin, at: now, sql)
        }
        for (pair, sum) in exchanged.sorted(by: { $0.key.name < $1.key.name }) {
            guard let gross = Money(minor: sum.gross, currency: pair.paid),
                let settled = Money(minor: sum.settled, currency: pair.settled),
                let fee = Money(minor: sum.fee, currency: pair.settled), let net = settled.subtracting(fee)
            else { throw StoreFault.constraint(.check) }
            let origin = LedgerTable.Origin(merchantID: merchant.id, importID: importID)
            try LedgerTable.post(
                .saleExchanged(gross: gross, net: net, fee: fee), id: ids.id(), for: origin, at: now, sql)
        }
        for (currency, minor) in lateFees.sorted(by: { $0.key.code < $1.key.code }) {
            guard let fee = Money(minor: minor, currency: currency) else { throw StoreFault.constraint(.check) }
            // Without the import's id: that posting is the gross of its own payments and nothing else.
            let origin = LedgerTable.Origin(merchantID: merchant.id)
            try LedgerTable.post(.lateFee(fee), id: ids.id(), for: origin, at: now, sql)
        }
        try LedgerTable.recoverAdvances(of: merchant.id, postingID: ids.id(), at: now, sql)
    }
}

/// Which account of a merchant a payment belongs to.
struct ImportAccounts {
    struct Account {
        let id: String
        let channel: Channel
        let merchantNumber: String
    }

    private let accounts: [Account]
    private var toldOf: Set<Channel> = []

    init(_ accounts: [Account]) {
        self.accounts = accounts
    }

    func areSeveral(_ channel: Channel) -> Bool {
        accounts.count { $0.channel == channel } > 1
    }

    /// Whether there is an account to choose, or none of the channel at all; false with several of which none fits.
    func haveOne(for payment: StatementPayment) -> Bool {
        !areSeveral(payment.channel) || fitting(payment) != nil
    }

    /// The account with the statement's merchant number, else the only one; nil where the channel has none.
    func account(for payment: StatementPayment) -> String? {
        fitting(payment)?.id ?? accounts.first { $0.channel == payment.channel }?.id
    }

    /// Whether the only account has another merchant number than the statement, told once a channel.
    mutating func differForTheFirstTime(from payment: StatementPayment) -> Bool {
        // An acquirer's list of terminals has the acquirer's number, never a wallet's.
        guard payment.slip.isEmpty || payment.channel == .unionPay else { return false }
        // An Alipay account is known by its application, its bill by the merchant: the two never are the same.
        guard payment.channel != .alipay else { return false }
        guard account(for: payment) != nil, fitting(payment) == nil else { return false }
        return toldOf.insert(payment.channel).inserted
    }

    private func fitting(_ payment: StatementPayment) -> Account? {
        accounts.first { $0.channel == payment.channel && $0.merchantNumber == payment.merchantNumber }
    }
}
