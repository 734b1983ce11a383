import Channels
import Logging
import Portal
import RefundDesk
import RefundDomain
import ServiceLifecycle

/// Looks now and then how long the certificates of channel accounts last, so that readiness and metrics can say it
/// before they end.
///
/// It never makes anything unready: an account whose certificates have ended sends nothing, the others go on.
actor KeyWatch: Service {
    /// One certificate that ends soon, as `/readyz` tells it.
    struct Ending: Encodable, Equatable {
        let merchant: String
        let channel: String
        let number: String
        let setting: String
        let until: String
        let daysLeft: Int64

        enum CodingKeys: String, CodingKey {
            case merchant, channel, number, setting, until
            case daysLeft = "days_left"
        }
    }

    /// Between two looks.
    private static let rest = Duration.seconds(300)

    private let logger: Logger
    private let clock: @Sendable () -> Moment
    private let keys: @Sendable () async throws -> [ChannelKeys]
    private var last: [ChannelKeys] = []
    /// What was warned of, and how urgently.
    private var warned: [KeyDates: Int64] = [:]

    init(
        logger: Logger, clock: @escaping @Sendable () -> Moment,
        keys: @escaping @Sendable () async throws -> [ChannelKeys]
    ) {
        self.logger = logger
        self.clock = clock
        self.keys = keys
    }

    /// Looks until shutdown.
    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                await self.look()
                // A cancelled rest ends the loop.
                try? await Task.sleep(for: Self.rest)
            }
        }
    }

    /// Looks once, and warns when an end has come within another of the warning days. A database that cannot be asked
    /// is another part's to tell.
    func look() async {
        guard let found = try? await keys() else { return }
        last = found
        let now = clock()
        for keys in found {
            for dates in keys.dates {
                let warning = dates.warning(at: now)
                guard let days = warning, warned[dates] != days else { continue }
                warned[dates] = days
                logger.warning(
                    "a channel's certificate ends",
                    metadata: [
                        "merchant": "\(keys.account.merchantCode)", "channel": "\(keys.account.channel.rawValue)",
                        "setting": "\(dates.setting)", "days_left": "\(dates.daysLeft(at: now))",
                    ])
            }
        }
    }

    /// The certificates that end soon or have ended, the first to end first.
    var endings: [Ending] {
        let now = clock()
        return all.filter { $0.dates.warning(at: now) != nil }.sorted { $0.dates.ends < $1.dates.ends }.map { pair in
            Ending(
                merchant: pair.account.merchantCode, channel: pair.account.channel.rawValue,
                number: pair.account.merchantNumber, setting: pair.dates.setting,
                until: LocalTime(pair.dates.ends, secondsAheadOfUTC: 0).day.iso,
                daysLeft: pair.dates.daysLeft(at: now))
        }
    }

    /// Days left of every certificate, and whether each account takes orders.
    var gauges: [Gauge] {
        let now = clock()
        let days = all.map { pair in
            Gauge.Sample(
                labels: labels(pair.account) + [("setting", pair.dates.setting), ("name", pair.dates.name)],
                value: pair.dates.daysLeft(at: now))
        }
        let takes = last.map {
            Gauge.Sample(labels: labels($0.account), value: $0.account.stoppedReason == nil ? 1 : 0)
        }
        return [
            Gauge(
                name: "refund_portal_channel_certificate_days_left",
                help: "Whole days until a certificate of a channel account ends; -1 when it has ended.", samples: days),
            Gauge(
                name: "refund_portal_channel_account_takes_orders",
                help: "1 while refunds go out by a channel account, 0 when it is stopped.", samples: takes),
        ]
    }

    private var all: [(account: AccountItem, dates: KeyDates)] {
        last.flatMap { keys in keys.dates.map { (keys.account, $0) } }
    }

    private func labels(_ account: AccountItem) -> [(String, String)] {
        [
            ("merchant", account.merchantCode), ("channel", account.channel.rawValue),
            ("number", account.merchantNumber),
        ]
    }
}
