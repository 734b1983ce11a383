import Testing

@testable import Vault

struct RSAFieldTests {
    @Test func thePublishedFieldIsRead() throws {
        let vector = try #require(try ChannelVector.all("rsa-oaep-sha1-decrypt").first)
        let key = try RSAPrivateKey(der: Secret(bytes: base64(vector.privateKeyPkcs8DerB64)))
        #expect(try key.decrypt(base64(vector.ciphertextB64)) == bytes(vector.plaintext))
        let again = try key.publicKey().encrypt(bytes(vector.plaintext))
        #expect(try key.decrypt(again) == bytes(vector.plaintext))
        #expect(try key.publicKey().encrypt(bytes(vector.plaintext)) != again)
    }

    @Test func anythingElseIsAFault() throws {
        let vector = try #require(try ChannelVector.all("rsa-oaep-sha1-decrypt").first)
        let key = try RSAPrivateKey(der: Secret(bytes: base64(vector.privateKeyPkcs8DerB64)))
        var changed = try base64(vector.ciphertextB64)
        changed[7] ^= 1
        #expect(throws: VaultFault.self) { try key.decrypt(changed) }
        #expect(throws: VaultFault.self) { try key.decrypt([]) }
        #expect(throws: VaultFault.self) { try key.publicKey().encrypt([UInt8](repeating: 1, count: 215)) }
        #expect(try key.decrypt(key.publicKey().encrypt([UInt8](repeating: 1, count: 214))).count == 214)
    }
}
