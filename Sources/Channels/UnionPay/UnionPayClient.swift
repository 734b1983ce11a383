import RefundDomain

extension UnionPay {
    /// Refunds, voids, queries and notices of one UnionPay merchant account.
    struct Client: ChannelClient {
        private let account: AccountSettings
        private let requests: Requests
        private let signer: RequestSigner
        private let verifier: SignatureVerifier
        private let exchange: ChannelExchange
        private let clock: @Sendable () -> Moment

        private static let ordersPath = "/gateway/api/backTransReq.do"
        private static let queriesPath = "/gateway/api/queryTrans.do"

        init(account: AccountSettings, exchange: @escaping ChannelExchange, clock: @escaping @Sendable () -> Moment) {
            self.account = account
            self.requests = Requests(account: account)
            self.signer = RequestSigner(seal: account.seal)
            self.verifier = SignatureVerifier(seal: account.seal)
            self.exchange = exchange
            self.clock = clock
        }

        /// The channel sends a notice again until it is answered with status 200.
        var acknowledgement: ChannelAcknowledgement {
            ChannelAcknowledgement(status: 200, contentType: "text/plain", body: "ok")
        }

        func refund(_ order: RefundOrder) async -> ChannelAnswer {
            // It has no order that goes on with a refund: sent as an ordinary one, this would pay twice.
            guard order.detour == nil, let message = requests.refund(order) else {
                return alert(.incompleteOrder, .refusedOperator)
            }
            return await call(Self.ordersPath, message, order) { fields, code in
                answer(fields, state: code, verdict: ErrorMeaning.ofRefund(code), order)
            }
        }

        func query(_ order: RefundOrder) async -> ChannelAnswer {
            guard let message = requests.query(order) else { return alert(.incompleteOrder, .unknown) }
            let answer = await call(Self.queriesPath, message, order) { fields, code in
                guard let verdict = ErrorMeaning.ofQuery(code) else { return state(fields, order) }
                return ChannelAnswer(verdict: verdict, code: code, verified: true)
            }
            guard answer.verdict == .notExecuted else { return answer }
            // Nothing reached the channel: that says nothing about the refund that was sent before.
            return ChannelAnswer(verdict: .unknown, code: answer.code, verified: false)
        }

        func readNotice(headers: ChannelHeaders, body: [UInt8]) throws(NoticeFault) -> ChannelNotice {
            let reader = NoticeReader(verifier: verifier, merchantNumber: account.merchantNumber)
            return try reader.read(body, at: clock())
        }

        func standing(after answer: ChannelAnswer) -> AccountStanding {
            if answer.verdict == .neverSeen { return .known }
            return answer.verified && ErrorMeaning.ofRefund(answer.code) == .refusedOperator ? .refused : .unclear
        }

        private func call(
            _ path: String, _ message: Fields, _ order: RefundOrder,
            meaning: (_ fields: Fields, _ code: String) -> ChannelAnswer
        ) async -> ChannelAnswer {
            let response: ChannelResponse
            do {
                response = try await exchange(request(path, message))
            } catch ExchangeFault.notSent {
                return ChannelAnswer(verdict: .notExecuted, code: "not connected", verified: false)
            } catch {
                return ChannelAnswer(verdict: .unknown, code: "no answer", verified: false)
            }
            guard response.status == 200 else {
                return ChannelAnswer(verdict: .unknown, code: "http \(response.status)", verified: false)
            }
            guard let fields = Fields(answer: response.body) else { return alert(.unreadable, .unknown) }
            do throws(NoticeFault) { try verifier.check(fields, at: clock()) } catch {
                return alert(ChannelAlert(error), .unknown)
            }
            guard isAbout(order, fields) else { return alert(.wrongNumber, .unknown, verified: true) }
            guard let code = RefundReport.code(fields["respCode"]) else {
                return alert(.unreadable, .unknown, verified: true)
            }
            return meaning(fields, code)
        }

        private func request(_ path: String, _ message: Fields) throws -> ChannelRequest {
            let body: [UInt8]
            do { body = try signer.signed(message).form } catch { throw ExchangeFault.notSent("cannot sign") }
            let headers = [
                (name: "Content-Type", value: "application/x-www-form-urlencoded; charset=UTF-8"),
                (name: "User-Agent", value: "refund-portal"),
            ]
            return ChannelRequest(
                method: .post, url: account.base.text + path, headers: headers, body: body, timeout: account.timeout)
        }

        /// An old answer to something else must not count for this order: merchant, number and time name one order.
        private func isAbout(_ order: RefundOrder, _ fields: Fields) -> Bool {
            fields["merId"] == account.merchantNumber && fields["orderId"] == order.refundNumber
                && fields["txnTime"] == BeijingTime.text(order.firstSentAt)
        }

        /// The state of the order that an answer to asking tells.
        private func state(_ fields: Fields, _ order: RefundOrder) -> ChannelAnswer {
            guard let code = RefundReport.code(fields["origRespCode"]) else {
                return alert(.unreadable, .unknown, verified: true)
            }
            return answer(fields, state: code, verdict: ErrorMeaning.ofState(code), order)
        }

        private func answer(
            _ fields: Fields, state code: String, verdict: ChannelVerdict, _ order: RefundOrder
        ) -> ChannelAnswer {
            let refused = verdict != .succeeded && verdict != .accepted
            // A refusal need not repeat the amount; what it repeats must be ours.
            if refused, fields["txnAmt"] == nil { return ChannelAnswer(verdict: verdict, code: code, verified: true) }
            guard let refund = RefundReport.read(fields, state: code, verdict: verdict, order: order) else {
                return alert(.unreadable, .unknown, verified: true)
            }
            guard fields["txnType"] == requests.kind(order).rawValue else {
                return alert(.wrongPayment, .unknown, verified: true)
            }
            return refund.answer(to: order)
        }

        private func alert(
            _ alert: ChannelAlert, _ verdict: ChannelVerdict, verified: Bool = false
        ) -> ChannelAnswer {
            ChannelAnswer(verdict: verdict, code: alert.rawValue, verified: verified)
        }
    }
}
