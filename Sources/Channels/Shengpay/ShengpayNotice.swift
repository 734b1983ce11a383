extension Shengpay {
    /// Reads the notice of a refund. Its fields are not public: those of the answer are looked for, and it only says
    /// that there is news.
    struct NoticeReader: Sendable {
        let account: AccountSettings

        func read(_ body: [UInt8]) throws(NoticeFault) -> ChannelNotice {
            let fields = try Fields(body)
            try fields.check(account.platformKey)
            guard let told = fields["mchId"], sameBytes(told, account.merchantNumber) else { throw .wrongMerchant }
            guard let number = fields["outRefundNo"] else { throw .notARefund }
            let refund = RefundReport(account: account).ofNotice(fields, number: number)
            return ChannelNotice(id: fields.content, refund: refund, isHint: true)
        }
    }
}
