import Testing
import Vault

@testable import Proofs

struct S3AddressTests {
    private static let store = "endpoint=https://s3.example.com&region=cn-north-1"

    @Test func anAddressIsReadWithItsDefaults() throws {
        let address = try S3Address("s3://proofs?\(Self.store)")
        #expect(address.bucket == "proofs")
        #expect(address.region == "cn-north-1")
        #expect(address.style == .path)
        #expect(address.prefix == "")
        #expect(address.host == "s3.example.com")
        #expect(address.path(of: "a b") == "/proofs/a%20b")
        #expect(address.path(of: nil) == "/proofs")
        #expect(address.url(path: "/proofs", query: "a=b") == "https://s3.example.com/proofs?a=b")
    }

    @Test func theBucketMayStandBeforeTheHost() throws {
        let address = try S3Address("s3://proofs?\(Self.store)&style=host&prefix=portal/%E9%80%80")
        #expect(address.host == "proofs.s3.example.com")
        #expect(address.path(of: address.prefix + "x") == "/portal/%E9%80%80/x")
        #expect(address.path(of: nil) == "/")
    }

    @Test(arguments: [
        ("https://S3.example.com/", "https", "s3.example.com"),
        ("https://s3.example.com:443", "https", "s3.example.com"),
        ("https://s3.example.com:9000", "https", "s3.example.com:9000"),
        ("https%3A%2F%2Fs3.example.com%3A9000", "https", "s3.example.com:9000"),
        ("http://127.0.0.1:9000", "http", "127.0.0.1:9000"), ("http://localhost:80", "http", "localhost"),
        ("http://[::1]:9000", "http", "[::1]:9000"), ("https://10.0.0.5", "https", "10.0.0.5"),
    ])
    func anEndpointIsReadAsItIsSent(endpoint: String, scheme: String, authority: String) throws {
        let address = try S3Address("s3://proofs?endpoint=\(endpoint)&region=auto")
        #expect(address.endpoint.scheme == scheme)
        #expect(address.endpoint.authority == authority)
    }

    @Test(arguments: [
        ("file:data", "s3://"), ("s3:proofs", "s3://"), ("s3://?\(store)", "bucket is missing"),
        ("s3://proofs/folder?\(store)", "prefix="), ("s3://Proofs?\(store)", "bucket"), ("s3://ab?\(store)", "bucket"),
        ("s3://-proofs?\(store)", "bucket"), ("s3://pro..ofs?\(store)", "bucket"), ("s3://退款退款?\(store)", "bucket"),
        ("s3://proofs", "endpoint is missing"), ("s3://proofs?region=x", "endpoint is missing"),
        ("s3://proofs?endpoint=https://a", "region is missing"), ("s3://proofs?endpoint=https://a&region=", "region"),
        ("s3://proofs?endpoint=https://a&region=US", "region"), ("s3://proofs?\(store)&style=dns", "style"),
        ("s3://proofs?\(store)&region=x", "twice"),
        ("s3://proofs?\(store)&secret_key=hunter2", "AWS_SECRET_ACCESS_KEY"),
        ("s3://proofs?\(store)&style", "NAME=VALUE"), ("s3://proofs?\(store)&prefix=%zz", "NAME=VALUE"),
        ("s3://proofs?\(store)&prefix=/a", "prefix"), ("s3://proofs?\(store)&prefix=a//b", "prefix"),
        ("s3://proofs?\(store)&prefix=a/../b", "prefix"), ("s3://proofs?\(store)&prefix=a%0Ab", "prefix"),
        ("s3://proofs?\(store)&prefix=\(String(repeating: "a", count: 513))", "prefix"),
        ("s3://proofs?endpoint=s3.example.com&region=x", "https://"),
        ("s3://proofs?endpoint=http://s3.example.com&region=x", "this machine"),
        ("s3://proofs?endpoint=http://127.0.0.1.example.com&region=x", "this machine"),
        ("s3://proofs?endpoint=https://user:hunter2@a&region=x", "port"),
        ("s3://proofs?endpoint=https://hunter2@a&region=x", "HOST"),
        ("s3://proofs?endpoint=https://a/path&region=x", "HOST"),
        ("s3://proofs?endpoint=https://&region=x", "https://"),
        ("s3://proofs?endpoint=https://a:0&region=x", "port"),
        ("s3://proofs?endpoint=https://a:65536&region=x", "port"),
        ("s3://proofs?endpoint=https://a:&region=x", "port"),
        ("s3://proofs?endpoint=https://10.0.0.5&region=x&style=host", "host name"),
        ("s3://pro.ofs?\(store)&style=host", "certificate"),
    ])
    func aWrongPartIsNamedAndNoValueIsRepeated(text: String, word: String) throws {
        let fault = try #require(throws: S3SettingFault.self) { try S3Address(text) }
        #expect(fault.reason.contains(word), "\(fault.reason)")
        #expect(!fault.reason.contains("hunter2"))
    }

    @Test(
        arguments: [
            ("", "secret", nil, "AWS_ACCESS_KEY_ID is missing"), ("key", "", nil, "AWS_SECRET_ACCESS_KEY is missing"),
            ("key", "hunter2\n", nil, "AWS_SECRET_ACCESS_KEY holds"), ("k y", "secret", nil, "AWS_ACCESS_KEY_ID holds"),
            ("key", "secret", "", "AWS_SESSION_TOKEN is missing"), ("key", "secret", "tök", "AWS_SESSION_TOKEN holds"),
        ] as [(String, String, String?, String)])
    func keysThatCannotBeRightNameTheirVariable(key: String, secret: String, token: String?, word: String) throws {
        let fault = try #require(throws: S3SettingFault.self) {
            try S3Credentials(accessKey: key, secretKey: Secret(secret), sessionToken: token.map { Secret($0) })
        }
        #expect(fault.reason.hasPrefix(word))
        #expect(!fault.reason.contains("hunter2"))
    }

    @Test func keysAreNeverPrinted() throws {
        let credentials = try S3Credentials(accessKey: "key", secretKey: Secret("hunter2"), sessionToken: Secret("tok"))
        #expect(!"\(credentials)".contains("hunter2") && !"\(credentials)".contains("tok\""))
    }
}
