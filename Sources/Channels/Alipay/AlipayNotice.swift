import RefundDomain
import Vault

extension Alipay {
    /// Reads the notice of a payment's change (opendocs: asynchronous notices), which Alipay sends to the payment's own
    /// address after a refund too.
    ///
    /// Its amounts add up all refunds of the payment, so that it only says that there is news; asking tells the rest.
    struct NoticeReader: Sendable {
        let account: AccountSettings

        private static let fieldsMax = 200

        func read(_ body: [UInt8], at now: Moment) throws(NoticeFault) -> ChannelNotice {
            guard let fields = FormText.fields(body, max: Self.fieldsMax) else { throw .unreadable }
            guard let encoded = fields["sign"] else { throw .unsigned }
            guard fields["sign_type"] == "RSA2" else { throw .wrongMethod }
            guard let signature = Base64.decode(encoded) else { throw .badSignature }
            var signed = fields
            signed["sign_type"] = nil
            let text = Array(Alipay.signedText(signed).utf8)
            switch account.trust.check(text, signature: signature, serial: nil, at: now) {
            case .verified: break
            case .unknownKey: throw .unknownKey
            case .badSignature: throw .badSignature
            }
            guard let told = fields["app_id"], sameBytes(told, account.application) else { throw .wrongMerchant }
            guard let id = fields["notify_id"], (1...128).contains(id.utf8.count) else { throw .unreadable }
            guard let number = fields["out_biz_no"], fields["gmt_refund"] != nil else { throw .notARefund }
            let refund = ReportedRefund(
                refundNumber: number, channelRefundNumber: nil, channelTransactionNumber: fields["trade_no"],
                merchantOrderNumber: fields["out_trade_no"], status: fields["trade_status"] ?? "",
                verdict: .succeeded, amount: nil, paymentTotal: fields["total_amount"].flatMap(YuanText.read),
                destinationText: nil, settledAt: nil)
            return ChannelNotice(id: id, refund: refund, isHint: true)
        }
    }
}
