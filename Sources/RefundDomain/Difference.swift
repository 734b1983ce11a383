/// How a refund in a channel's file and ours differ.
public enum Difference: String, Sendable, Hashable, CaseIterable {
    /// In the file, and neither sent by us nor counted as made elsewhere.
    case unknownHere = "unknown-here"
    /// Sent by us, and not in the file of its day.
    case missingThere = "missing-there"
    /// Both have it, with different amounts or currencies.
    case amount
    /// Both have it, and one says that it was paid where the other does not.
    case state
}

extension Channel {
    /// Whether a refund's line in the channel's file says how the refund ended.
    ///
    /// UnionPay's file has what was settled. WeChat Pay writes a line when a refund is asked for and never again, and
    /// Alipay says that only its answer or a query tells success: their lines never end anything here.
    public var refundLinesAreFinal: Bool {
        switch self {
        case .unionPay: true
        case .wechatPay, .alipay, .lakala, .shengpay, .helipay, .manual: false
        }
    }

    /// How many seconds before midnight the channel's settlement day begins; UnionPay settles from 23:00 to 23:00.
    public var settlesSecondsEarlier: Int64 {
        switch self {
        case .unionPay: 3600
        case .wechatPay, .alipay, .lakala, .shengpay, .helipay, .manual: 0
        }
    }
}

extension StatementRefund.Status {
    /// Whether a line with this status may stand beside a movement in a state, without one of them being wrong.
    ///
    /// A final line that says "paid" ends a refund that the channel had only accepted (M14), and so fits it.
    public func fits(_ state: Movement.State, linesAreFinal: Bool) -> Bool {
        switch state {
        // The bank has what we say was never sent, or was called back before it was.
        case .planned, .waitingFunds, .ready, .cancelled: false
        case .sending, .unknown: self == .processing
        case .accepted, .atBank: self == .processing || (linesAreFinal && self == .succeeded)
        case .needsPayeeAction: self == .processing || self == .abnormal
        case .succeeded, .arrived: self == .succeeded || (!linesAreFinal && self != .failed)
        case .failed: self == .failed || (!linesAreFinal && self != .succeeded)
        // It was paid, and what came after is no line's matter.
        case .returned, .rerouted, .givenBack, .unclaimed: self != .failed
        // Paid outside after it failed or before it was sent: paid by the channel as well would be twice.
        case .givenOutside: self == .failed
        }
    }
}

extension Movement.State {
    /// Whether a refund in this state must be in the channel's file of its day.
    ///
    /// - Parameter linesAreFinal: true where the file has what was settled, false where it has what was asked for.
    public func mustBeInFile(linesAreFinal: Bool) -> Bool {
        switch self {
        case .succeeded, .arrived, .returned, .rerouted, .givenBack, .unclaimed: true
        case .accepted, .atBank, .needsPayeeAction: !linesAreFinal
        // Nobody knows whether the channel has it; a query tells, not a file.
        case .sending, .unknown: false
        case .planned, .waitingFunds, .ready, .cancelled, .failed, .givenOutside: false
        }
    }
}
