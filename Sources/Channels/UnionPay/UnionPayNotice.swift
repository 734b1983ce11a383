import RefundDomain

extension UnionPay {
    /// Reads a notice (`backUrl`), which only says that there is news: UnionPay wants to be asked before money counts.
    ///
    /// Notices carry no time of signing, so that an old one cannot be told from a new one; asking makes that harmless.
    struct NoticeReader: Sendable {
        let verifier: SignatureVerifier
        let merchantNumber: String

        func read(_ body: [UInt8], at now: Moment) throws(NoticeFault) -> ChannelNotice {
            guard let fields = Fields(form: body) else { throw .unreadable }
            try verifier.check(fields, at: now)
            guard let merchant = fields["merId"], sameBytes(merchant, merchantNumber) else { throw .wrongMerchant }
            guard let type = fields["txnType"], Kind(rawValue: type) != nil else { throw .notARefund }
            guard let queryID = fields["queryId"], queryID.utf8.count <= 32,
                let code = RefundReport.code(fields["respCode"]),
                let refund = RefundReport.read(fields, state: code, verdict: ErrorMeaning.ofState(code))
            else { throw .unreadable }
            return ChannelNotice(id: "\(queryID)-\(code)", refund: refund, isHint: true)
        }
    }
}
