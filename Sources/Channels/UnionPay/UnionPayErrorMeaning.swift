import RefundDomain

extension UnionPay {
    /// What the gateway's answer codes (`respCode`, `origRespCode`) mean for money.
    ///
    /// They are another list than the codes of terminals (ISO 8583), some of which look the same. A message counts
    /// only after its signature has held, so that every code here is UnionPay's own word.
    enum ErrorMeaning {
        /// The meaning of an answer to sending: `00` says no more than that the order was taken on.
        static func ofRefund(_ code: String) -> ChannelVerdict {
            switch code {
            case "00", "A6": .accepted
            // Signature, merchant, rights: nothing that we send is taken until somebody has put that right.
            case "11", "31", "32": .refusedOperator
            case "10", "13", "14", "30", "33", "35", "36", "38", "39": .failed
            default: isIssuersRefusal(code) ? .failed : .unknown
            }
        }

        /// The meaning of an answer to asking; nil when the state of the order itself decides.
        static func ofQuery(_ code: String) -> ChannelVerdict? {
            switch code {
            case "00": nil
            case "34": .neverSeen
            default: .unknown
            }
        }

        /// The meaning of an order's own state, as answers to asking and notices tell it.
        static func ofState(_ code: String) -> ChannelVerdict {
            switch code {
            case "00", "A6": .succeeded
            case "03", "04", "05": .accepted
            case "01", "02", "06", "10", "11", "13", "14", "30", "31", "32", "33", "35", "36", "38", "39": .failed
            default: isIssuersRefusal(code) ? .failed : .unknown
            }
        }

        /// Reasons of the bank that issued the card, all of which end the order. Not 74 and 75: money was moved there.
        private static func isIssuersRefusal(_ code: String) -> Bool {
            guard code.utf8.count == 2, let number = Int(code) else { return false }
            return (40...42).contains(number) || ((60...80).contains(number) && number != 74 && number != 75)
        }
    }
}
