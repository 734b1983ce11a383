import RefundDomain
import Synchronization

/// What a harmless question to a channel shows about an account: each step in words.
public struct ChannelCheck: Sendable, Hashable {
    /// How a step came out.
    public enum Weight: String, Sendable, CaseIterable {
        case good
        /// Works, but not for long or not surely.
        case doubt
        /// Refunds cannot be sent, or their answers not believed.
        case fault
    }

    /// One step.
    public struct Finding: Sendable, Hashable {
        public let weight: Weight
        /// A sentence for the operator; never a secret.
        public let text: String
    }

    public private(set) var findings: [Finding] = []

    /// Whether nothing stands in the way of refunds.
    public var passed: Bool { !findings.contains { $0.weight == .fault } }

    mutating func add(_ weight: Weight, _ text: String) {
        findings.append(Finding(weight: weight, text: text))
    }
}

/// What a channel thinks of an account, told by its answer to a question about a refund that never was.
public enum AccountStanding: Sendable, Hashable {
    /// It knows the account and takes its signature.
    case known
    /// It does not take the account's signature, number or rights.
    case refused
    /// The answer says neither.
    case unclear
}

extension ChannelBook {
    /// How far clocks may be apart before it is said, in seconds.
    static let clockDoubtSeconds: Int64 = 60
    /// How far clocks may be apart before messages are refused for it, in seconds.
    static let clockFaultSeconds: Int64 = 300

    /// Checks an account by its settings, its certificates' dates and one signed question that moves nothing.
    ///
    /// Nothing is asked while the settings or the dates are at fault.
    public func check(settings: [UInt8]) async -> ChannelCheck {
        var check = ChannelCheck()
        let now = clock()
        let summary: AccountSummary
        do throws(AccountFault) { summary = try Self.check(settings: settings) } catch {
            check.add(.fault, "Settings: \(error). Nothing was sent.")
            return check
        }
        check.add(.good, "Settings: \(summary.channel.rawValue), merchant number \(summary.merchantNumber).")
        for dates in Self.keyDates(settings: settings) { check.add(dates, at: now) }
        if let fault = Self.outdated(settings: settings, at: now) {
            check.add(.fault, "\(fault). Nothing was sent: put the new certificate into the settings.")
            return check
        }
        if summary.channel.isPaidInBatches {
            check.add(.good, "People pay its refunds in batches: there is nobody to ask.")
            return check
        }
        let wire = WatchedWire()
        let watched = watching(wire)
        do throws(AccountFault) {
            let client = try watched.client(of: summary.channel, settings: settings)
            let answer = await client.query(Self.harmlessOrder(summary, at: now))
            wire.judgeClock(&check, at: clock())
            check.add(answer, client.standing(after: answer), reached: wire.address)
        } catch {
            check.add(.fault, "Settings: \(error). Nothing was sent.")
        }
        return check
    }

    /// A refund that never was, of a payment that never was: channels can only say that they do not know it.
    private static func harmlessOrder(_ summary: AccountSummary, at now: Moment) -> RefundOrder {
        let time = LocalTime(now, secondsAheadOfUTC: 8 * 3600)
        let digits = time.iso.filter(\.isNumber)
        return RefundOrder(
            refundNumber: "CHECK\(digits)", firstSentAt: now, channelTransactionNumber: nil,
            merchantOrderNumber: "CHECK\(digits)", paidAt: now.adding(seconds: -3600), paidOn: time.day,
            merchantNumber: summary.merchantNumber, amount: .oneFen, paymentTotal: .oneFen, reason: nil,
            noticeAddress: nil)
    }
}

extension Money {
    fileprivate static let oneFen = Money(minor: 1, currency: .cny) ?? .zero(.cny)
}

extension ChannelCheck {
    fileprivate mutating func add(_ dates: KeyDates, at now: Moment) {
        let day = LocalTime(dates.ends, secondsAheadOfUTC: 0).day.iso
        let name = "Certificate \(dates.name) (\(dates.setting))"
        guard dates.isValid(at: now) else {
            return add(.doubt, "\(name) does not count now: it ends on \(day).")
        }
        let left = dates.daysLeft(at: now)
        if dates.warning(at: now) != nil {
            add(.doubt, "\(name) ends on \(day), in \(left) days: ask for the next one now.")
        } else {
            add(.good, "\(name) counts until \(day).")
        }
    }

    fileprivate mutating func add(_ answer: ChannelAnswer, _ standing: AccountStanding, reached address: String) {
        guard answer.code != "not connected" else {
            return add(.fault, "\(address) cannot be reached. Check base_url, the firewall and the name server.")
        }
        guard answer.code != "no answer" else {
            return add(.fault, "\(address) gave no answer in time. Check base_url and timeout_seconds.")
        }
        guard answer.code != Shengpay.Client.noQuery else {
            return add(.doubt, "Nothing was asked: the settings do not say how (query_path).")
        }
        if let alert = answer.alert { return add(.fault, alert.advice) }
        switch (standing, answer.verified) {
        case (.known, true): add(.good, "The channel answers, knows the account, and its signature holds.")
        case (.known, false):
            add(
                .doubt,
                "The channel answers (\(answer.code)), but unsigned: the key that checks its answers was not tried.")
        case (.refused, _):
            add(
                .fault,
                """
                The channel does not take our signature or number: \(answer.code). The private key, its serial number \
                and the merchant number must belong together, and to the environment of base_url (\(address)).
                """)
        case (.unclear, true):
            add(.doubt, "The channel answers \(answer.code). Its signature holds; whether it takes ours is not said.")
        case (.unclear, false):
            add(
                .fault,
                "\(address) answers \(answer.code), unsigned. Is it the channel, and of the settings' environment?")
        }
    }
}

extension ChannelAlert {
    /// What an operator does about an answer that is not believed.
    fileprivate var advice: String {
        switch self {
        case .unsigned:
            "The answer carries no signature. Is base_url the channel's address, and of the right environment?"
        case .stale: "The answer was signed more than five minutes from our clock. Set the clock by a time server."
        case .unknownKey:
            "The answer is signed with a key that the settings do not hold, or that has ended. Add the newest."
        case .badSignature:
            """
            The answer's signature does not hold: the channel's key in the settings is another's, or of another \
            environment than base_url.
            """
        case .unreadable: "The answer is not the channel's format. Is base_url the channel's address?"
        case .incompleteOrder: "The question cannot be said to this channel: look into its page of the guides."
        case .unknownStatus, .wrongNumber, .wrongPayment, .wrongAmount:
            "The channel answers about something else (\(rawValue)). Is the merchant number ours alone?"
        }
    }
}

/// Listens in on the line: where the question went, and what the answer says of the time.
private final class WatchedWire: Sendable {
    private struct Seen {
        var address = "the channel"
        var date: Int64?
    }

    private let seen = Mutex(Seen())

    var address: String { seen.withLock { $0.address } }

    func note(_ request: ChannelRequest) {
        let parts = request.url.split(separator: "/", omittingEmptySubsequences: false).prefix(3)
        seen.withLock { $0.address = parts.joined(separator: "/") }
    }

    func note(_ response: ChannelResponse) {
        let date = response.headers.single("Date").flatMap(HTTPDate.seconds)
        seen.withLock { $0.date = date }
    }

    func judgeClock(_ check: inout ChannelCheck, at now: Moment) {
        guard let date = seen.withLock({ $0.date }) else { return }
        let ahead = now.seconds - date
        guard abs(ahead) >= ChannelBook.clockDoubtSeconds else { return }
        let side = ahead > 0 ? "ahead of" : "behind"
        check.add(
            abs(ahead) >= ChannelBook.clockFaultSeconds ? .fault : .doubt,
            "Our clock is \(abs(ahead)) seconds \(side) the channel's. Set it by a time server.")
    }
}

extension ChannelBook {
    fileprivate func watching(_ wire: WatchedWire) -> ChannelBook {
        replacingExchange { exchange in
            { request in
                wire.note(request)
                let response = try await exchange(request)
                wire.note(response)
                return response
            }
        }
    }
}
