/// Why the cardholder asks for money back; the codes are those of the form.
public enum RequestReason: String, Sendable, Hashable, CaseIterable {
    case duplicateCharge = "duplicate-charge"
    case wrongAmount = "wrong-amount"
    case goodsReturned = "goods-returned"
    case goodsFaulty = "goods-faulty"
    case notReceived = "not-received"
    case cancelled
    case serviceNotProvided = "service-not-provided"
    case cardLostOrDamaged = "card-lost-or-damaged"
    case terminalFault = "terminal-fault"
    case unrecognised
    case other

    /// Whether the words in "details" must be filled in.
    public var needsDetails: Bool {
        switch self {
        case .other, .unrecognised, .wrongAmount: true
        case .duplicateCharge, .goodsReturned, .goodsFaulty, .notReceived, .cancelled, .serviceNotProvided,
            .cardLostOrDamaged, .terminalFault:
            false
        }
    }

    /// What the reason makes us ask for as proof.
    public var proof: ProofDemand {
        switch self {
        case .goodsFaulty: .demanded([.photo, .receipt])
        case .goodsReturned: .demanded([.returnReceipt, .receipt])
        case .wrongAmount, .duplicateCharge: .helpful([.receipt, .bankRecord])
        case .notReceived, .cancelled, .serviceNotProvided: .helpful([.correspondence, .receipt])
        case .cardLostOrDamaged: .helpful([.bankRecord])
        case .terminalFault: .helpful([.receipt, .bankRecord])
        case .unrecognised, .other: .helpful([.bankRecord, .receipt])
        }
    }
}

/// Whether proof has to be there before a request can be sent, and which kinds help.
public enum ProofDemand: Sendable, Hashable {
    case demanded([ProofKind])
    case helpful([ProofKind])

    public var isDemanded: Bool {
        switch self {
        case .demanded: true
        case .helpful: false
        }
    }

    public var kinds: [ProofKind] {
        switch self {
        case .demanded(let kinds), .helpful(let kinds): kinds
        }
    }
}

/// What an uploaded file shows.
public enum ProofKind: String, Sendable, Hashable, CaseIterable {
    case receipt
    case photo
    case returnReceipt = "return-receipt"
    case bankRecord = "bank-record"
    case correspondence
    case other
}

/// Why a reviewer says no.
public enum DeclineReason: String, Sendable, Hashable, CaseIterable {
    case notOurPayment = "not-our-payment"
    case alreadyRefunded = "already-refunded"
    case outsideTerms = "outside-terms"
    case goodsUsed = "goods-used"
    case serviceGiven = "service-given"
    case proofInsufficient = "proof-insufficient"
    case suspectedFraud = "suspected-fraud"
    case other
}

/// What the cardholder can do after a no.
public enum Remedy: String, Sendable, Hashable, CaseIterable {
    case appeal
    case moreProof = "more-proof"
    case contactMerchant = "contact-merchant"
    case otherBody = "other-body"
}

/// What a reviewer confirms before approving; all of them are needed.
public enum Check: String, Sendable, Hashable, CaseIterable {
    case card
    case time
    case amount
}
