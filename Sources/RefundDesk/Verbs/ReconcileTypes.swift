public import RefundDomain
import Vault

/// What became of a channel's file that was held against our refunds.
public struct ReconcileResult: Sendable, Hashable {
    /// Lines read, payments among them.
    public internal(set) var read = 0
    /// Refunds among the lines.
    public internal(set) var refunds = 0
    /// Refunds of the file that are ours.
    public internal(set) var ours = 0
    /// Refunds of the file that are counted as made elsewhere.
    public internal(set) var elsewhere = 0
    /// Differences that are new in the worklist, by kind.
    public internal(set) var opened: [Difference: Int] = [:]
    /// Differences that fit now and were closed.
    public internal(set) var closed = 0
    /// What is open of this merchant afterwards.
    public internal(set) var open = 0
    /// Movements that the file settled (M14).
    public internal(set) var settled = 0
    /// The days that the file covers; nil for one without lines.
    public internal(set) var days: ClosedRange<Day>?
    public internal(set) var bad = 0
    /// The first bad lines, at most ``ImportResult/linesMax``.
    public internal(set) var badLines: [BadLine] = []
    /// Whether anything was kept; false when bad lines stopped it.
    public internal(set) var isStored = false

    public init() {}
}

/// What the first reading of a file tells, before anything is written.
struct ReconcileSurvey {
    private(set) var result = ReconcileResult()
    /// A digest of the refunds in it: the same file is one reconciliation, however often it is read.
    private(set) var digest: [UInt8] = []
    /// The days that each channel's lines lie on, as the channel counts days.
    private(set) var days: [Channel: ClosedRange<Day>] = [:]
    /// The merchant's numbers that each channel's lines name.
    private(set) var numbers: [Channel: Set<String>] = [:]

    /// Merchant numbers of one file that are remembered.
    private static let numbersMax = 1000

    /// Reads a file to its end.
    init(_ source: ImportSource) throws {
        let next = try source.open()
        while let item = try next() { take(item) }
    }

    private mutating func take(_ item: ImportItem) {
        switch item {
        case .bad(let line):
            result.bad += 1
            if result.badLines.count < ImportResult.linesMax { result.badLines.append(line) }
        case .row(.payment(let payment)):
            see(payment.channel, payment.merchantNumber, payment.paidAt)
        case .row(.refund(let refund)):
            result.refunds += 1
            see(refund.channel, refund.merchantNumber, refund.refundedAt)
            let fields = [
                refund.channel.rawValue, refund.key, refund.status.rawValue, String(refund.amount.minor),
                refund.amount.currency.code, refund.refundedAt.iso,
            ]
            digest = Digest.sha256(digest + Array(fields.joined(separator: "\n").utf8))
        }
        result.read += 1
    }

    private mutating func see(_ channel: Channel, _ number: String, _ time: LocalTime) {
        let moment = time.moment(secondsAheadOfUTC: 0).adding(seconds: channel.settlesSecondsEarlier)
        let day = LocalTime(moment, secondsAheadOfUTC: 0).day
        days[channel] = Self.range(days[channel], day)
        result.days = Self.range(result.days, day)
        if numbers[channel, default: []].count < Self.numbersMax { numbers[channel, default: []].insert(number) }
    }

    private static func range(_ range: ClosedRange<Day>?, _ day: Day) -> ClosedRange<Day> {
        guard let range else { return day...day }
        return min(range.lowerBound, day)...max(range.upperBound, day)
    }
}
