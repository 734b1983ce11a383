internal import Foundation
internal import Vault

/// Signs requests: AWS Signature Version 4 in the `Authorization` header, with the digest of the body
/// (docs.aws.amazon.com, "Signature Calculations for the Authorization Header: Transferring Payload in a Single
/// Chunk").
struct S3Signer: Sendable {
    let region: String
    let credentials: S3Credentials

    private static let algorithm = "AWS4-HMAC-SHA256"

    /// What is signed of one request.
    struct Parts {
        let method: String
        /// Encoded once, as it is sent.
        let path: String
        /// Encoded and in order, as it is sent.
        let query: String
        let host: String
        /// Names in lower case; all of them are signed.
        let headers: [(name: String, value: String)]
        let bodySHA256: [UInt8]
    }

    /// All headers to send: the request's own, and those that the signature adds.
    ///
    /// - Parameter seconds: the time, in seconds since 1970 UTC.
    func headers(for parts: Parts, at seconds: Int64) -> [(name: String, value: String)] {
        let time = S3Signer.timeText(seconds)
        let digest = Hex.encode(parts.bodySHA256)
        var headers = parts.headers
        headers.append((name: "host", value: parts.host))
        headers.append((name: "x-amz-content-sha256", value: digest))
        headers.append((name: "x-amz-date", value: time))
        if let token = credentials.sessionToken?.text { headers.append((name: "x-amz-security-token", value: token)) }
        headers.sort { $0.name < $1.name }
        let names = headers.map(\.name).joined(separator: ";")
        let canonical = [
            parts.method, parts.path, parts.query,
            headers.map { "\($0.name):\($0.value)\n" }.joined(), names, digest,
        ].joined(separator: "\n")
        let day = String(time.prefix(8))
        let scope = "\(day)/\(region)/s3/aws4_request"
        let text = [S3Signer.algorithm, time, scope, Hex.encode(Digest.sha256(canonical))].joined(separator: "\n")
        let signature = Hex.encode(Digest.hmacSHA256(key: key(for: day), message: Array(text.utf8)))
        let authorization =
            "\(S3Signer.algorithm) Credential=\(credentials.accessKey)/\(scope),"
            + "SignedHeaders=\(names),Signature=\(signature)"
        return headers + [(name: "authorization", value: authorization)]
    }

    private func key(for day: String) -> [UInt8] {
        [day, region, "s3", "aws4_request"].reduce(Array("AWS4".utf8) + credentials.secretKey.bytes) {
            Digest.hmacSHA256(key: $0, message: Array($1.utf8))
        }
    }

    /// `YYYYMMDDThhmmssZ`.
    private static func timeText(_ seconds: Int64) -> String {
        var time = time_t(seconds)
        var parts = tm()
        gmtime_r(&time, &parts)
        let numbers = [
            parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec,
        ].map { $0 < 10 ? "0\($0)" : "\($0)" }
        return numbers.prefix(3).joined() + "T" + numbers.dropFirst(3).joined() + "Z"
    }
}
