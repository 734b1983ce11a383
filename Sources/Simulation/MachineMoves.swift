import Channels
import Portal
import RefundDesk
import RefundDomain
import SandboxBank
import Storage

/// Workers, the post between bank and us, and trouble.
extension World {
    private static let jobsAtATime: Int64 = 4

    /// A worker does what is due, or begins again after it died.
    func work() async throws -> String? {
        let idle = couriers.indices.filter { !couriers[$0].isBusy }
        guard let index = dice.pick(idle) else { return nil }
        if couriers[index].life.isDead { couriers[index] = newHand(couriers[index].name) }
        let hand = couriers[index]
        couriers[index].isBusy = true
        var done = 0
        for _ in 0..<dice.number(1...World.jobsAtATime) {
            guard await hand.courier.workOnce() else { break }
            done += 1
        }
        // A hand that began again meanwhile is another one.
        if couriers[index].life === hand.life { couriers[index].isBusy = false }
        return "\(hand.name) does \(done)\(hand.life.isDead ? " and dies" : "")"
    }

    func passTime() async throws -> String? {
        let kind = dice.number(0...99)
        let seconds: Int64 =
            switch kind {
            case 0..<45: dice.number(1...90)
            case 45..<70: dice.number(60...3_600)
            case 70..<90: dice.number(3_600...40_000)
            case 90..<98: dice.number(40_000...800_000)
            default: dice.number(2_000_000...9_000_000)
            }
        try await wait(milliseconds: seconds * 1000)
        return "\(seconds) s"
    }

    /// The bank's notices reach us: in any order, not at all, twice, or without the bank learning of it.
    func deliverNotices(most: Int) async throws -> String? {
        try line.collect(now: clock.bank)
        guard !line.bag.isEmpty else { return nil }
        var told: [String] = []
        for _ in 0..<most where !line.bag.isEmpty {
            guard let index = line.bag.indices.randomElement(using: &dice) else { break }
            let notice = line.bag.remove(at: index)
            told.append(try await deliver(notice))
        }
        return told.joined(separator: ", ")
    }

    private func deliver(_ notice: DueNotice) async throws -> String {
        let accident = isCalm || !dice.permille(settings.trouble.notices) ? 3 : dice.number(0...2)
        switch accident {
        case 0:
            line.till.noticeTried(notice.key, taken: false, now: clock.bank)
            return "lost"
        case 1:
            // The same bytes once more, as a line that repeats; the bank hears of the second.
            _ = await taken(notice)
            let again = await taken(notice)
            line.till.noticeTried(notice.key, taken: again, now: clock.bank)
            return "twice \(again)"
        case 2:
            let isTaken = await taken(notice)
            line.till.noticeTried(notice.key, taken: false, now: clock.bank)
            return "taken \(isTaken), not heard of"
        default:
            let isTaken = await taken(notice)
            line.till.noticeTried(notice.key, taken: isTaken, now: clock.bank)
            return "taken \(isTaken)"
        }
    }

    /// Whether a server of ours took the notice.
    private func taken(_ notice: DueNotice) async -> Bool {
        let life = Life("door")
        let parts = notice.address.split(separator: "/").suffix(2).map(String.init)
        do {
            try await NoticeDoor(desk: desk(life), book: book(life)).take(
                channel: parts.first ?? "", account: parts.last ?? "", headers: ChannelHeaders(notice.headers),
                body: notice.body)
            return true
        } catch let refused as NoticeRefused {
            if refused != .notice(.stale) { violation("notice", "an honest notice was refused: \(refused.reason)") }
            return false
        } catch {
            if !life.isDead, error as? StoreFault != .commitUnknown { violation("notice", "\(error)") }
            return false
        }
    }

    /// A merchant sells again, so that its balance grows.
    func sale() async throws -> String? {
        guard let index = dice.pick(Array(cast.merchants.indices)) else { return nil }
        let count = Int(dice.number(1...6))
        try await sell(index, count)
        return "\(cast.merchants[index].code): \(count) payments"
    }

    /// A merchant is charged all it has; requests then wait for funds until it sells again, or the operator advances.
    ///
    /// It is charged as by a late fee of its sales, the books' own way of taking money that a merchant has.
    func charge() async throws -> String? {
        guard let shop = dice.pick(cast.merchants) else { return nil }
        let id = "charge-\(cast.next())"
        let now = clock.ours.milliseconds
        let minor = try await honest.write { sql in
            let minor =
                try sql.row(
                    """
                    SELECT balance_minor
                    FROM   balance
                    WHERE  merchant_id = $1
                    AND    account = 'merchant.available'
                    AND    currency = 'CNY'
                    """, [.text(shop.id)])?.int("balance_minor") ?? 0
            guard minor > 0 else { return minor }
            try sql.run(
                "INSERT INTO posting (id, kind, merchant_id, created_ms) VALUES ($1, 'P0', $2, $3)",
                [.text(id), .text(shop.id), .int(now)])
            try sql.run(
                """
                INSERT INTO posting_line (posting_id, line, debit_account, credit_account, currency, amount_minor)
                VALUES ($1, 1, 'merchant.available', 'fee.income', 'CNY', $2)
                """, [.text(id), .int(minor)])
            try sql.run(
                """
                UPDATE balance
                SET    balance_minor = balance_minor - $1
                WHERE  merchant_id = $2
                AND    account = 'merchant.available'
                AND    currency = 'CNY'
                """, [.int(minor), .text(shop.id)])
            try sql.run(
                """
                INSERT INTO balance (merchant_id, account, currency, balance_minor)
                VALUES ($1, 'fee.income', 'CNY', $2)
                ON CONFLICT (merchant_id, account, currency)
                DO UPDATE SET balance_minor = balance.balance_minor + $2
                """, [.text(shop.id), .int(minor)])
            return minor
        }
        return minor > 0 ? "\(shop.code): \(minor)" : nil
    }

    /// Our clock is set wrong, or right again.
    func jump() -> String? {
        guard clock.offset == 0 else {
            clock.setOffset(0)
            return "right again"
        }
        let seconds = dice.permille(100) ? dice.number(-600...600) : dice.number(-40...40)
        clock.setOffset(seconds * 1000)
        return "\(seconds) s off"
    }

    /// Somebody loads a year of working days, this one or one to come.
    func loadYear() async throws -> String? {
        let year = Int(dice.number(2026...2029))
        guard let january = Day(year: year, month: 1, day: 1) else { return nil }
        let drawn = Set((0..<8).map { _ in january.adding(days: dice.number(0...364)) }).sorted()
        let holidays = drawn.filter { $0.weekday <= 5 }
        guard !holidays.isEmpty else { return nil }
        let loaded = try WorkingYear(
            region: WorkingYear.usualRegion, year: year, source: "drawn", holidays: holidays,
            makeUpDays: drawn.filter { $0.weekday > 5 })
        let change = try await server().loadCalendar([loaded])
        return "\(year): \(change.map(\.rawValue).joined())"
    }

    func breakLine() -> String? {
        let seconds = dice.number(5...1_800)
        line.brokenUntil = clock.bank + seconds * 1000
        return "for \(seconds) s"
    }

    /// Somebody enters a wrong number of the certificate; the bank then refuses our signatures.
    func spoilKeys() async throws -> String? {
        guard let shop = dice.pick(cast.merchants) else { return nil }
        let spoilt = String(decoding: shop.settings, as: UTF8.self).replacing("00112233", with: "99112233")
        try await server().changeChannelSettings(accountID: shop.accountID, to: Array(spoilt.utf8))
        return shop.code
    }

    /// Somebody sees that an account is stopped and enters the right settings.
    func mendKeys() async throws -> String? {
        let desk = server()
        for account in try await desk.channelAccounts() where account.stoppedReason != nil {
            guard let shop = cast.merchants.first(where: { $0.accountID == account.id }) else { continue }
            try await desk.changeChannelSettings(accountID: shop.accountID, to: shop.settings)
            return shop.code
        }
        return nil
    }

    /// The machine goes down with everything on it; the next start lets go of all claims.
    func restart() async throws -> String? {
        for index in couriers.indices {
            couriers[index].life.die()
            couriers[index] = newHand(couriers[index].name)
        }
        try await server().freeLeases()
        return "all claims are free"
    }
}
