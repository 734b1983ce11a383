import Testing

@testable import Vault

/// Every published example is held by some test, and none holds after one byte of it was changed.
struct EveryVectorTests {
    /// The kinds, and how many there are of each; what their messages mean is tested beside each channel's client.
    private static let counts = [
        "rsa-sha256-pkcs1v15-sign": 2, "rsa-sha256-pkcs1v15-verify": 5, "aes-256-gcm-decrypt": 2,
        "rsa-oaep-sha1-decrypt": 1, "alipay-cert-sn": 1, "alipay-root-cert-sn": 1, "unionpay-510-verify": 1,
        "unionpay-510-sign": 1, "pkcs12-certid": 1,
    ]

    @Test func noVectorIsOfAKindThatNobodyTests() throws {
        let found = Dictionary(grouping: try ChannelVector.everyOne(), by: \.kind).mapValues(\.count)
        #expect(found == Self.counts)
    }

    @Test(arguments: ["rsa-sha256-pkcs1v15-sign", "rsa-sha256-pkcs1v15-verify"])
    func noSignatureHoldsWithAnotherByte(_ kind: String) throws {
        for vector in try ChannelVector.all(kind) {
            let message = try bytes(vector.message)
            let signature = try base64(vector.signatureB64)
            let key: RSAPublicKey
            if let pem = vector.publicKeyPem {
                key = try RSAPublicKey(pem: pem)
            } else {
                key = try RSAPrivateKey(der: Secret(bytes: try base64(vector.privateKeyPkcs8DerB64))).publicKey()
            }
            #expect(key.verify(message, signature: signature), "\(vector.id)")
            for position in signature.indices {
                var changed = signature
                changed[position] ^= 1
                #expect(!key.verify(message, signature: changed), "\(vector.id) byte \(position)")
            }
            for position in message.indices {
                var changed = message
                changed[position] ^= 1
                #expect(!key.verify(changed, signature: signature), "\(vector.id) byte \(position)")
            }
        }
    }

    @Test func noSealedTextOpensWithAnotherByte() throws {
        for vector in try ChannelVector.all("aes-256-gcm-decrypt") {
            let parts = [try bytes(vector.nonce), try bytes(vector.aad), try base64(vector.ciphertextB64)]
            for part in parts.indices {
                for position in parts[part].indices {
                    var changed = parts
                    changed[part][position] ^= 1
                    #expect(throws: VaultFault.self, "\(vector.id) part \(part) byte \(position)") {
                        try AESGCM.open(
                            key: try bytes(vector.key), nonce: changed[0], aad: changed[1], ciphertextAndTag: changed[2]
                        )
                    }
                }
            }
        }
    }

    @Test func anEncryptedFieldOpensAndNoneWithAnotherByte() throws {
        let vector = try #require(try ChannelVector.all("rsa-oaep-sha1-decrypt").first)
        let key = try RSAPrivateKey(der: Secret(bytes: try base64(vector.privateKeyPkcs8DerB64)))
        let encrypted = try base64(vector.ciphertextB64)
        #expect(String(decoding: try key.decrypt(encrypted), as: UTF8.self) == vector.plaintext)
        for position in encrypted.indices {
            var changed = encrypted
            changed[position] ^= 1
            #expect(throws: VaultFault.self, "byte \(position)") { try key.decrypt(changed) }
        }
    }

    /// The file's own seal covers its contents; the few bytes outside it are its frame.
    @Test func noKeystoreOpensWithAnotherByteInside() throws {
        let vector = try #require(try ChannelVector.all("pkcs12-certid").first)
        let file = try base64(vector.pfxB64)
        let password = Secret(try #require(vector.pfxPassword))
        #expect(try PKCS12(file, password: password).certificate.serialDecimal == vector.certId)
        for position in stride(from: 64, to: file.count - 128, by: 61) {
            var changed = file
            changed[position] ^= 1
            #expect(throws: PKCS12Fault.self, "byte \(position)") { try PKCS12(changed, password: password) }
        }
    }
}
