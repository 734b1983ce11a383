import Foundation
import RefundDesk
import RefundDomain
import Storage
import Vault

/// Everybody and everything that moves choose among.
struct Cast {
    /// A shop with its account and its people.
    struct Merchant: Sendable {
        let code: String
        let id: String
        /// The channel's number of it.
        let number: String
        let accountID: String
        /// Its account's JSON.
        let settings: [UInt8]
        let staff: [StaffMember]
    }

    /// A payment that was imported.
    struct Paid: Sendable {
        let merchant: Int
        let transaction: String
        let amount: Money
    }

    /// A case that was sent.
    struct Filed: Sendable {
        let number: CaseNumber
        let merchant: Int
        let email: String
        /// The cardholder's session; it ends after a day.
        var visitor: String
        /// Whether whoever acts reads the messages that are sent to the address, and so can come back.
        var readsMessages = true
    }

    var merchants: [Merchant] = []
    var operators: [StaffMember] = []
    var payments: [Paid] = []
    var filed: [Filed] = []
    /// Numbers that no two of anything share.
    var count = 0

    mutating func next() -> Int {
        count += 1
        return count
    }

    /// Who may look at a merchant's cases at all.
    func staff(of merchant: Int) -> [StaffMember] {
        (merchants.indices.contains(merchant) ? merchants[merchant].staff : []) + operators
    }
}

extension World {
    private static let merchantCount = 2
    private static let firstPayments = 12

    /// Merchants, their people and their first sales, before anything goes wrong.
    func furnish() async throws {
        _ = try await Migrator(deskMigrations).migrate(honest, now: clock.ours.milliseconds)
        let desk = server()
        for index in 0..<World.merchantCount { try await addMerchant(index, desk) }
        for role in [Role.operatorReviewer, .finance, .support] {
            for _ in 0..<2 { cast.operators.append(try await addStaff(role, nil, desk)) }
        }
        for index in cast.merchants.indices { try await sell(index, World.firstPayments) }
        couriers = (1...3).map { newHand("courier-\($0)") }
        ledger.touched = []
    }

    private func addMerchant(_ index: Int, _ desk: Desk) async throws {
        let code = "shop-\(index)"
        let number = "19000123\(10 + index)"
        try await desk.addMerchant(
            code: code, name: "Shop \(index)", nameEnglish: "Shop \(index)", zone: "Asia/Shanghai", currency: .cny)
        let settings = try line.accountJSON(merchant: number, stage.pairs(self.settings.signing))
        let account = try await desk.addChannelAccount(
            merchantCode: code, channel: .wechatPay, name: "WeChat Pay", merchantNumber: number, settings: settings)
        var staff: [StaffMember] = []
        for role in [Role.reviewer, .approver, .clerk] {
            for _ in 0..<2 { staff.append(try await addStaff(role, code, desk)) }
        }
        cast.merchants.append(
            Cast.Merchant(
                code: code, id: staff.first?.merchantID ?? "", number: number, accountID: account.id,
                settings: settings, staff: staff))
    }

    private func addStaff(_ role: Role, _ code: String?, _ desk: Desk) async throws -> StaffMember {
        let email = "\(role.rawValue)-\(cast.next())@staff.example"
        try await desk.addStaff(
            email: email, role: role, merchantCode: code, passwordHash: "none",
            secret: [UInt8](repeating: 7, count: 20))
        guard let found = try await desk.staffMember(email: email) else {
            throw Refusal.notFound
        }
        return found
    }

    /// A statement comes in with so many payments of the last three weeks.
    ///
    /// - Parameter least: of at least so many fen each, where it matters.
    func sell(_ merchant: Int, _ count: Int, from least: Int64 = 500) async throws {
        let shop = cast.merchants[merchant]
        let today = LocalTime(clock.ours, secondsAheadOfUTC: 28_800).day
        var rows: [StatementPayment] = []
        for line in 0..<count {
            let number = cast.next()
            let minor = least + (dice.permille(50) ? dice.number(110_000...900_000) : dice.number(0...30_000))
            guard let amount = Money(minor: minor, currency: .cny),
                let paidAt = LocalTime(
                    day: today.adding(days: -dice.number(1...20)), hour: 12, minute: 0, second: number % 60)
            else { continue }
            rows.append(
                StatementPayment(
                    line: line + 2, merchantNumber: shop.number, channel: .wechatPay, paidAt: paidAt,
                    channelTransactionNumber: "42000000" + String(10_000_000_000_000_000_000 + UInt64(number)),
                    merchantOrderNumber: dice.permille(300) ? "ORDER-\(number)" : nil, amount: amount,
                    feeThousandths: minor * dice.number(0...12)))
        }
        let source = ImportSource(format: "simulation") { [rows] in
            var rest = rows[...]
            return { rest.popFirst().map { .row(.payment($0)) } }
        }
        _ = try await server().importPayments(source, merchantCode: shop.code)
        for row in rows {
            guard let transaction = row.channelTransactionNumber else { continue }
            cast.payments.append(Cast.Paid(merchant: merchant, transaction: transaction, amount: row.amount))
        }
    }
}
