import RefundDomain

extension Lakala {
    /// Refunds, queries and notices of one Lakala merchant account.
    struct Client: ChannelClient {
        private let account: AccountSettings
        private let requests: Requests
        private let signer: RequestSigner
        private let verifier: SignatureVerifier
        private let meaning: ErrorMeaning
        private let report: RefundReport
        private let exchange: ChannelExchange
        private let clock: @Sendable () -> Moment
        private let nonce: @Sendable () throws -> String

        init(
            account: AccountSettings, exchange: @escaping ChannelExchange, clock: @escaping @Sendable () -> Moment,
            nonce: @escaping @Sendable () throws -> String
        ) {
            self.account = account
            self.requests = Requests(account: account)
            self.signer = RequestSigner(
                applicationID: account.applicationID, merchantSerial: account.merchantSerial,
                privateKey: account.privateKey)
            self.verifier = SignatureVerifier(
                trust: account.trust, applicationID: account.applicationID,
                toleranceSeconds: account.toleranceSeconds)
            self.meaning = ErrorMeaning(product: account.product, codes: account.codes)
            self.report = RefundReport(account: account)
            self.exchange = exchange
            self.clock = clock
            self.nonce = nonce
        }

        /// As the notices' document words it for payments; that of refunds is not public.
        var acknowledgement: ChannelAcknowledgement {
            ChannelAcknowledgement(
                status: 200, contentType: "application/json", body: #"{"code":"SUCCESS","message":"执行成功"}"#)
        }

        func refund(_ order: RefundOrder) async -> ChannelAnswer {
            guard let data = requests.refund(order) else {
                return ChannelAnswer(
                    verdict: .refusedOperator, code: ChannelAlert.incompleteOrder.rawValue, verified: false)
            }
            switch await call(requests.refundPath, data) {
            case .trouble(let answer): return answer
            case .answered(let answer):
                guard let verdict = meaning.ofRefund(answer.code) else { return report.ofRefund(answer.data, order) }
                let refusal = ChannelAnswer(verdict: verdict, code: answer.code, verified: true)
                return verdict == .failed ? await confirmed(refusal, of: order) : refusal
            }
        }

        func query(_ order: RefundOrder) async -> ChannelAnswer {
            switch await ask(order) {
            case .trouble(let code): ChannelAnswer(verdict: .unknown, code: code, verified: false)
            case .state(let answer): answer
            case .neverSeen(let code): ChannelAnswer(verdict: .neverSeen, code: code, verified: true)
            case .undecided(let code), .refused(let code):
                ChannelAnswer(verdict: .unknown, code: code, verified: true)
            }
        }

        func readNotice(headers: ChannelHeaders, body: [UInt8]) throws(NoticeFault) -> ChannelNotice {
            let reader = NoticeReader(verifier: verifier, merchantNumber: account.merchantNumber)
            return try reader.read(headers, body, at: clock())
        }

        func standing(after answer: ChannelAnswer) -> AccountStanding {
            if answer.verdict == .neverSeen { return .known }
            return answer.verified && account.codes[answer.code] == .refusedOperator ? .refused : .unclear
        }

        /// What came of asking; each case but the state has the code that people see.
        private enum Told {
            /// Not asked, or not answered by Lakala.
            case trouble(String)
            case state(ChannelAnswer)
            case neverSeen(String)
            case undecided(String)
            /// Lakala answered and told of no refund.
            case refused(String)
        }

        /// Whether a refusal ends the refund.
        ///
        /// What Lakala answers to a number that it took on before is not public, and would read like any refusal. So
        /// the number is asked for: only when Lakala tells of no refund under it, nothing was and will be paid.
        private func confirmed(_ refusal: ChannelAnswer, of order: RefundOrder) async -> ChannelAnswer {
            switch await ask(order) {
            case .state(let answer): answer
            case .neverSeen, .refused: refusal
            case .trouble, .undecided: ChannelAnswer(verdict: .unknown, code: refusal.code, verified: true)
            }
        }

        private func ask(_ order: RefundOrder) async -> Told {
            guard let serial = try? nonce() else { return .trouble("not connected") }
            guard let data = requests.query(order, serial: serial) else {
                return .trouble(ChannelAlert.incompleteOrder.rawValue)
            }
            switch await call(requests.queryPath, data) {
            case .trouble(let answer): return .trouble(answer.code)
            case .answered(let answer):
                switch meaning.ofQuery(answer.code) {
                case .state: return report.ofQuery(answer.data, order).map(Told.state) ?? .refused("empty list")
                case .neverSeen: return .neverSeen(answer.code)
                case .undecided: return .undecided(answer.code)
                case .refused: return .refused(answer.code)
                }
            }
        }

        private enum Reply {
            case trouble(ChannelAnswer)
            case answered(Answer)
        }

        private func call(_ path: String, _ data: String) async -> Reply {
            let response: ChannelResponse
            do {
                response = try await exchange(request(path, data))
            } catch ExchangeFault.notSent {
                return .trouble(ChannelAnswer(verdict: .notExecuted, code: "not connected", verified: false))
            } catch {
                return .trouble(ChannelAnswer(verdict: .unknown, code: "no answer", verified: false))
            }
            guard response.status == 200 else {
                return .trouble(ChannelAnswer(verdict: .unknown, code: "http \(response.status)", verified: false))
            }
            do throws(NoticeFault) {
                return .answered(try Answer(response, account.envelope, verifier, at: clock()))
            } catch {
                let code = ChannelAlert(error).rawValue
                return .trouble(ChannelAnswer(verdict: .unknown, code: code, verified: false))
            }
        }

        private func request(_ path: String, _ data: String) throws -> ChannelRequest {
            let now = clock()
            let body: [UInt8]
            let authorization: String
            do {
                body = try account.envelope.seal(requests.body(data, at: now))
                authorization = try signer.authorization(timestamp: now.seconds, nonce: try nonce(), body: body)
            } catch { throw ExchangeFault.notSent("cannot sign") }
            let headers = [
                (name: "Authorization", value: authorization), (name: "Accept", value: "application/json"),
                (name: "Content-Type", value: "application/json;charset=UTF-8"),
                (name: "User-Agent", value: "refund-portal"),
            ]
            return ChannelRequest(
                method: .post, url: account.base.text + path, headers: headers, body: body, timeout: account.timeout)
        }
    }
}
