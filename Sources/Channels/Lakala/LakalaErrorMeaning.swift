import RefundDomain

extension Lakala {
    /// What codes and states mean for money (documents 1826 and 1827). All of them counted only after the answer's
    /// signature had held.
    struct ErrorMeaning: Sendable {
        let product: Product
        let codes: Codes

        private static let understood = "000000"
        /// Nobody knows what became of the request: it has to be asked for.
        private static let undecided: Set<String> = ["RFD11105", "RFD11112", "BBS11105", "BBS11112", "BBS10000"]

        /// Whether the channel's documents give a code its meaning.
        static func isDocumented(_ code: String) -> Bool {
            code == understood || undecided.contains(code)
        }

        /// The meaning of a code on sending; nil when the refund's own state decides.
        ///
        /// The document of `refund_front` calls every other code a failure; that of the bank cards' refund says
        /// nothing.
        func ofRefund(_ code: String) -> ChannelVerdict? {
            if code == Self.understood { return nil }
            if Self.undecided.contains(code) { return .unknown }
            if let verdict = codes[code] { return verdict == .neverSeen ? .unknown : verdict }
            switch product {
            case .refundFront: return .failed
            case .tradeRefund: return .unknown
            }
        }

        /// What an error on asking says of the refund: nothing, unless the acquirer explained the code.
        func ofQuery(_ code: String) -> QueryMeaning {
            if code == Self.understood { return .state }
            if codes[code] == .neverSeen { return .neverSeen }
            return Self.undecided.contains(code) ? .undecided : .refused
        }

        /// What the code of an answer to asking says.
        enum QueryMeaning: Sendable, Hashable {
            /// The refund's own state decides.
            case state
            case neverSeen
            /// The question did not come through.
            case undecided
            /// The question was not answered, for a reason that is not public.
            case refused
        }

        /// The meaning of `trade_state`; nil for one that the documents do not name.
        static func ofState(_ state: String) -> ChannelVerdict? {
            switch state {
            case "SUCCESS": .succeeded
            case "FAIL", "EXCEPTION": .failed
            case "INIT", "DEAL", "PROCESSING": .accepted
            case "TIMEOUT": .unknown
            default: nil
            }
        }
    }
}
