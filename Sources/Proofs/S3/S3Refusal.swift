/// A refusal of the store, by its status and the code of its document
/// (docs.aws.amazon.com, "Amazon S3 API Reference", "Error responses").
struct S3Refusal: Sendable, Hashable {
    let status: Int
    /// Letters only; nil where the store gave none.
    let code: String?

    private static let codeLengthMax = 64

    init(status: Int, code: String?) {
        self.status = status
        let letters = code.map { $0.filter { $0.isASCII && ($0.isLetter || $0.isNumber) } } ?? ""
        self.code = letters.isEmpty ? nil : String(letters.prefix(S3Refusal.codeLengthMax))
    }

    /// Whether the same request may well succeed a moment later.
    var isPassing: Bool {
        if isFull { return false }
        if let code, S3Refusal.passing.contains(code) { return true }
        return [429, 500, 502, 503, 504].contains(status)
    }

    /// What it means to whoever uses the store.
    var fault: ProofStoreFault {
        if isFull { return .full }
        switch (status, code) {
        case (_, "NoSuchKey"): return .missing
        case (412, _), (_, "PreconditionFailed"): return .exists
        default: return .system(reason: "S3 \(meaning) (\(name))")
        }
    }

    private var name: String {
        (status == 200 ? [code] : ["\(status)", code]).compactMap { $0 }.joined(separator: " ")
    }

    private var isFull: Bool {
        status == 507 || code.map(S3Refusal.full.contains) ?? false
    }

    private var meaning: String {
        switch code {
        case "InvalidAccessKeyId": "does not know the access key: check AWS_ACCESS_KEY_ID"
        case "SignatureDoesNotMatch": "refuses the signature: check AWS_SECRET_ACCESS_KEY"
        case "ExpiredToken", "InvalidToken", "TokenRefreshRequired":
            "refuses the session: AWS_SESSION_TOKEN is wrong or has ended"
        case "AccessDenied", "AllAccessDisabled", "AccountProblem":
            "does not allow this: check the rights of the access key and the policy of the bucket"
        case "RequestTimeTooSkewed", "RequestExpired": "has another time than this machine: check both clocks"
        case "NoSuchBucket", "InvalidBucketName": "has no such bucket: check the name in PROOF_STORE_URL"
        case "PermanentRedirect", "TemporaryRedirect", "AuthorizationHeaderMalformed", "IllegalLocationConstraint":
            "keeps the bucket elsewhere: check endpoint and region in PROOF_STORE_URL"
        case .some, nil: isPassing ? "is not able to answer now" : unnamed
        }
    }

    private var unnamed: String {
        switch status {
        case 301, 302, 307, 308: "keeps the bucket elsewhere: check endpoint and region in PROOF_STORE_URL"
        case 404, 405: "does not know this address: check endpoint in PROOF_STORE_URL"
        case 401, 403: "does not allow this: check the keys, their rights and the policy of the bucket"
        default: "refuses the request"
        }
    }

    /// Codes that pass whatever status they come with, 200 among them.
    private static let passing: Set<String> = [
        "SlowDown", "InternalError", "ServiceUnavailable", "RequestTimeout", "Throttling", "ThrottlingException",
        "TooManyRequests", "ConditionalRequestConflict", "OperationAborted",
    ]

    /// How stores say that a disk or a quota is full.
    private static let full: Set<String> = [
        "InsufficientStorage", "QuotaExceeded", "StorageFull", "XMinioStorageFull", "XMinioAdminBucketQuotaExceeded",
    ]
}
