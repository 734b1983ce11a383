import RefundDomain
import Storage
import TestSupport
import Testing
import Vault

@testable import RefundDesk

struct ImportTests {
    @Test(arguments: EngineUnderTest.allCases)
    func aPaymentIsStoredOnceAndPostedOnce(engine: EngineUnderTest) async throws {
        try await withShop(engine) { shop in
            let payment = try StatementPayment.wallet(fee: 60_500)
            let first = try await shop.take([.row(.payment(payment))])
            #expect([first.read, first.new, first.known, first.bad] == [1, 1, 0, 0])
            #expect(first.isStored)
            #expect(first.sums.map(\.feeMinor) == [61], "half a fen is rounded up")
            let again = try await shop.take([.row(.payment(payment))])
            #expect([again.read, again.new, again.known, again.bad] == [1, 0, 1, 0])
            #expect(try await shop.number("SELECT COUNT(*) AS n FROM payment") == 1)
            #expect(try await shop.balance(.channelSettlement) == 10_000)
            #expect(try await shop.balance(.merchantAvailable) == 9939)
            #expect(try await shop.balance(.feeIncome) == 61)
            #expect(try await shop.desk.verify().isEmpty)
        }
    }

    @Test func aLocalTimeBecomesAMomentInTheMerchantsZone() async throws {
        try await withShop { shop in
            _ = try await shop.take([.row(.payment(.wallet()))])
            let paidAt = try await shop.number("SELECT paid_at_ms AS n FROM payment")
            #expect(LocalTime(Moment(milliseconds: paidAt), secondsAheadOfUTC: 8 * 3600).iso == "2026-11-18 15:21:40")
        }
    }

    @Test func theSameNumberWithAnotherAmountIsABadLineAndNothingOfTheFileIsKept() async throws {
        try await withShop { shop in
            _ = try await shop.take([.row(.payment(.wallet()))])
            let result = try await shop.take([
                .row(.payment(.wallet(number: "4200000000000000000000000002", order: "B"))),
                .row(.payment(.wallet(minor: 10_001))),
            ])
            #expect(!result.isStored)
            #expect([result.new, result.bad] == [1, 1])
            #expect(result.badLines.map(\.sentence) == ["line 2: the payment is known with another amount"])
            #expect(try await shop.number("SELECT COUNT(*) AS n FROM payment") == 1)
            #expect(try await shop.number("SELECT COUNT(*) AS n FROM statement_import") == 1)
        }
    }

    @Test func badLinesStopTheFileUnlessTheyAreToBeSkipped() async throws {
        try await withShop { shop in
            let items: [ImportItem] = try [
                .row(.payment(.wallet())), .bad(BadLine(line: 3, sentence: "line 3, column amount: not an amount")),
            ]
            let stopped = try await shop.take(items)
            #expect(!stopped.isStored)
            #expect(stopped.badLines.map(\.line) == [3])
            #expect(try await shop.number("SELECT COUNT(*) AS n FROM payment") == 0)
            let skipped = try await shop.take(items, ImportOptions(skipsBad: true))
            #expect(skipped.isStored)
            #expect([skipped.read, skipped.new, skipped.bad] == [2, 1, 1])
            #expect(try await shop.number("SELECT bad_count AS n FROM statement_import") == 1)
        }
    }

    @Test func aDryRunTellsEverythingAndKeepsNothing() async throws {
        try await withShop { shop in
            let result = try await shop.take([.row(.payment(.wallet()))], ImportOptions(isDryRun: true))
            #expect(result.new == 1)
            #expect(!result.isStored)
            #expect(try await shop.number("SELECT COUNT(*) AS n FROM payment") == 0)
            #expect(try await shop.balance(.channelSettlement) == 0)
        }
    }

    @Test func aFaultOfTheSourceLeavesNothing() async throws {
        try await withShop { shop in
            await #expect(throws: Broken.self) {
                try await shop.desk.importPayments(breaking, merchantCode: "lanting")
            }
            let kept = try await shop.number("SELECT COUNT(*) AS n FROM payment")
            #expect(kept == 0)
            await #expect(throws: Refusal.field("merchant", .notOffered)) {
                try await shop.desk.importPayments(breaking, merchantCode: "nobody")
            }
        }
    }

    @Test(arguments: [true, false])
    func theBillAndTheTerminalsListMakeOnePaymentInEitherOrder(billFirst: Bool) async throws {
        try await withShop { shop in
            let bill = ImportItem.row(.payment(try .wallet(fee: 60_000)))
            let slip = ImportItem.row(.payment(try .slip(number: StatementPayment.number, fee: 0)))
            let files = billFirst ? [bill, slip] : [slip, bill]
            for _ in 1...2 {
                for file in files { #expect(try await shop.take([file]).isStored) }
            }
            #expect(try await shop.number("SELECT COUNT(*) AS n FROM payment") == 1)
            #expect(try await shop.number("SELECT COUNT(*) AS n FROM payment WHERE trace_no = '000025'") == 1)
            #expect(try await shop.number("SELECT COUNT(*) AS n FROM payment WHERE merchant_order_no = 'LT1'") == 1)
            #expect(try await shop.number("SELECT fee_minor AS n FROM payment") == 60)
            #expect(try await shop.balance(.feeIncome) == 60)
            #expect(try await shop.desk.verify().isEmpty)
        }
    }

    @Test(arguments: [true, false])
    func aSlipThatNamesTheMerchantsOrderJoinsItsPaymentToo(billFirst: Bool) async throws {
        try await withShop { shop in
            let bill = ImportItem.row(.payment(try .wallet()))
            let slip = ImportItem.row(.payment(try .slip(order: "LT1")))
            let files = billFirst ? [bill, slip] : [slip, bill]
            for _ in 1...2 {
                for file in files { #expect(try await shop.take([file]).bad == 0) }
            }
            #expect(try await shop.number("SELECT COUNT(*) AS n FROM payment") == 1)
            let joined = """
                SELECT COUNT(*) AS n FROM payment
                WHERE  trace_no = '000025' AND channel_transaction_no = '\(StatementPayment.number)'
                """
            #expect(try await shop.number(joined) == 1)
        }
    }

    @Test func twoCardsForOneOrderStayTwoPayments() async throws {
        try await withShop { shop in
            let result = try await shop.take([
                .row(.payment(.slip(order: "LT1", channel: .unionPay))),
                .row(.payment(.slip(order: "LT1", trace: "000026", minor: 4200, channel: .unionPay))),
            ])
            #expect(result.new == 2)
        }
    }

    @Test func anotherSlipOrFeeOfTheSamePaymentIsABadLine() async throws {
        try await withShop { shop in
            _ = try await shop.take([.row(.payment(.slip(number: StatementPayment.number)))])
            let slip = try await shop.take([.row(.payment(.slip(number: StatementPayment.number, trace: "999999")))])
            #expect(slip.badLines.map(\.sentence) == ["line 2: the payment is known with another slip"])
            _ = try await shop.take([.row(.payment(.slip(fee: 50_000, channel: .unionPay)))])
            let fee = try await shop.take([.row(.payment(.slip(fee: 51_000, channel: .unionPay)))])
            #expect(fee.badLines.map(\.sentence) == ["line 2: the payment is known with another fee"])
            let more = try await shop.take([.row(.payment(.slip(trace: "1", fee: 10_001_000, channel: .unionPay)))])
            #expect(more.badLines.map(\.sentence) == ["line 2: the fee is above the amount"])
        }
    }

    // MARK: Refunds

    @Test func aRefundMadeElsewhereIsCountedOnceAndWhereverItStandsInTheFile() async throws {
        try await withShop { shop in
            let items: [ImportItem] = try [.row(.refund(.wallet())), .row(.payment(.wallet()))]
            let first = try await shop.take(items)
            #expect([first.read, first.new] == [2, 2])
            #expect(first.warnings.isEmpty)
            #expect(try await shop.take(items).known == 2)
            #expect(try await shop.number("SELECT refunded_elsewhere_minor AS n FROM payment") == 3000)
            #expect(try await shop.number("SELECT refunded_elsewhere_count AS n FROM payment") == 1)
        }
    }

    @Test func moreThanIsLeftIsToldAndNotCounted() async throws {
        try await withShop { shop in
            let result = try await shop.take([
                .row(.payment(.wallet())), .row(.refund(.wallet(minor: 8000))),
                .row(.refund(.wallet(number: "R2", minor: 8000))),
            ])
            #expect(result.isStored)
            #expect(result.warnings.count == 1)
            #expect(try await shop.number("SELECT refunded_elsewhere_minor AS n FROM payment") == 8000)
            #expect(try await shop.number("SELECT COUNT(*) AS n FROM statement_refund") == 2)
        }
    }

    @Test func aRefundWithoutItsPaymentFindsItWhenItIsImportedAgain() async throws {
        try await withShop { shop in
            let lonely = try await shop.take([.row(.refund(.wallet()))])
            #expect(lonely.warnings == ["line 3: a refund whose payment is not known"])
            _ = try await shop.take([.row(.payment(.wallet()))])
            _ = try await shop.take([.row(.refund(.wallet()))])
            _ = try await shop.take([.row(.refund(.wallet()))])
            #expect(try await shop.number("SELECT refunded_elsewhere_minor AS n FROM payment") == 3000)
        }
    }

    @Test func theSameRefundWithAnotherAmountIsABadLine() async throws {
        try await withShop { shop in
            _ = try await shop.take([.row(.payment(.wallet())), .row(.refund(.wallet()))])
            let result = try await shop.take([.row(.refund(.wallet(minor: 2999)))])
            #expect(result.badLines.map(\.sentence) == ["line 3: the refund is known with another amount"])
        }
    }

    @Test func aFailedRefundTakesNothingAndAVoidEndsThePayment() async throws {
        try await withShop { shop in
            _ = try await shop.take([.row(.payment(.wallet())), .row(.refund(.wallet(status: .failed)))])
            #expect(try await shop.number("SELECT refunded_elsewhere_minor AS n FROM payment") == 0)
            _ = try await shop.take([.row(.refund(.wallet(number: "V", minor: 10_000, kind: .void)))])
            #expect(try await shop.number("SELECT COUNT(*) AS n FROM payment WHERE voided_ms IS NOT NULL") == 1)
        }
    }

    // MARK: Accounts

    @Test func oneAccountWithAnotherNumberIsToldOnce() async throws {
        try await withShop { shop in
            try await shop.addAccount("1900000001")
            let result = try await shop.take([
                .row(.payment(.wallet())),
                .row(.payment(.wallet(number: "4200000000000000000000000002", order: "LT2"))),
            ])
            #expect(result.isStored)
            #expect(result.warnings == ["The file is of wechatpay merchant 1900012301, the account is not."])
            #expect(try await shop.number("SELECT COUNT(*) AS n FROM payment WHERE account_id IS NOT NULL") == 2)
            let list = try await shop.take([.row(.payment(.slip()))])
            #expect(list.warnings.isEmpty, "an acquirer's list never names the wallet's merchant number")
        }
    }

    @Test func severalAccountsAndNoneThatFitsRefuseTheFile() async throws {
        try await withShop { shop in
            try await shop.addAccount("1900000001")
            try await shop.addAccount("1900000002")
            let refused = try await shop.take([.row(.payment(.wallet()))])
            #expect(
                refused.badLines.map(\.sentence) == ["line 2: no wechatpay account has the merchant number 1900012301"])
            try await shop.addAccount("1900012301")
            #expect(try await shop.take([.row(.payment(.wallet()))]).isStored)
            let slip = try await shop.take([.row(.payment(.slip(number: StatementPayment.number)))])
            #expect(slip.known == 1, "a slip joins the payment whose account is known")
        }
    }

    @Test func idsAreAllDifferentAndAsLongAsOthers() {
        var ids = ImportIDs("0198f3a2b4c10011223344556677889900".prefix(32).description)
        let made = (0..<1000).map { _ in ids.id() }
        #expect(Set(made).count == 1000)
        #expect(made.allSatisfy { $0.utf8.count == 32 })
    }

    @Test func theClockAgreesWithTheZoneOnDaysThatSkipOrRepeatAnHour() throws {
        let zone = try #require(Zone("Europe/Berlin"))
        var clock = ImportClock(zone)
        for text in ["2026-03-29 01:59:59", "2026-03-29 03:00:00", "2026-10-25 12:00:00", "2026-11-18 15:21:40"] {
            let time = try #require(LocalTime(iso: text))
            #expect(clock.moment(time) == zone.moment(time))
        }
    }
}

private struct Broken: Error {}

/// Gives two payments and then breaks.
private let breaking = ImportSource(format: "test") {
    var given = 0
    return {
        given += 1
        if given > 2 { throw Broken() }
        return .row(.payment(try .wallet(number: "420000000000000000000000000\(given)", order: nil)))
    }
}

/// A desk with one merchant and no payments.
private struct Shop {
    let desk: Desk

    func take(_ items: [ImportItem], _ options: ImportOptions = ImportOptions()) async throws -> ImportResult {
        let source = ImportSource(format: "test") {
            var rest = items[...]
            return { rest.popFirst() }
        }
        return try await desk.importPayments(source, merchantCode: "lanting", options: options)
    }

    func addAccount(_ number: String) async throws {
        _ = try await desk.addChannelAccount(
            merchantCode: "lanting", channel: .wechatPay, name: number, merchantNumber: number, settings: [1])
    }

    func number(_ sql: String) async throws -> Int64 {
        try await desk.store.read { try $0.row(sql)?.int("n") ?? -1 }
    }

    func balance(_ account: Account) async throws -> Int64 {
        try await desk.store.read { sql in
            let merchantID = try MerchantTable.id(code: "lanting", sql) ?? ""
            return try LedgerTable.balance(account, .cny, of: merchantID, sql)
        }
    }
}

private func withShop(
    _ engine: EngineUnderTest = .sqlite, _ body: (Shop) async throws -> Void
) async throws {
    try await withStore(engine) { store in
        try await Migrator(deskMigrations).migrate(store, now: 0)
        let keys = Keys(try KeyFile.generate())
        let days = WorkingDays(holidays: [], makeUpDays: [], years: [2026])
        let desk = Desk(
            store: store, keys: keys, clock: { Moment(milliseconds: 1_795_305_600_000) }, workingDays: days)
        try await desk.addMerchant(
            code: "lanting", name: "兰亭百货", nameEnglish: nil, zone: "Asia/Shanghai", currency: .cny)
        try await body(Shop(desk: desk))
    }
}

extension StatementPayment {
    static let number = "4200056298202611186617334714"

    /// As a WeChat Pay bill has it.
    static func wallet(
        number: String = StatementPayment.number, order: String? = "LT1", minor: Int64 = 10_000, fee: Int64 = 0
    ) throws -> StatementPayment {
        StatementPayment(
            line: 2, merchantNumber: "1900012301", channel: .wechatPay,
            paidAt: try #require(LocalTime(iso: "2026-11-18 15:21:40")), channelTransactionNumber: number,
            merchantOrderNumber: order, amount: try #require(Money(minor: minor, currency: .cny)),
            feeThousandths: fee)
    }

    /// As an acquirer's list of a terminal has it.
    static func slip(
        number: String? = nil, order: String? = nil, trace: String = "000025", minor: Int64 = 10_000, fee: Int64 = 0,
        channel: Channel = .wechatPay
    ) throws -> StatementPayment {
        StatementPayment(
            line: 2, merchantNumber: "898290053110001", channel: channel,
            slip: SlipNumbers(terminal: "80210001", batch: "000535", trace: trace, reference: "795513350027"),
            paidAt: try #require(LocalTime(iso: "2026-11-18 15:21:42")), channelTransactionNumber: number,
            merchantOrderNumber: order, amount: try #require(Money(minor: minor, currency: .cny)),
            feeThousandths: fee)
    }
}

extension StatementRefund {
    static func wallet(
        number: String = "R1", minor: Int64 = 3000, kind: Kind = .refund, status: Status = .succeeded
    ) throws -> StatementRefund {
        StatementRefund(
            line: 3, kind: kind, status: status, merchantNumber: "1900012301", channel: .wechatPay,
            refundedAt: try #require(LocalTime(iso: "2026-11-19 10:00:00")), refundNumber: number,
            channelRefundNumber: "503" + number, channelTransactionNumber: StatementPayment.number,
            amount: try #require(Money(minor: minor, currency: .cny)))
    }
}
