import Testing
import Vault

@testable import Proofs

/// The examples of docs.aws.amazon.com, "Signature Calculations for the Authorization Header: Transferring Payload in a
/// Single Chunk (AWS Signature Version 4)".
struct S3SignerTests {
    /// 24 May 2013, midnight UTC.
    private static let time: Int64 = 1_369_353_600

    private static func parts(
        _ method: String, _ path: String, query: [(name: String, value: String)] = [],
        headers: [(name: String, value: String)] = [], body: String = ""
    ) -> S3Signer.Parts {
        S3Signer.Parts(
            method: method, path: S3Encoding.path(path), query: S3Encoding.query(query),
            host: "examplebucket.s3.amazonaws.com", headers: headers, bodySHA256: Digest.sha256(body))
    }

    @Test(
        arguments: [
            (
                parts("GET", "/test.txt", headers: [("range", "bytes=0-9")]),
                "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"
            ),
            (
                parts(
                    "PUT", "/test$file.text",
                    headers: [
                        ("date", "Fri, 24 May 2013 00:00:00 GMT"), ("x-amz-storage-class", "REDUCED_REDUNDANCY"),
                    ], body: "Welcome to Amazon S3."),
                "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"
            ),
            (
                parts("GET", "/", query: [("lifecycle", "")]),
                "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"
            ),
            (
                parts("GET", "/", query: [("prefix", "J"), ("max-keys", "2")]),
                "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"
            ),
        ])
    func thePublishedExamplesComeOut(parts: S3Signer.Parts, signature: String) throws {
        let headers = try signer().headers(for: parts, at: Self.time)
        let authorization = try #require(headers.last { $0.name == "authorization" }?.value)
        #expect(authorization.hasSuffix("Signature=" + signature))
        #expect(
            authorization.hasPrefix(
                "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,SignedHeaders="))
        #expect(headers.contains { $0.name == "x-amz-date" && $0.value == "20130524T000000Z" })
    }

    @Test func aSessionTokenIsSentAndSigned() throws {
        let headers = try signer(token: "token").headers(for: Self.parts("GET", "/test.txt"), at: Self.time)
        #expect(headers.contains { $0.name == "x-amz-security-token" && $0.value == "token" })
        #expect(headers.last?.value.contains(";x-amz-security-token,") == true)
    }

    @Test func onlyUnreservedCharactersStayAsTheyAre() {
        #expect(S3Encoding.path("/a b/+~退款-._*") == "/a%20b/%2B~%E9%80%80%E6%AC%BE-._%2A")
        #expect(S3Encoding.value("a/b=c&d") == "a%2Fb%3Dc%26d")
        #expect(S3Encoding.query([("b", "2"), ("a", "x y"), ("B", "")]) == "B=&a=x%20y&b=2")
        #expect(S3Encoding.decode("a%2Fb+%E9%80%80") == "a/b+退")
        for broken in ["%", "%2", "%zz", "%ff"] { #expect(S3Encoding.decode(broken[...]) == nil) }
    }

    private func signer(token: String? = nil) throws -> S3Signer {
        S3Signer(
            region: "us-east-1",
            credentials: try S3Credentials(
                accessKey: "AKIAIOSFODNN7EXAMPLE", secretKey: Secret("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
                sessionToken: token.map { Secret($0) }))
    }
}
