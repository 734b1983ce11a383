import RefundDomain
import Vault

extension WeChatPay {
    /// Refunds, queries and notices of one WeChat Pay merchant account.
    struct Client: ChannelClient {
        private let account: AccountSettings
        private let signer: RequestSigner
        private let verifier: SignatureVerifier
        private let exchange: ChannelExchange
        private let clock: @Sendable () -> Moment
        private let nonce: @Sendable () throws -> String

        private static let refundsPath = "/v3/refund/domestic/refunds"

        /// 200 or 204 (merchant document 4012587976).
        var acknowledgement: ChannelAcknowledgement { .empty }

        init(
            account: AccountSettings, exchange: @escaping ChannelExchange, clock: @escaping @Sendable () -> Moment,
            nonce: @escaping @Sendable () throws -> String
        ) {
            self.account = account
            self.signer = RequestSigner(
                merchantNumber: account.merchantNumber, merchantSerial: account.merchantSerial,
                privateKey: account.privateKey)
            self.verifier = SignatureVerifier(keys: account.platformKeys)
            self.exchange = exchange
            self.clock = clock
            self.nonce = nonce
        }

        func refund(_ order: RefundOrder) async -> ChannelAnswer {
            if let detour = order.detour { return await goOn(order, detour) }
            guard let body = RefundBody.bytes(order, subMerchantNumber: account.subMerchantNumber) else {
                return alert(.incompleteOrder, .refusedOperator)
            }
            return await call(.post, Self.refundsPath, body, order) { status, code, verified in
                ErrorMeaning.ofRefund(status: status, code: code, verified: verified)
            }
        }

        /// Has the channel pay a stuck refund to another card.
        private func goOn(_ order: RefundOrder, _ detour: Detour) async -> ChannelAnswer {
            let body = AbnormalRefundBody(
                order, subMerchantNumber: account.subMerchantNumber, keys: account.platformKeys, at: clock())
            guard let body else { return alert(.incompleteOrder, .refusedOperator) }
            let path = "\(Self.refundsPath)/\(encoded(detour.channelRefundNumber))/apply-abnormal-refund"
            return await call(.post, path, body.bytes, order, serial: body.serial) { status, code, verified in
                ErrorMeaning.ofDetour(status: status, code: code, verified: verified)
            }
        }

        func query(_ order: RefundOrder) async -> ChannelAnswer {
            var path = "\(Self.refundsPath)/\(encoded(order.channelsNumber))"
            if let sub = account.subMerchantNumber { path += "?sub_mchid=\(sub)" }
            let answer = await call(.get, path, [], order) { status, code, _ in
                // A refund that came back has been seen: its number cannot be unknown.
                order.detour == nil ? ErrorMeaning.ofQuery(status: status, code: code) : .unknown
            }
            guard answer.verdict == .notExecuted else { return answer }
            // Nothing reached the channel: that says nothing about the refund that was sent before.
            return ChannelAnswer(verdict: .unknown, code: answer.code, verified: false)
        }

        func readNotice(headers: ChannelHeaders, body: [UInt8]) throws(NoticeFault) -> ChannelNotice {
            let reader = NoticeReader(
                verifier: verifier, apiV3Key: account.apiV3Key, merchantNumber: account.merchantNumber,
                subMerchantNumber: account.subMerchantNumber)
            return try reader.read(headers, body, at: clock())
        }

        func standing(after answer: ChannelAnswer) -> AccountStanding {
            answer.verdict == .neverSeen ? .known : ErrorMeaning.isOfAccount(answer.code) ? .refused : .unclear
        }

        private func call(
            _ method: ChannelRequest.Method, _ path: String, _ body: [UInt8], _ order: RefundOrder,
            serial: String? = nil, meaning: (_ status: Int, _ code: String, _ verified: Bool) -> ChannelVerdict
        ) async -> ChannelAnswer {
            let response: ChannelResponse
            do {
                response = try await exchange(request(method, path, body, serial))
            } catch ExchangeFault.notSent {
                return ChannelAnswer(verdict: .notExecuted, code: "not connected", verified: false)
            } catch {
                return ChannelAnswer(verdict: .unknown, code: "no answer", verified: false)
            }
            return read(response, order, meaning)
        }

        private func request(
            _ method: ChannelRequest.Method, _ path: String, _ body: [UInt8], _ serial: String?
        ) throws -> ChannelRequest {
            let authorization: String
            do {
                authorization = try signer.authorization(
                    method: method.rawValue, path: path, timestamp: clock().seconds, nonce: try nonce(), body: body)
            } catch { throw ExchangeFault.notSent("cannot sign") }
            var headers = [
                (name: "Authorization", value: authorization), (name: "Accept", value: "application/json"),
                (name: "Content-Type", value: "application/json"), (name: "User-Agent", value: "refund-portal"),
            ]
            if let serial = serial ?? account.platformKeys.publicKeyID {
                headers.append((name: "Wechatpay-Serial", value: serial))
            }
            return ChannelRequest(
                method: method, url: account.base.text + path, headers: headers, body: body, timeout: account.timeout)
        }

        private func read(
            _ response: ChannelResponse, _ order: RefundOrder,
            _ meaning: (_ status: Int, _ code: String, _ verified: Bool) -> ChannelVerdict
        ) -> ChannelAnswer {
            let finding = verifier.check(response.headers, response.body, at: clock())
            if case .refused(let fault) = finding { return alert(ChannelAlert(fault), .unknown) }
            let verified = finding == .verified
            guard (200...299).contains(response.status) else {
                let code = ErrorMeaning.word(status: response.status, body: response.body)
                let verdict = meaning(response.status, code, verified)
                return ChannelAnswer(verdict: verdict, code: code, verified: verified)
            }
            guard verified else { return alert(.unsigned, .unknown) }
            guard let json = StrictJSON(response.body), let refund = RefundReport.read(json, .answer) else {
                return alert(.unreadable, .unknown, verified: true)
            }
            return refund.answer(to: order)
        }

        private func alert(
            _ alert: ChannelAlert, _ verdict: ChannelVerdict, verified: Bool = false
        ) -> ChannelAnswer {
            ChannelAnswer(verdict: verdict, code: alert.rawValue, verified: verified)
        }

        /// Our number as one part of a path; `|` and `*` would otherwise be written differently along the way.
        private func encoded(_ number: String) -> String {
            var result = ""
            for byte in number.utf8 {
                let scalar = Unicode.Scalar(byte)
                let isPlain =
                    (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
                    || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
                let digits = String(byte, radix: 16, uppercase: true)
                result += isPlain ? String(scalar) : "%" + (byte < 16 ? "0" : "") + digits
            }
            return result
        }
    }
}
