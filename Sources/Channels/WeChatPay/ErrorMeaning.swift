import RefundDomain

extension WeChatPay {
    /// What an error answer means for money (merchant document 4012587971, error codes).
    ///
    /// Error answers may come without a signature. An unsigned one may lead to another try with the same number, or
    /// to a query, but never to a final state: anybody between us and the channel could have written it.
    enum ErrorMeaning {
        /// The meaning of an error on sending a refund.
        static func ofRefund(status: Int, code: String, verified: Bool) -> ChannelVerdict {
            switch (status, code) {
            case (429, _): .notExecuted
            case (403, "NOT_ENOUGH"): .noFunds
            case (401, _), (403, "NO_AUTH"), (403, "REQUEST_BLOCKED"), (404, "MCH_NOT_EXISTS"): .refusedOperator
            case (400, "PARAM_ERROR"), (400, "INVALID_REQUEST"), (403, "USER_ACCOUNT_ABNORMAL"),
                (404, "RESOURCE_NOT_EXISTS"):
                verified ? .failed : .unknown
            default: .unknown
            }
        }

        /// The meaning of an error on paying a stuck refund to another card. A signed no leaves the money where it was,
        /// with the channel: it is no failure of the refund, but another account is needed.
        static func ofDetour(status: Int, code: String, verified: Bool) -> ChannelVerdict {
            let verdict = ofRefund(status: status, code: code, verified: verified)
            switch verdict {
            case .failed: return .needsPayeeAction
            // Nothing is taken from the merchant a second time.
            case .noFunds: return .unknown
            case .succeeded, .accepted, .unknown, .notExecuted, .refusedOperator, .needsPayeeAction, .returned,
                .neverSeen:
                return verdict
            }
        }

        /// The meaning of an error on asking for a refund: only "never seen" says anything about the refund itself.
        static func ofQuery(status: Int, code: String) -> ChannelVerdict {
            status == 404 && code == "RESOURCE_NOT_EXISTS" ? .neverSeen : .unknown
        }

        /// Whether an error is about the merchant's number, keys or rights and not about a refund.
        static func isOfAccount(_ code: String) -> Bool {
            ["SIGN_ERROR", "NO_AUTH", "REQUEST_BLOCKED", "MCH_NOT_EXISTS", "http 401", "http 403"].contains(code)
        }

        /// The channel's word, or `http 500` where the answer has none in the channel's own alphabet.
        static func word(status: Int, body: [UInt8]) -> String {
            let told = StrictJSON(body)?["code"]?.text ?? ""
            let isWord =
                (1...64).contains(told.utf8.count)
                && told.utf8.allSatisfy { (65...90).contains($0) || (48...57).contains($0) || $0 == 0x5F }
            return isWord ? told : "http \(status)"
        }
    }
}
