import RefundDomain

extension Alipay {
    /// What the codes of an answer mean for money (opendocs: public error codes, and those of `alipay.trade.refund`).
    enum ErrorMeaning {
        /// The meaning of an answer to sending that is no `10000`.
        ///
        /// An unsigned answer may lead to another try with the same number or to a query, never to an end: anybody
        /// between us and Alipay could have written it.
        static func ofRefund(code: String, subCode: String, verified: Bool) -> ChannelVerdict {
            switch code {
            // Throttled at the entrance: not executed.
            case "40005": .notExecuted
            case "20001", "40003", "40006": .refusedOperator
            case "40001", "40002": ofRequest(subCode, verified: verified)
            case "40004": ofBusiness(subCode, verified: verified)
            default: .unknown
            }
        }

        /// The request itself was wrong: a key or a certificate, which a person mends, or our own mistake.
        private static func ofRequest(_ subCode: String, verified: Bool) -> ChannelVerdict {
            isOfAccount(subCode) || !verified ? .refusedOperator : .failed
        }

        /// Whether a code is about the application's number, keys or rights and not about a payment.
        static func isOfAccount(_ code: String) -> Bool {
            ["20001", "40003", "40006"].contains(code) || code.hasPrefix("aop.")
                || (code.hasPrefix("isv.") && ["sign", "cert", "app-id"].contains { code.contains($0) })
        }

        private static func ofBusiness(_ subCode: String, verified: Bool) -> ChannelVerdict {
            if funds.contains(subCode) { return .noFunds }
            if operators.contains(subCode) || subCode.hasPrefix("ACQ.MERCHANT_") || subCode.hasPrefix("ACQ.OVERDRAFT_")
            {
                return .refusedOperator
            }
            if later.contains(subCode) { return .notExecuted }
            return final.contains(subCode) && verified ? .failed : .unknown
        }

        /// Whether a refusal is for the state of the payment, which asking for the payment confirms or not.
        static func isOfTrade(_ code: String) -> Bool {
            code == "ACQ.TRADE_STATUS_ERROR" || code == "ACQ.REASON_TRADE_STATUS_INVALID"
        }

        private static let funds: Set<String> = ["ACQ.SELLER_BALANCE_NOT_ENOUGH"]
        /// Nothing was done; the same request may be sent again.
        private static let later: Set<String> = ["ACQ.REFUND_CHARGE_ERROR"]
        /// A person has to put something right before any refund can go out.
        private static let operators: Set<String> = [
            "ACQ.REASON_TRADE_BEEN_FREEZEN", "ACQ.REFUND_ACCOUNT_NOT_EXIST", "ACQ.ALLOC_AMOUNT_VALIDATE_ERROR",
            "ACQ.REFUND_ROYALTY_PAYEE_ACCOUNT_NOT_EXIST", "ACQ.ACCESS_FORBIDDEN", "ACQ.SELLER_BEEN_BLOCKED",
        ]
        /// Nothing was done and nothing will be under these parameters.
        private static let final: Set<String> = [
            "ACQ.REFUND_AMT_NOT_EQUAL_TOTAL", "ACQ.REASON_TRADE_REFUND_FEE_ERR", "ACQ.REFUND_FEE_ERROR",
            "ACQ.NOT_ALLOW_PARTIAL_REFUND", "ACQ.ONLINE_TRADE_VOUCHER_NOT_ALLOW_REFUND", "ACQ.TRADE_NOT_ALLOW_REFUND",
            "ACQ.TRADE_NOT_EXIST", "ACQ.TRADE_HAS_FINISHED", "ACQ.TRADE_STATUS_ERROR",
            "ACQ.REASON_TRADE_STATUS_INVALID", "ACQ.BUYER_ERROR", "ACQ.CUSTOMER_VALIDATE_ERROR", "ACQ.BUYER_NOT_EXIST",
            "ACQ.INVALID_PARAMETER",
        ]
    }
}
