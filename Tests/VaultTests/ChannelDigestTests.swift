import Testing

@testable import Vault

struct ChannelDigestTests {
    /// RFC 1321 A.5, FIPS 180-2 A.1 and GB/T 32905-2016 A.1 and A.2.
    @Test func digestsOfPublishedMessages() {
        #expect(Hex.encode(Digest.md5([])) == "d41d8cd98f00b204e9800998ecf8427e")
        #expect(Hex.encode(Digest.md5(utf8("abc"))) == "900150983cd24fb0d6963f7d28e17f72")
        #expect(Hex.encode(Digest.sha1([])) == "da39a3ee5e6b4b0d3255bfef95601890afd80709")
        #expect(Hex.encode(Digest.sha1(utf8("abc"))) == "a9993e364706816aba3e25717850c26c9cd0d89d")
        let abc = "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
        let abcd = "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"
        #expect(Hex.encode(Digest.sm3(utf8("abc"))) == abc)
        #expect(Hex.encode(Digest.sm3(utf8(String(repeating: "abcd", count: 16)))) == abcd)
    }

    /// GB/T 32907-2016 A.1 and A.2, behind the one block of padding that each message ends with.
    @Test func blocksOfPublishedMessages() throws {
        let key = try hex("0123456789abcdeffedcba9876543210")
        let sealed = try SM4.seal(key, key: key)
        #expect(sealed.count == 32)
        #expect(Hex.encode(Array(sealed.prefix(16))) == "681edf34d206965e86b3e94f536e4246")
        #expect(try SM4.open(sealed, key: key) == key)
        var block = key
        for _ in 0..<1000 { block = Array(try SM4.seal(block, key: key).prefix(16)) }
        let text = try run("enc", "-sm4-ecb", "-K", Hex.encode(key), "-nopad", "-d", input: block)
        #expect(try SM4.seal(text, key: key).prefix(16).elementsEqual(block))
    }

    @Test(arguments: [0, 1, 15, 16, 17, 31, 32, 1000])
    func everyLengthOpensAgainAndTheProgramAgrees(count: Int) throws {
        let key = try hex("00112233445566778899aabbccddeeff")
        let plain = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        let sealed = try SM4.seal(plain, key: key)
        #expect(sealed.count == (count / 16 + 1) * 16)
        #expect(try SM4.open(sealed, key: key) == plain)
        #expect(try run("enc", "-sm4-ecb", "-K", Hex.encode(key), input: plain) == sealed)
    }

    @Test func whatDoesNotFitIsDamaged() throws {
        let key = try hex("00112233445566778899aabbccddeeff")
        let sealed = try SM4.seal(utf8("0123456789abcdef"), key: key)
        for broken in [[], Array(sealed.dropLast()), Array(sealed.prefix(16)), sealed + [0]] {
            #expect(throws: VaultFault.damaged) { try SM4.open(broken, key: key) }
        }
        #expect(throws: VaultFault.openssl("SM4: key of 15 bytes")) { try SM4.seal([], key: Array(key.dropLast())) }
    }

    /// RSA Laboratories' `pkcs1v15sign-vectors.txt`, example 1.2: a key of 1024 bits, a signature over SHA-1.
    @Test func weakKeysAreReadOnlyWhereAskedFor() throws {
        let der = try hex("30819F300D06092A864886F70D010101050003818D0030818902818100" + rsaLabs.modulus + "0203010001")
        #expect(throws: VaultFault.unreadableKey(reason: "RSA key of 1024 bits")) { try RSAPublicKey(der: der) }
        let key = try RSAPublicKey(weakDER: der, digest: .sha1)
        let message = try hex(rsaLabs.message)
        let signature = try hex(rsaLabs.signature)
        #expect(key.verify(message, signature: signature))
        #expect(try RSAPublicKey(weakPEM: key.pem(), digest: .sha1).verify(message, signature: signature))
        #expect(try !RSAPublicKey(weakDER: der, digest: .sha256).verify(message, signature: signature))
        #expect(!key.verify(flipped(message, at: 9), signature: signature))
        #expect(!key.verify(message, signature: flipped(signature, at: 100)))
        #expect(throws: VaultFault.self) { try RSAPublicKey(weakDER: Array(der.dropLast()), digest: .sha1) }
    }

    @Test func signaturesOverSHA1AreTheProgramsOwn() throws {
        let key = try RSAPrivateKey(pem: Secret(TestKeys.pkcs1), digest: .sha1)
        let expected = try withFolder { folder in
            try write(TestKeys.pkcs1, to: "\(folder)/key.pem")
            return try run("dgst", "-sha1", "-sign", "\(folder)/key.pem", input: utf8("message"))
        }
        #expect(try key.sign(utf8("message")) == expected)
        #expect(try key.publicKey().verify(utf8("message"), signature: expected))
        #expect(try RSAPrivateKey(pem: Secret(TestKeys.pkcs1)).sign(utf8("message")) != expected)
    }

    private let rsaLabs = (
        modulus: """
        a56e4a0e701017589a5187dc7ea841d156f2ec0e36ad52a44dfeb1e61f7ad991d8c51056ffedb162b4c0f283a12a88a3
        94dff526ab7291cbb307ceabfce0b1dfd5cd9508096d5b2b8b6df5d671ef6377c0921cb23c270a70e2598e6ff89d19f1
        05acc2d3f0cb35f29280e1386b6f64c4ef22e1e1f20d0ce8cffb2249bd9a2137
        """,
        message: """
        851384cdfe819c22ed6c4ccb30daeb5cf059bc8e1166b7e3530c4c233e2b5f8f71a1cca582d43ecc72b1bca16dfc7013
        226b9e
        """,
        signature: """
        84fd2ce734ec1da828d0f15bf49a8707c15d05948136de537a3db421384167c86fae022587ee9e137daee75473826293
        2d271c744c6d3a189ad4311bdb020492e322fbddc40406ea860d4e8ea2a4084aa98b9622a446756fdb740ddb3d91db76
        70e211661bbf8709b11c08a70771422d1a12def29f0688a192aebd89e0f896f8
        """
    )
}
