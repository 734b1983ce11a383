import RefundDomain

extension Helipay {
    /// Refunds, questions and notices of one Helipay merchant account.
    struct Client: ChannelClient {
        private let account: AccountSettings
        private let requests: Requests
        private let report: RefundReport
        private let line: ChannelCall

        private static let path = "/trx/app/interface.action"

        init(account: AccountSettings, exchange: @escaping ChannelExchange) {
            self.account = account
            self.requests = Requests(account: account)
            self.report = RefundReport(account: account)
            self.line = ChannelCall(exchange: exchange, timeout: account.timeout)
        }

        /// The seven bytes that end the repetitions.
        var acknowledgement: ChannelAcknowledgement {
            ChannelAcknowledgement(status: 200, contentType: "text/plain", body: "success")
        }

        func refund(_ order: RefundOrder) async -> ChannelAnswer {
            guard let body = requests.refund(order) else { return .alert(.incompleteOrder, .refusedOperator) }
            return await call(.refund, body) { report.ofRefund($0, order) }
        }

        func query(_ order: RefundOrder) async -> ChannelAnswer {
            guard let body = requests.question(order) else { return .alert(.incompleteOrder) }
            return await call(.question, body) { report.ofQuestion($0, order) }.toAsking
        }

        func readNotice(headers: ChannelHeaders, body: [UInt8]) throws(NoticeFault) -> ChannelNotice {
            try NoticeReader(account: account).read(body)
        }

        private func call(
            _ kind: Requests.Kind, _ body: [UInt8], meaning: (Answer) -> ChannelAnswer
        ) async -> ChannelAnswer {
            let type = "application/x-www-form-urlencoded;charset=utf-8"
            return await line.post(account.base.text + Self.path, type: type) {
                body
            } meaning: { response throws(NoticeFault) in
                meaning(try Answer(response.body, kind.answerNames, account.seal))
            }
        }
    }
}
