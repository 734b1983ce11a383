import Testing

@testable import Vault

struct CertificateTests {
    private static let from: Int64 = 1_700_000_000
    private static let to: Int64 = 1_900_000_000

    /// Alipay's number of a certificate: MD5 of its issuer's name, the last part first, and its serial in decimal.
    @Test func publishedCertificateNumbersComeOutByteForByte() throws {
        let app = try #require(try ChannelVector.all("alipay-cert-sn").first)
        #expect(try number(Certificate(pem: try #require(app.certsPem))) == app.expect)
        let root = try #require(try ChannelVector.all("alipay-root-cert-sn").first)
        let numbers = try Certificate.readable(pem: try #require(root.certsPem))
            .filter { $0.signatureAlgorithm.hasPrefix("1.2.840.113549.1.1.") }.map(number)
        #expect(numbers.joined(separator: "_") == root.expect)
    }

    @Test func longSerialNumbersKeepEveryDigit() throws {
        let root = try #require(try ChannelVector.all("alipay-root-cert-sn").first)
        let certificates = try Certificate.readable(pem: try #require(root.certsPem))
        let last = try #require(certificates.last)
        #expect(last.serialHex == "10C764E9D560384212D9C08FD10E373FDD0FB396")
        #expect(last.serialDecimal == "95790491425698859646659490580052089075020051350")
        #expect(last.issuerName == "CN=iTrusChina Class 2 Root CA - G3,OU=China Trust Network,O=iTrusChina,C=CN")
        #expect(last.signatureAlgorithm == "1.2.840.113549.1.1.5")
    }

    @Test func namesBeyondASCIIStayLetters() throws {
        let key = try RSAPrivateKey.generate()
        let made = try Certificate.selfSigned(key, commonName: "中国银联, 测试", notBefore: Self.from, notAfter: Self.to)
        #expect(made.issuerName == "CN=中国银联\\, 测试")
        #expect(made.subjectCommonName == "中国银联, 测试")
        #expect(!made.isAuthority)
    }

    @Test func everyCertificateOfATextIsRead() throws {
        let key = try RSAPrivateKey.generate()
        let made = try (1...3).map {
            try Certificate.selfSigned(key, commonName: "\($0)", notBefore: Self.from, notAfter: Self.to)
        }
        let text = "a note\r\n" + made.map(\.pem).joined(separator: "another\n").replacing("\n", with: "\r\n")
        #expect(try Certificate.list(pem: text).map(\.pem) == made.map(\.pem))
        let broken = made[0].pem + made[1].pem.replacing("MI", with: "AA") + made[2].pem
        #expect(throws: VaultFault.unreadableKey(reason: "certificate 2 cannot be read")) {
            try Certificate.list(pem: broken)
        }
        #expect(try Certificate.readable(pem: broken).map(\.pem) == [made[0].pem, made[2].pem])
    }

    @Test func aTextWithoutCertificatesIsRefused() throws {
        for text in ["", "no certificate", "-----BEGIN CERTIFICATE-----\nAAAA", String(repeating: "x", count: 65_537)] {
            #expect(throws: VaultFault.self) { try Certificate.list(pem: text) }
            #expect(throws: VaultFault.self) { try Certificate.readable(pem: text) }
        }
    }

    @Test func issuedCertificatesReadBackByTheProgram() throws {
        let root = try CertificateIssuer.root(
            RSAPrivateKey.generate(), commonName: "root", notBefore: Self.from, notAfter: Self.to)
        let leaf = try root.issue(
            RSAPrivateKey.generate().publicKey(), commonName: "041@1@中国银联股份有限公司@2", role: .signer,
            notBefore: Self.from, notAfter: Self.to)
        #expect(leaf.issuerName == "CN=root")
        #expect(leaf.subjectCommonName == "041@1@中国银联股份有限公司@2")
        #expect(root.certificate.isAuthority)
        #expect(!leaf.isAuthority)
        try withFolder { folder in
            try write(root.certificate.pem, to: "\(folder)/root.pem")
            try write(leaf.pem, to: "\(folder)/leaf.pem")
            try run("verify", "-attime", "1800000000", "-CAfile", "\(folder)/root.pem", "\(folder)/leaf.pem")
        }
    }

    private func number(_ certificate: Certificate) -> String {
        Hex.encode(Digest.md5(utf8(certificate.issuerName + certificate.serialDecimal)))
    }
}
