import Logging
import RefundDesk
import RefundDomain
import ServiceLifecycle

/// Looks now and then how far the working days are known, so that readiness can say it before they end.
///
/// It never makes anything unready: dates are counted Monday to Friday then, and pages say "about".
actor CalendarWatch: Service {
    /// What `/readyz` says of it.
    struct Detail: Encodable, Equatable {
        let region: String
        /// The last day that is known; nil when today is beyond it.
        let until: String?
        /// What to do; nil while there is time.
        let warning: String?
        /// Who counts by it, the first by code; nil while there is time.
        let merchants: [Merchant]?
        /// How many more merchants do.
        let moreMerchants: Int64?

        enum CodingKeys: String, CodingKey {
            case region, until, warning, merchants
            case moreMerchants = "more_merchants"
        }
    }

    struct Merchant: Encodable, Equatable {
        let code: String
        let channels: [String]
    }

    /// Between two looks.
    private static let rest = Duration.seconds(60)

    private let logger: Logger
    private let outlook: @Sendable () async throws -> CalendarOutlook
    private var last: Detail?

    init(logger: Logger, outlook: @escaping @Sendable () async throws -> CalendarOutlook) {
        self.logger = logger
        self.outlook = outlook
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

    /// What was found last; nil when nothing was yet.
    var detail: Detail? { last }

    /// Looks once. A database that cannot be asked is another part's to tell.
    func look() async {
        guard let outlook = try? await outlook() else { return }
        let found = Self.detail(outlook)
        if let warning = found.warning, last?.warning == nil {
            logger.warning("working days end", metadata: ["region": "\(found.region)", "what": "\(warning)"])
        }
        last = found
    }

    private static func detail(_ outlook: CalendarOutlook) -> Detail {
        let isEnding = outlook.isEnding
        return Detail(
            region: outlook.region, until: outlook.until?.iso, warning: isEnding ? warning(outlook) : nil,
            merchants: isEnding
                ? outlook.merchants.map { Merchant(code: $0.code, channels: $0.channels.map(\.rawValue)) } : nil,
            moreMerchants: isEnding ? outlook.moreMerchants : nil)
    }

    private static func warning(_ outlook: CalendarOutlook) -> String {
        let known = outlook.until.map { "are known until \($0.iso), \(outlook.daysLeft) more days" } ?? "are not known"
        return "working days \(known); later dates count Monday to Friday and say about: calendar load"
    }
}
