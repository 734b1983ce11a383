import RefundDomain
import Vault

extension Helipay {
    /// Reads the notice of a refund, a form. It is signed with MD5 alone, so that it only says that there is news.
    struct NoticeReader: Sendable {
        let account: AccountSettings

        private static let fieldsMax = 50

        /// Public clients have two names each for the third and fourth field; the place in the signed text is the same.
        func read(_ body: [UInt8]) throws(NoticeFault) -> ChannelNotice {
            guard let fields = FormText.fields(body, max: Self.fieldsMax) else { throw .unreadable }
            guard let signature = fields["sign"], !signature.isEmpty else { throw .unsigned }
            guard let number = try Self.one(of: ["rt3_refundOrderId", "rt3_refundOrderNum"], fields) else {
                throw .notARefund
            }
            let serial = try Self.one(of: ["rt4_systemSerial", "rt4_serialNumber"], fields) ?? ""
            let story =
                [fields["rt1_customerNumber"], fields["rt2_orderId"], number, serial, fields["rt5_status"]]
                + [fields["rt6_amount"], fields["rt7_currency"]]
            let signed = (story + [fields["rt8_timestamp"]]).map { $0 ?? "" }
            guard signed.allSatisfy({ !$0.utf8.contains(UInt8(ascii: "&")) }) else { throw .unreadable }
            guard account.seal.holds(signature, over: signed) else { throw .badSignature }
            guard let told = fields["rt1_customerNumber"], sameBytes(told, account.merchantNumber) else {
                throw .wrongMerchant
            }
            guard let amount = fields["rt6_amount"].flatMap(YuanText.read), fields["rt7_currency"] ?? "CNY" == "CNY"
            else { throw .unreadable }
            let status = PlainWord.of(fields["rt5_status"])
            let refund = ReportedRefund(
                refundNumber: number, channelRefundNumber: serial.isEmpty ? nil : serial,
                channelTransactionNumber: nil, merchantOrderNumber: fields["rt2_orderId"], status: status,
                verdict: RefundReport.verdict(status) ?? .accepted, amount: amount, paymentTotal: nil,
                destinationText: nil, settledAt: nil)
            // A repeat may have another time: what it tells is what makes it the same notice.
            let content = signed.dropLast().joined(separator: "&")
            return ChannelNotice(id: Hex.encode(Digest.sha256(content)), refund: refund, isHint: true)
        }

        /// The value under the one name of these that is there.
        private static func one(of names: [String], _ fields: [String: String]) throws(NoticeFault) -> String? {
            let values = names.compactMap { fields[$0] }
            guard values.count < 2 else { throw .unreadable }
            return values.first
        }
    }
}
