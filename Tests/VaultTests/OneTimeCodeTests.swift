import Testing

@testable import Vault

struct OneTimeCodeTests {
    /// RFC 6238, appendix B; the secrets are as long as the hash (erratum 2866).
    @Test func publishedCodes() {
        let digits = "1234567890"
        let secrets = (1...7).reduce("") { text, _ in text + digits }
        let table: [(seconds: Int64, sha1: String, sha256: String, sha512: String)] = [
            (59, "94287082", "46119246", "90693936"),
            (1_111_111_109, "07081804", "68084774", "25091201"),
            (1_111_111_111, "14050471", "67062674", "99943326"),
            (1_234_567_890, "89005924", "91819424", "93441116"),
            (2_000_000_000, "69279037", "90698825", "38618901"),
            (20_000_000_000, "65353130", "77737706", "47863826"),
        ]
        for row in table {
            for (algorithm, length, code) in [
                (OneTimeCode.Algorithm.sha1, 20, row.sha1), (.sha256, 32, row.sha256), (.sha512, 64, row.sha512),
            ] {
                let codes = OneTimeCode(algorithm: algorithm, digits: 8)
                let secret = Secret(String(secrets.prefix(length)))
                #expect(codes.code(secret: secret, step: codes.step(at: row.seconds)) == code)
            }
        }
    }

    @Test func aCodeWorksOneStepEarlyOrLateAndNoFurther() {
        let codes = OneTimeCode.standard
        let secret = Secret("12345678901234567890")
        let now: Int64 = 1_700_000_015
        let step = codes.step(at: now)
        for distance in Int64(-3)...3 {
            let code = codes.code(secret: secret, step: step + distance)
            let found = codes.verify(code, secret: secret, at: now, lastStep: nil)
            #expect(found == (abs(distance) <= 1 ? step + distance : nil))
        }
    }

    @Test func eachCodeWorksOnceAndOlderOnesAfterItDoNot() throws {
        let codes = OneTimeCode.standard
        let secret = Secret("12345678901234567890")
        let now: Int64 = 1_700_000_015
        let step = codes.step(at: now)
        let code = codes.code(secret: secret, step: step)
        let used = try #require(codes.verify(code, secret: secret, at: now, lastStep: step - 1))
        #expect(codes.verify(code, secret: secret, at: now, lastStep: used) == nil)
        let older = codes.code(secret: secret, step: step - 1)
        #expect(codes.verify(older, secret: secret, at: now, lastStep: used) == nil)
    }

    @Test(arguments: ["", "12345", "1234567", "abcdef", "１２３４５６"])
    func whatIsNoCodeIsWrong(typed: String) {
        #expect(OneTimeCode.standard.verify(typed, secret: Secret("s"), at: 0, lastStep: nil) == nil)
    }

    @Test func timesBeforeTheEpochDoNotHurt() {
        #expect(OneTimeCode.standard.verify("000000", secret: Secret("s"), at: .min, lastStep: nil) == nil)
    }

    @Test func theAddressForAppsIsEncoded() {
        let uri = OneTimeCode.standard.uri(
            secret: Secret("12345678901234567890"), issuer: "退款 Desk", account: "a+b@example.com")
        #expect(
            uri == "otpauth://totp/%E9%80%80%E6%AC%BE%20Desk:a%2Bb%40example.com"
                + "?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=%E9%80%80%E6%AC%BE%20Desk"
                + "&algorithm=SHA1&digits=6&period=30")
    }
}
