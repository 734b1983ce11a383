import Testing

@testable import Vault

struct DigestTests {
    @Test func sha256OfPublishedMessages() throws {
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        #expect(Hex.encode(Digest.sha256([])) == empty)
        #expect(Hex.encode(Digest.sha256("abc")) == abc)
    }

    @Test func aMessageInPiecesHasTheDigestOfTheWhole() {
        let message = (0..<1000).map { UInt8(truncatingIfNeeded: $0) }
        var stream = SHA256Stream()
        stream.add(Array(message.prefix(1)))
        stream.add([])
        stream.add(Array(message.dropFirst(1)))
        #expect(stream.finish() == Digest.sha256(message))
    }

    /// RFC 4231, cases 1, 2, 3 and 6.
    @Test func hmacOfPublishedMessages() throws {
        let cases: [(key: [UInt8], message: [UInt8], digest: String)] = [
            (
                Array(repeating: 0x0b, count: 20), utf8("Hi There"),
                "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
            ),
            (
                utf8("Jefe"), utf8("what do ya want for nothing?"),
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
            ),
            (
                Array(repeating: 0xaa, count: 20), Array(repeating: 0xdd, count: 50),
                "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"
            ),
            (
                Array(repeating: 0xaa, count: 131), utf8("Test Using Larger Than Block-Size Key - Hash Key First"),
                "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
            ),
        ]
        for (key, message, digest) in cases {
            #expect(Hex.encode(Digest.hmacSHA256(key: key, message: message)) == digest)
        }
    }

    /// RFC 5869, appendices A.1 and A.3.
    @Test func keyDerivationOfPublishedSecrets() throws {
        let secret = [UInt8](repeating: 0x0b, count: 22)
        let first = Digest.hkdfSHA256(
            secret: secret, salt: try hex("000102030405060708090a0b0c"), label: try hex("f0f1f2f3f4f5f6f7f8f9"),
            count: 42)
        #expect(
            Hex.encode(first)
                == "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865")
        let third = Digest.hkdfSHA256(secret: secret, label: [], count: 42)
        #expect(
            Hex.encode(third)
                == "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8")
        #expect(Digest.hkdfSHA256(secret: secret, label: [], count: 9000).count == 8160)
    }

    /// RFC 5649, section 6.
    @Test func keysWrapAsPublished() throws {
        let wrappingKey = try hex("5840df6e29b02af1 ab493b705bf16ea1 ae8338f4dcc176a8")
        let long = try hex("c37b7e6492584340 bed1220780894115 5068f738")
        let wrapped = try hex("138bdeaa9b8fa7fc 61f97742e72248ee 5ae6ae5360d1ae6a 5f54f373fa543b6a")
        #expect(try KeyWrap.wrap(long, under: wrappingKey) == wrapped)
        #expect(try KeyWrap.unwrap(wrapped, under: wrappingKey) == long)
        let short = try hex("466f7250617369")
        #expect(try KeyWrap.wrap(short, under: wrappingKey) == hex("afbeb0f07dfbf5419200f2ccb50bb24f"))
        for position in wrapped.indices {
            var changed = wrapped
            changed[position] ^= 0x80
            #expect(throws: VaultFault.damaged) { try KeyWrap.unwrap(changed, under: wrappingKey) }
        }
    }

    @Test func equalMeansEveryByte() {
        #expect(constantTimeEqual([], []))
        #expect(constantTimeEqual([1, 2, 3], [1, 2, 3]))
        #expect(!constantTimeEqual([1, 2, 3], [1, 2, 4]))
        #expect(!constantTimeEqual([1, 2, 3], [1, 2]))
    }
}
