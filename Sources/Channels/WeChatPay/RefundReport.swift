import RefundDomain

extension WeChatPay {
    /// Reads a refund as answers and notices describe it; they share all names but the state's.
    enum RefundReport {
        /// Where the state stands: `status` in answers and queries, `refund_status` in notices.
        enum Kind: String {
            case answer = "status"
            case notice = "refund_status"
        }

        /// The refund; nil when a field that we need is missing or of another kind.
        static func read(_ json: StrictJSON, _ kind: Kind) -> ReportedRefund? {
            guard let number = json["out_refund_no"]?.text, let refundID = json["refund_id"]?.text,
                let status = json[kind.rawValue]?.text, let amount = money(json, "refund"),
                let total = money(json, "total")
            else { return nil }
            return ReportedRefund(
                refundNumber: number, channelRefundNumber: refundID,
                channelTransactionNumber: json["transaction_id"]?.text, merchantOrderNumber: json["out_trade_no"]?.text,
                status: status, verdict: verdict(of: status), amount: amount, paymentTotal: total,
                destinationText: json["user_received_account"]?.text.map(shortened),
                settledAt: json["success_time"]?.text.flatMap(Moment.init(rfc3339:)))
        }

        /// The meaning of the channel's word; nil for one that it does not document.
        private static func verdict(of status: String) -> ChannelVerdict? {
            switch status {
            case "SUCCESS": .succeeded
            case "PROCESSING": .accepted
            case "CLOSED": .failed
            // The channel holds the money: failing it here and paying anew would pay twice.
            case "ABNORMAL": .needsPayeeAction
            default: nil
            }
        }

        /// An amount in fen; answers name the currency, notices do not.
        private static func money(_ json: StrictJSON, _ name: String) -> Money? {
            guard let fen = json["amount"]?[name]?.whole else { return nil }
            if let currency = json["amount"]?["currency"] {
                guard currency.text == "CNY" else { return nil }
            }
            return Money(minor: fen, currency: .cny)
        }

        /// At most 64 characters: the field is for people to read.
        private static func shortened(_ text: String) -> String { String(text.prefix(64)) }
    }
}

extension Moment {
    /// Reads `2018-06-08T10:34:56+08:00` (RFC 3339) to the second; nil for anything else.
    fileprivate init?(rfc3339 text: String) {
        let bytes = text.utf8
        guard bytes.count >= 20, let clock = LocalTime(iso: String(text.prefix(19))) else { return nil }
        let zone = text.dropFirst(19).drop { $0 == "." || ("0"..."9").contains($0) }
        if zone == "Z" {
            self = clock.moment(secondsAheadOfUTC: 0)
            return
        }
        let parts = zone.dropFirst().split(separator: ":", omittingEmptySubsequences: false)
        guard zone.first == "+" || zone.first == "-", parts.count == 2, parts.allSatisfy({ $0.utf8.count == 2 }),
            let hours = parts.first.flatMap({ Int64($0) }), let minutes = parts.last.flatMap({ Int64($0) }),
            (0...23).contains(hours), (0...59).contains(minutes)
        else { return nil }
        let ahead = hours * 3600 + minutes * 60
        self = clock.moment(secondsAheadOfUTC: zone.first == "-" ? -ahead : ahead)
    }
}
