import Testing

@testable import Vault

struct RSAKeyTests {
    @Test func aGeneratedKeySurvivesItsText() throws {
        let key = try RSAPrivateKey.generate()
        let pem = try key.pem()
        #expect(pem.text?.hasPrefix("-----BEGIN PRIVATE KEY-----") == true)
        let signature = try RSAPrivateKey(pem: pem).sign(utf8("message"))
        let publicKey = try RSAPublicKey(pem: try key.publicKey().pem())
        #expect(publicKey.verify(utf8("message"), signature: signature))
        #expect(!publicKey.verify(utf8("massage"), signature: signature))
        let stranger = try RSAPrivateKey.generate().publicKey()
        #expect(!stranger.verify(utf8("message"), signature: signature))
    }

    @Test func manySignaturesAtOnceAreAllGood() async throws {
        let key = try RSAPrivateKey.generate()
        let publicKey = try key.publicKey()
        let good = try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 0..<64 {
                group.addTask { publicKey.verify(utf8("\(number)"), signature: try key.sign(utf8("\(number)"))) }
            }
            return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(good == 64)
    }

    @Test func shortOtherLockedAndBrokenKeysAreRefused() throws {
        for pem in [TestKeys.rsa1024, TestKeys.elliptic, TestKeys.locked, "", "-----BEGIN PRIVATE KEY-----\nAAAA\n"] {
            let fault = #expect(throws: VaultFault.self) { try RSAPrivateKey(pem: Secret(pem)) }
            guard case .unreadableKey = fault else {
                Issue.record("\(String(describing: fault))")
                continue
            }
        }
        #expect(throws: VaultFault.self) { try RSAPrivateKey(der: Secret("no key")) }
        #expect(throws: VaultFault.self) { try RSAPublicKey(pem: "no key") }
        #expect(throws: VaultFault.self) { try RSAPublicKey(der: [0x30, 0]) }
        #expect(throws: VaultFault.self) { try RSAPrivateKey.generate(bits: 1024) }
    }

    @Test func theOlderTextFormIsRead() throws {
        let key = try RSAPrivateKey(pem: Secret(TestKeys.pkcs1))
        #expect(try key.publicKey().verify(utf8("m"), signature: try key.sign(utf8("m"))))
    }

    @Test func aCertificateOfOurOwnReadsBack() throws {
        let key = try RSAPrivateKey.generate()
        let made = try Certificate.selfSigned(
            key, commonName: "沙箱 Bank", notBefore: 1_700_000_000, notAfter: 1_900_000_000)
        let read = try Certificate(pem: made.pem)
        #expect(read.serialHex == made.serialHex)
        #expect(read.serialHex.utf8.count == 32)
        #expect(read.notBefore == 1_700_000_000)
        #expect(read.notAfter == 1_900_000_000)
        #expect(read.subjectCommonName == "沙箱 Bank")
        let signature = try key.sign(utf8("message"))
        #expect(read.publicKey?.verify(utf8("message"), signature: signature) == true)
        #expect(throws: VaultFault.self) { try Certificate(pem: "no certificate") }
    }
}
