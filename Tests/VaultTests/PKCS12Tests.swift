import COpenSSL
import Foundation
import Testing

@testable import Vault

struct PKCS12Tests {
    @Test func everyPublishedFileOpensAndNamesItsCertificate() throws {
        let vectors = try ["unionpay-510-sign", "pkcs12-certid"].flatMap { try ChannelVector.all($0) }
        #expect(vectors.count == 2)
        for vector in vectors {
            let file = try PKCS12(base64(vector.pfxB64), password: Secret(try #require(vector.pfxPassword)))
            #expect(file.certificate.serialDecimal == vector.certId, "\(vector.id)")
            let signature = try file.privateKey.sign(utf8("message"))
            #expect(file.certificate.publicKey?.verify(utf8("message"), signature: signature) == true)
            if let der = vector.privateKeyPkcs8DerB64 {
                #expect(try RSAPrivateKey(der: Secret(bytes: base64(der))).sign(utf8("message")) == signature)
            }
        }
    }

    @Test(arguments: [
        ["-legacy", "-certpbe", "PBE-SHA1-RC2-40", "-keypbe", "PBE-SHA1-RC2-40"],
        ["-legacy", "-certpbe", "PBE-SHA1-3DES", "-keypbe", "PBE-SHA1-3DES"],
        ["-legacy", "-certpbe", "NONE", "-keypbe", "PBE-SHA1-3DES"],
        ["-certpbe", "AES-256-CBC", "-keypbe", "AES-256-CBC", "-macalg", "sha256"],
    ])
    func oldAndNewSealsOpen(seal: [String]) throws {
        try withKeyAndCertificate { folder, key, certificate in
            let file = try made(folder, seal)
            let opened = try PKCS12(file, password: Secret("000000"))
            #expect(opened.certificate.pem == certificate.pem)
            #expect(try opened.privateKey.sign(utf8("m")) == key.sign(utf8("m")))
        }
    }

    /// The algorithms that only the legacy provider has stay out of the process's ordinary context.
    @Test func oldCiphersStayInTheirOwnContext() throws {
        try withKeyAndCertificate { folder, _, _ in
            _ = try PKCS12(made(folder, ["-legacy", "-certpbe", "PBE-SHA1-RC2-40"]), password: Secret("000000"))
            let cipher = EVP_CIPHER_fetch(nil, "RC2-40-CBC", nil)
            defer { EVP_CIPHER_free(cipher) }
            #expect(cipher == nil)
        }
    }

    @Test func manyFilesAtOnceAllOpen() async throws {
        let vector = try #require(try ChannelVector.all("pkcs12-certid").first)
        let file = try base64(vector.pfxB64)
        let numbers = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<32 {
                group.addTask { try PKCS12(file, password: Secret("000000")).certificate.serialDecimal }
            }
            return try await group.reduce(into: Set<String>()) { $0.insert($1) }
        }
        #expect(numbers == [vector.certId])
    }

    @Test func whatDoesNotFitIsSaidClearly() throws {
        try withKeyAndCertificate { folder, _, _ in
            let good = try made(folder, ["-legacy", "-certpbe", "PBE-SHA1-RC2-40"])
            #expect(fault(good, "000001") == .wrongPassword)
            #expect(fault(good, "") == .wrongPassword)
            #expect(fault(good, "000000\0") == .wrongPassword)
            #expect(fault([], "000000") == .notPKCS12)
            #expect(fault(utf8("no file"), "000000") == .notPKCS12)
            #expect(fault(Array(good.dropLast(20)), "000000") == .notPKCS12)
            #expect(fault(Array(repeating: 0x30, count: PKCS12.bytesMax + 1), "000000") == .notPKCS12)
            let other = try made(folder, ["-nokeys"])
            #expect(fault(other, "000000") == .noKey)
            #expect(fault(try made(folder, ["-nomac"]), "000000") == .notPKCS12)
        }
    }

    @Test func everyCutIsRefused() throws {
        let vector = try #require(try ChannelVector.all("pkcs12-certid").first)
        let file = try base64(vector.pfxB64)
        for count in stride(from: 0, to: file.count, by: 97) {
            #expect(fault(Array(file.prefix(count)), "000000") != nil)
        }
    }

    @Test func aKeyWithoutItsCertificateIsRefused() throws {
        try withKeyAndCertificate { folder, _, _ in
            let stranger = try RSAPrivateKey.generate()
            try write(try #require(try stranger.pem().text), to: "\(folder)/key.pem")
            // The program itself refuses a pair that does not fit, so that only a file without certificates is left.
            try run(
                "pkcs12", "-export", "-nocerts", "-inkey", "\(folder)/key.pem", "-out", "\(folder)/a.pfx", "-passout",
                "pass:000000")
            #expect(fault(try contents("\(folder)/a.pfx"), "000000") == .noCertificate)
        }
    }

    @Test func twoKeysInOneFileAreRefused() throws {
        let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        #expect(fault(try contents(tests.appending(path: "Vectors/two-keys.pfx").path), "000000") == .severalKeys)
    }

    @Test func aKeyOfAnotherKindIsRefused() throws {
        try withFolder { folder in
            try write(TestKeys.elliptic, to: "\(folder)/key.pem")
            try run(
                "req", "-x509", "-key", "\(folder)/key.pem", "-subj", "/CN=a", "-out", "\(folder)/certificate.pem")
            #expect(fault(try made(folder, []), "000000") == .unsuitableKey)
            try write(TestKeys.rsa1024, to: "\(folder)/key.pem")
            try run(
                "req", "-x509", "-key", "\(folder)/key.pem", "-subj", "/CN=a", "-out", "\(folder)/certificate.pem")
            #expect(fault(try made(folder, []), "000000") == .unsuitableKey)
        }
    }

    private func fault(_ file: [UInt8], _ password: String) -> PKCS12Fault? {
        do throws(PKCS12Fault) {
            _ = try PKCS12(file, password: Secret(password))
            return nil
        } catch { return error }
    }

    private func made(_ folder: String, _ more: [String]) throws -> [UInt8] {
        let arguments =
            ["pkcs12", "-export", "-inkey", "\(folder)/key.pem", "-in", "\(folder)/certificate.pem"] + more
            + ["-out", "\(folder)/a.pfx", "-passout", "pass:000000"]
        try run(arguments)
        return try contents("\(folder)/a.pfx")
    }

    private func withKeyAndCertificate(_ work: (String, RSAPrivateKey, Certificate) throws -> Void) throws {
        try withFolder { folder in
            let key = try RSAPrivateKey(pem: Secret(TestKeys.pkcs1))
            let certificate = try Certificate.selfSigned(
                key, commonName: "merchant", notBefore: 1_700_000_000, notAfter: 1_900_000_000)
            try write(try #require(try key.pem().text), to: "\(folder)/key.pem")
            try write(certificate.pem, to: "\(folder)/certificate.pem")
            try work(folder, key, certificate)
        }
    }
}
