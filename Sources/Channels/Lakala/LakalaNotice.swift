import RefundDomain

extension Lakala {
    /// Reads a notice (`notify_url`), which only says that there is news: no public document tells its fields for
    /// refunds, so that asking has to tell the rest.
    struct NoticeReader: Sendable {
        let verifier: SignatureVerifier
        let merchantNumber: String

        func read(
            _ headers: ChannelHeaders, _ body: [UInt8], at now: Moment
        ) throws(NoticeFault) -> ChannelNotice {
            try verifier.checkNotice(headers, body, at: now)
            guard let json = StrictJSON(body), case .object = json else { throw .unreadable }
            guard let merchant = json["merchant_no"]?.text, let number = json["out_trade_no"]?.text,
                let text = json["refund_amount"]?.text
            else { throw .notARefund }
            guard sameBytes(merchant, merchantNumber) else { throw .wrongMerchant }
            guard let amount = AmountText.read(text), let state = json["trade_state"]?.text, Answer.isWord(state),
                let own = (json["trade_no"] ?? json["log_no"])?.text, (1...64).contains(own.utf8.count)
            else { throw .unreadable }
            let refund = ReportedRefund(
                refundNumber: number, channelRefundNumber: own, channelTransactionNumber: nil,
                merchantOrderNumber: nil, status: state, verdict: ErrorMeaning.ofState(state), amount: amount,
                paymentTotal: nil, destinationText: nil, settledAt: nil, mayOmitPayment: true)
            return ChannelNotice(id: "\(own)-\(state)", refund: refund, isHint: true)
        }
    }
}
