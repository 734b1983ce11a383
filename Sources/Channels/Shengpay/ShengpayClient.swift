import RefundDomain

extension Shengpay {
    /// Refunds, questions and notices of one Shengpay merchant account.
    struct Client: ChannelClient {
        private let account: AccountSettings
        private let requests: Requests
        private let report: RefundReport
        private let line: ChannelCall

        /// The code while the account does not say how one asks.
        static let noQuery = "no query"

        init(
            account: AccountSettings, exchange: @escaping ChannelExchange,
            nonce: @escaping @Sendable () throws -> String
        ) {
            self.account = account
            self.requests = Requests(account: account, nonce: nonce)
            self.report = RefundReport(account: account)
            self.line = ChannelCall(exchange: exchange, timeout: account.timeout)
        }

        /// What ends the repetitions of a payment's notice; that of a refund is taken to be the same.
        var acknowledgement: ChannelAcknowledgement {
            ChannelAcknowledgement(status: 200, contentType: "text/plain", body: "SUCCESS")
        }

        func refund(_ order: RefundOrder) async -> ChannelAnswer {
            guard let members = requests.refund(order) else { return .alert(.incompleteOrder, .refusedOperator) }
            return await call(account.refundPath, members) { report.ofRefund($0, order) }
        }

        /// Without `query_path` nobody is asked, and nothing is known.
        func query(_ order: RefundOrder) async -> ChannelAnswer {
            guard let question = account.question else {
                return ChannelAnswer(verdict: .unknown, code: Self.noQuery, verified: false)
            }
            guard let members = requests.question(order) else { return .alert(.incompleteOrder) }
            return await call(question.path, members) { report.ofQuestion($0, question, order) }.toAsking
        }

        func readNotice(headers: ChannelHeaders, body: [UInt8]) throws(NoticeFault) -> ChannelNotice {
            try NoticeReader(account: account).read(body)
        }

        /// A signature that is there must hold; one that is missing leaves the answer to its reader.
        private func call(
            _ path: String, _ members: [Requests.Member], meaning: (Fields) -> ChannelAnswer
        ) async -> ChannelAnswer {
            await line.post(account.base.text + path, type: "application/json;charset=utf-8") {
                try requests.body(members)
            } meaning: { response throws(NoticeFault) in
                let fields = try Fields(response.body)
                if fields.isSigned { try fields.check(account.platformKey) }
                return meaning(fields)
            }
        }
    }
}
