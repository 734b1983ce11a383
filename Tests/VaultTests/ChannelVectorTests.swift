import Testing

@testable import Vault

struct ChannelVectorTests {
    @Test func everyPublishedSignatureIsMadeByteForByte() throws {
        let vectors = try ChannelVector.all("rsa-sha256-pkcs1v15-sign")
        #expect(vectors.count == 2)
        for vector in vectors {
            let der = try base64(vector.privateKeyPkcs8DerB64)
            let key = try RSAPrivateKey(der: Secret(bytes: der))
            let signature = try key.sign(try bytes(vector.message))
            #expect(Base64.encode(signature) == vector.signatureB64, "\(vector.id)")
            #expect(try key.publicKey().verify(bytes(vector.message), signature: signature))
        }
    }

    @Test func everyPublishedSignatureIsAcceptedAndNoChangedByteIs() throws {
        let vectors = try ChannelVector.all("rsa-sha256-pkcs1v15-verify")
        #expect(vectors.count == 5)
        for vector in vectors {
            let key = try RSAPublicKey(pem: try #require(vector.publicKeyPem))
            let message = try bytes(vector.message)
            let signature = try base64(vector.signatureB64)
            #expect(key.verify(message, signature: signature), "\(vector.id)")
            for position in stride(from: 0, to: message.count, by: 7) {
                var changed = message
                changed[position] ^= 1
                #expect(!key.verify(changed, signature: signature), "\(vector.id) byte \(position)")
            }
            #expect(!key.verify(message, signature: Array(signature.dropLast())))
            #expect(!key.verify(message, signature: []))
        }
    }

    @Test func weChatResourcesOpen() throws {
        let vectors = try ChannelVector.all("aes-256-gcm-decrypt")
        #expect(vectors.count == 2)
        for vector in vectors {
            let plain = try AESGCM.open(
                key: try bytes(vector.key), nonce: try bytes(vector.nonce),
                aad: try bytes(vector.aad),
                ciphertextAndTag: try base64(vector.ciphertextB64))
            let text = String(decoding: plain, as: UTF8.self)
            if let expected = vector.plaintext { #expect(text == expected) }
            if let prefix = vector.plaintextPrefix { #expect(text.hasPrefix(prefix)) }
            if let serial = vector.plaintextCertSerialHex {
                #expect(try Certificate(pem: text).serialHex == serial)
            }
        }
    }

    @Test func weChatCertificatesGiveSerialNumberKeyAndDates() throws {
        let vector = try #require(try ChannelVector.all("rsa-sha256-pkcs1v15-sign").first { $0.certPem != nil })
        let certificate = try Certificate(pem: try #require(vector.certPem))
        #expect(certificate.serialHex == vector.certSerialHex)
        #expect(certificate.subjectCommonName == "1600314068")
        #expect(certificate.notBefore == 1_626_429_071)
        #expect(certificate.notAfter == 1_784_109_071)
        let signature = try base64(vector.signatureB64)
        let key = try #require(certificate.publicKey)
        #expect(try key.verify(bytes(vector.message), signature: signature))
    }
}
