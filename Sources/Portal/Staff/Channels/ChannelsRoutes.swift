import Channels
import Hummingbird
import RefundDesk
import RefundDomain
import Storage
import Web
import Words

/// The channel accounts that refunds go out by: whether each takes orders, and how long its certificates last.
struct ChannelsRoutes: Sendable {
    let parts: PortalParts

    static var keys: [String] {
        ["takes", "stopped", "no-dates", "until", "days-left", "ended"].map { "staff.channels.\($0)" }
    }

    func addMerchant(to routes: some RouterMethods<MerchantContext>) {
        routes.get(RouterPath(Paths.merchantChannels)) { request, context in
            try await page(request, context, Paths.merchantChannels, .merchantChannels)
        }
    }

    func addSupport(to routes: some RouterMethods<SupportContext>) {
        routes.get(RouterPath(Paths.supportChannels)) { request, context in
            try await page(request, context, Paths.supportChannels, .channels)
        }
    }

    private func page(
        _ request: Request, _ context: some SignedInContext, _ address: String, _ area: StaffArea
    ) async throws -> Response {
        let phrases = parts.phrases(context)
        let (member, desk) = (context.member, parts.desk)
        let person = try await parts.person(member)
        let all = try await ChannelKeys.list(desk)
        let own = all.filter { member.merchantID == nil || $0.account.merchantID == member.merchantID }
        let view = ChannelsView(
            frame: person.frame(phrases, switching: address, area),
            lines: own.map { line($0, person.zone, namesMerchant: member.merchantID == nil, phrases) },
            hasLines: !own.isEmpty)
        return try parts.pages.html(view, to: request, in: context.language)
    }

    private func line(
        _ keys: ChannelKeys, _ zone: Zone, namesMerchant: Bool, _ phrases: Phrases
    ) -> ChannelsView.Line {
        let account = keys.account
        let state =
            account.stoppedReason.map {
                let words = CaseWords(phrases).channelCode($0)
                return StateTag(phrases.text("staff.channels.stopped", ["why": words]), .stopped)
            } ?? StateTag(phrases.text("staff.channels.takes"), .arrived)
        return ChannelsView.Line(
            channel: CaseWords(phrases).channel(account.channel), name: account.name,
            number: account.merchantNumber, merchant: namesMerchant ? account.merchantCode : nil, state: state,
            dates: keys.dates.map { date($0, zone, phrases) },
            noDates: keys.dates.isEmpty ? phrases.text("staff.channels.no-dates") : nil)
    }

    private func date(_ dates: KeyDates, _ zone: Zone, _ phrases: Phrases) -> ChannelsView.Date {
        let now = parts.desk.clock()
        let clock = StaffClock(zone, now: now, phrases)
        let left = dates.daysLeft(at: now)
        let tag: StateTag? =
            if left < 0 {
                StateTag(phrases.text("staff.channels.ended"), .stopped)
            } else if let warning = dates.warning(at: now) {
                StateTag(
                    phrases.text("staff.channels.days-left", ["days": String(left)]),
                    warning == KeyDates.warningDays.last ? .stopped : .turn)
            } else {
                nil
            }
        return ChannelsView.Date(
            setting: dates.setting, name: dates.name,
            until: phrases.text("staff.channels.until", ["day": clock.shortDay(zone.day(dates.ends))]), tag: tag)
    }
}

/// The channel accounts.
struct ChannelsView: View {
    static let template = "staff/channels"
    static let sample = ChannelsView(frame: .sample, lines: [.sample], hasLines: true)

    struct Line: Sendable, Hashable {
        let channel: String
        let name: String
        let number: String
        let merchant: String?
        let state: StateTag
        let dates: [Date]
        let noDates: String?

        static let sample = Line(
            channel: "银联", name: "银联 POS", number: "777290058110097", merchant: "shancha", state: .sample,
            dates: [.sample], noDates: "没有会到期的证书")
    }

    struct Date: Sendable, Hashable {
        let setting: String
        let name: String
        let until: String
        let tag: StateTag?

        static let sample = Date(
            setting: "certificate_pem", name: "041@777290058110097", until: "有效至 2027 年 1 月 5 日", tag: .sample)
    }

    let frame: StaffFrame
    let lines: [Line]
    let hasLines: Bool
}
