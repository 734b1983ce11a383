import RefundDomain

extension Alipay {
    /// Refunds, queries and notices of one Alipay application.
    struct Client: ChannelClient {
        private let account: AccountSettings
        private let requests: Requests
        private let exchange: ChannelExchange
        private let clock: @Sendable () -> Moment

        private static let path = "/gateway.do?charset=utf-8"

        init(account: AccountSettings, exchange: @escaping ChannelExchange, clock: @escaping @Sendable () -> Moment) {
            self.account = account
            self.requests = Requests(account: account)
            self.exchange = exchange
            self.clock = clock
        }

        /// The seven bytes that end the repetitions.
        var acknowledgement: ChannelAcknowledgement {
            ChannelAcknowledgement(status: 200, contentType: "text/plain", body: "success")
        }

        func refund(_ order: RefundOrder) async -> ChannelAnswer {
            guard let content = requests.refund(order) else { return alert(.incompleteOrder, .refusedOperator) }
            let answer = await call(.refund, content) { answer in
                guard answer.code == "10000" else {
                    let verdict = ErrorMeaning.ofRefund(
                        code: answer.code, subCode: answer.subCode, verified: answer.isSigned)
                    return ChannelAnswer(verdict: verdict, code: answer.word, verified: answer.isSigned)
                }
                guard answer.isSigned else { return alert(.unsigned, .unknown) }
                return RefundReport.ofRefund(answer.content, order)
            }
            guard answer.verdict == .failed, ErrorMeaning.isOfTrade(answer.code) else { return answer }
            return await confirmed(answer, order)
        }

        /// A refusal for the payment's state ends a refund only when Alipay, asked for the payment, says the same.
        private func confirmed(_ refusal: ChannelAnswer, _ order: RefundOrder) async -> ChannelAnswer {
            guard let content = requests.tradeQuery(order) else { return alert(.incompleteOrder, .refusedOperator) }
            let found = await call(.tradeQuery, content) { answer in
                guard answer.isSigned else { return alert(.unsigned, .unknown) }
                guard answer.code == "10000", RefundReport.isOfPayment(answer.content, order) else {
                    return ChannelAnswer(verdict: .unknown, code: answer.word, verified: true)
                }
                let status = answer.content["trade_status"]?.text ?? ""
                let isOver = ["WAIT_BUYER_PAY", "TRADE_CLOSED", "TRADE_FINISHED"].contains(status)
                return isOver ? refusal : ChannelAnswer(verdict: .unknown, code: refusal.code, verified: true)
            }
            // Nothing reached the channel this time: the refusal stands there unconfirmed.
            guard found.verdict == .failed || found.verdict == .unknown else {
                return ChannelAnswer(verdict: .unknown, code: found.code, verified: false)
            }
            return found
        }

        func query(_ order: RefundOrder) async -> ChannelAnswer {
            guard let content = requests.refundQuery(order) else { return alert(.incompleteOrder, .unknown) }
            let answer = await call(.refundQuery, content) { answer in
                guard answer.code == "10000" else {
                    return ChannelAnswer(verdict: .unknown, code: answer.word, verified: answer.isSigned)
                }
                guard answer.isSigned else { return alert(.unsigned, .unknown) }
                return RefundReport.ofQuery(answer.content, order, depositBackFailed: account.depositBackFailed)
            }
            guard answer.verdict == .notExecuted else { return answer }
            // Nothing reached the channel: that says nothing about the refund that was sent before.
            return ChannelAnswer(verdict: .unknown, code: answer.code, verified: false)
        }

        func readNotice(headers: ChannelHeaders, body: [UInt8]) throws(NoticeFault) -> ChannelNotice {
            try NoticeReader(account: account).read(body, at: clock())
        }

        func standing(after answer: ChannelAnswer) -> AccountStanding {
            if answer.verdict == .neverSeen || answer.code == "ACQ.TRADE_NOT_EXIST" { return .known }
            return ErrorMeaning.isOfAccount(answer.code) ? .refused : .unclear
        }

        private func call(
            _ method: Requests.Method, _ content: String, meaning: (Answer) -> ChannelAnswer
        ) async -> ChannelAnswer {
            let response: ChannelResponse
            do {
                response = try await exchange(request(method, content))
            } catch ExchangeFault.notSent {
                return ChannelAnswer(verdict: .notExecuted, code: "not connected", verified: false)
            } catch {
                return ChannelAnswer(verdict: .unknown, code: "no answer", verified: false)
            }
            guard response.status == 200 else {
                return ChannelAnswer(verdict: .unknown, code: "http \(response.status)", verified: false)
            }
            do throws(NoticeFault) {
                return meaning(try Answer(response.body, to: method, account.trust, at: clock()))
            } catch {
                return alert(ChannelAlert(error), .unknown)
            }
        }

        private func request(_ method: Requests.Method, _ content: String) throws -> ChannelRequest {
            let body: [UInt8]
            do { body = try requests.body(method, content, at: clock()) } catch {
                throw ExchangeFault.notSent("cannot sign")
            }
            let headers = [
                (name: "Content-Type", value: "application/x-www-form-urlencoded;charset=utf-8"),
                (name: "User-Agent", value: "refund-portal"),
            ]
            return ChannelRequest(
                method: .post, url: account.base.text + Self.path, headers: headers, body: body,
                timeout: account.timeout)
        }

        private func alert(_ alert: ChannelAlert, _ verdict: ChannelVerdict) -> ChannelAnswer {
            ChannelAnswer(verdict: verdict, code: alert.rawValue, verified: false)
        }
    }
}
