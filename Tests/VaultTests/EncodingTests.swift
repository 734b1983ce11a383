import Testing

@testable import Vault

struct EncodingTests {
    /// RFC 4648, section 10.
    @Test func publishedTextsInEveryBase() {
        let cases = [
            ("", "", "", ""),
            ("f", "Zg==", "MY", "66"),
            ("fo", "Zm8=", "MZXQ", "666f"),
            ("foo", "Zm9v", "MZXW6", "666f6f"),
            ("foob", "Zm9vYg==", "MZXW6YQ", "666f6f62"),
            ("fooba", "Zm9vYmE=", "MZXW6YTB", "666f6f6261"),
            ("foobar", "Zm9vYmFy", "MZXW6YTBOI", "666f6f626172"),
        ]
        for (plain, base64, base32, base16) in cases {
            let bytes = utf8(plain)
            #expect(Base64.encode(bytes) == base64)
            #expect(Base64.decode(base64) == bytes)
            #expect(Base64.decodeURL(Base64.encodeURL(bytes)) == bytes)
            #expect(Base32.encode(bytes) == base32)
            #expect(Base32.decode(base32.lowercased()) == bytes)
            #expect(Hex.encode(bytes) == base16)
            #expect(Hex.decode(base16.uppercased()) == bytes)
        }
    }

    @Test func onlyTheOneWayToWriteBytesIsRead() {
        for text in ["Zg", "Zg=", "Zh==", "Zg==\n", " Zg==", "Zm9v!", "Z-9v", "===="] {
            #expect(Base64.decode(text) == nil, "\(text)")
        }
        for text in ["Zg==", "Zm+v", "Zm/v", "Zh", "Z"] {
            #expect(Base64.decodeURL(text) == nil, "\(text)")
        }
        #expect(Base64.encodeURL([0xfb, 0xff]) == "-_8")
        #expect(Hex.decode("0") == nil)
        #expect(Hex.decode("0g") == nil)
        #expect(Base32.decode("M1") == nil)
    }

    @Test func tokensAreLongAndNeverTheSame() throws {
        let tokens = try (0..<100).map { _ in try Random.token() }
        #expect(Set(tokens).count == 100)
        #expect(tokens.allSatisfy { $0.utf8.count == 43 && Base64.decodeURL($0)?.count == 32 })
    }

    @Test func codesAreSixDigitsWithLeadingZeros() throws {
        let codes = try (0..<2000).map { _ in try Random.code6() }
        #expect(codes.allSatisfy { $0.utf8.count == 6 && $0.utf8.allSatisfy { (48...57).contains($0) } })
        #expect(codes.contains { $0.hasPrefix("0") })
        #expect(Set(codes).count > 1900)
    }

    @Test func caseBitsStayWithinForty() throws {
        for _ in 0..<100 { #expect(try Random.bits40() < 1 << 40) }
    }

    @Test func aSecretPrintsAsDots() {
        let secret = Secret("canary-4711")
        var dumped = ""
        dump([secret], to: &dumped)
        for text in ["\(secret)", String(reflecting: secret), String(describing: [secret]), dumped] {
            #expect(!text.contains("canary"))
            #expect(!text.contains("99"))
        }
        #expect("\(secret)" == "•••")
        #expect("\(DataKey.sample())".contains("•••"))
        #expect(secret.text == "canary-4711")
        #expect(Secret(bytes: [0xff]).text == nil)
    }
}
