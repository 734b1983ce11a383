import Channels
import Foundation
import RefundDomain
import TestSupport
import Testing
import Vault

struct UnionPayAnswerTests {
    private let platform = UnionPayPlatform.shared

    @Test func everyCodeOnSendingHasItsMeaning() async throws {
        for code in Self.codes {
            let answer = try await platform.refund(platform.response(platform.signed(["respCode": code])))
            #expect(answer.verdict == (Self.onSending[code] ?? .unknown), "\(code)")
            #expect(answer.code == code)
            #expect(answer.verified)
        }
    }

    @Test func everyCodeOnAskingHasItsMeaning() async throws {
        for code in Self.codes where code != "00" {
            let answer = try await platform.query(platform.response(platform.state("00", ["respCode": code])))
            #expect(answer.verdict == (code == "34" ? .neverSeen : .unknown), "\(code)")
        }
    }

    @Test func everyStateHasItsMeaning() async throws {
        for code in Self.codes {
            let answer = try await platform.query(platform.response(platform.state(code)))
            #expect(answer.verdict == (Self.ofState[code] ?? .unknown), "\(code)")
            #expect(answer.code == code)
        }
    }

    @Test func aSuccessSaysWhereTheMoneyWentWithoutTheCardsNumber() async throws {
        let answer = try await platform.query(platform.response(platform.state("00")))
        #expect(answer.verdict == .succeeded)
        #expect(answer.channelRefundNumber == "512611181906401234568")
        #expect(answer.destinationText == "6226***********8223")
        #expect(answer.amount == RefundOrder.unionPay().amount)
        for hidden in ["6226090000008223", "62260900****8223", "6226****98223", "dZRvehtDtCcBPbPBVJk+ezk=", "****"] {
            let answer = try await platform.query(platform.response(platform.state("00", ["accNo": hidden])))
            #expect(answer.verdict == .succeeded)
            #expect(answer.destinationText == (hidden == "****" ? hidden : nil))
        }
    }

    @Test(arguments: [
        ("orderId", "RP00000002" as String?, ChannelAlert.wrongNumber), ("orderId", nil, .wrongNumber),
        ("txnTime", "20261118190641", .wrongNumber), ("merId", "777290058167152", .wrongNumber),
        ("txnAmt", "5001", .wrongAmount), ("txnAmt", "50.00", .unreadable), ("txnAmt", nil, .unreadable),
        ("txnAmt", "9999999999999", .unreadable), ("currencyCode", "840", .unreadable),
        ("origQryId", "512611170906401234569", .wrongPayment), ("txnType", "01", .wrongPayment),
        ("txnType", "31", .wrongPayment), ("respCode", "0", .unreadable), ("respCode", nil, .unreadable),
        ("origRespCode", nil, .unreadable), ("origRespCode", "ok", .unreadable),
    ])
    func anAnswerToSomethingElseIsNotBelieved(field: String, value: String?, alert: ChannelAlert) async throws {
        let answer = try await platform.query(platform.response(platform.state("00", [field: value])))
        #expect(answer.verdict == .unknown)
        #expect(answer.alert == alert)
        guard field != "origRespCode" else { return }
        let sending = try await platform.refund(platform.response(platform.signed([field: value])))
        #expect(sending.verdict == .unknown)
        #expect(sending.alert == alert)
    }

    @Test func aRefusalOfAnotherOrderIsNoRefusalOfThisOne() async throws {
        let other = try platform.signed(["respCode": "35", "orderId": "RP00000002"])
        #expect(try await platform.refund(platform.response(other)).verdict == .unknown)
        let without = try platform.signed(["respCode": "35", "txnAmt": nil])
        #expect(try await platform.refund(platform.response(without)).verdict == .failed)
        let amount = try platform.signed(["respCode": "35", "txnAmt": "5001"])
        #expect(try await platform.refund(platform.response(amount)).alert == .wrongAmount)
    }

    @Test func everyChangedByteIsRefused() async throws {
        let body = platform.raw(try platform.state("00"))
        let platform = platform
        var believed = 0
        for index in stride(from: 0, to: body.count, by: 3) {
            var changed = body
            changed[index] ^= 0x01
            let response = ChannelResponse(status: 200, headers: ChannelHeaders([]), body: changed)
            if try await platform.query(response).verdict != .unknown { believed += 1 }
        }
        #expect(believed == 0)
    }

    @Test func everyTruncationIsUnknown() async throws {
        let body = platform.raw(try platform.state("00"))
        for count in stride(from: 0, to: body.count, by: 13) {
            let response = ChannelResponse(status: 200, headers: ChannelHeaders([]), body: Array(body.prefix(count)))
            #expect(try await platform.query(response).verdict == .unknown)
        }
    }

    @Test func aForgersCertificateIsRefused() async throws {
        let forger = try RSAPrivateKey.generate()
        let names = [UnionPayPlatform.signerName, "root", "middle"]
        for name in names {
            let own = try Certificate.selfSigned(
                forger, commonName: name, notBefore: UnionPayPlatform.from, notAfter: UnionPayPlatform.to)
            let forged = try platform.state("00", [:], key: forger, certificate: own)
            let answer = try await platform.query(platform.response(forged))
            #expect(answer.alert == .unknownKey)
            #expect(answer.verdict == .unknown)
        }
        let borrowed = try platform.state("00", [:], key: forger, certificate: platform.certificate)
        #expect(try await platform.query(platform.response(borrowed)).alert == .badSignature)
    }

    /// The merchant's own certificate comes from the same house as UnionPay's, but is not UnionPay's.
    @Test func aCertificateOfTheSameHouseForSomebodyElseIsRefused() async throws {
        let own = try platform.state("00", [:], key: platform.merchantKey, certificate: platform.merchantCertificate)
        #expect(try await platform.query(platform.response(own)).alert == .unknownKey)
        for name in ["中国银联股份有限公司", "041@1@中国银联股份有限公司", "041@中国银联股份有限公司@1@2", "041@1@中国银联@2"] {
            let other = try leaf(name)
            let answer = try await platform.query(
                platform.response(try platform.state("00", [:], key: platform.key, certificate: other)))
            #expect(answer.alert == .unknownKey, "\(name)")
        }
    }

    @Test func aNamedSignerIsTheOnlyOne() async throws {
        let answer = try platform.response(platform.signed())
        let named = try platform.settings(["signer_common_name": UnionPayPlatform.signerName])
        #expect(try await platform.refund(answer, settings: named).verdict == .accepted)
        let other = try platform.settings(["signer_common_name": UnionPayPlatform.signerName + "x"])
        #expect(try await platform.refund(answer, settings: other).alert == .unknownKey)
    }

    @Test func aCertificateOutsideItsDatesIsRefused() async throws {
        let now = TestClock.start.seconds
        for (from, to) in [(now - 10, now - 1), (now + 1, now + 10)] {
            let certificate = try platform.middle.issue(
                platform.key.publicKey(), commonName: UnionPayPlatform.signerName, role: .signer, notBefore: from,
                notAfter: to)
            let answer = try await platform.query(
                platform.response(try platform.state("00", [:], key: platform.key, certificate: certificate)))
            #expect(answer.alert == .unknownKey)
        }
    }

    @Test(arguments: [
        ("signature", nil as String?, ChannelAlert.unsigned), ("signature", "AAAA", .badSignature),
        ("signPubKeyCert", nil, .unknownKey), ("signPubKeyCert", "none", .unknownKey),
        ("signMethod", "12", .unsigned), ("signMethod", nil, .unsigned), ("version", "5.0.0", .unsigned),
    ])
    func whatIsNotSignedAsAgreedIsUnknown(field: String, value: String?, alert: ChannelAlert) async throws {
        var fields = try platform.state("00")
        fields[field] = value
        let answer = try await platform.query(platform.response(fields))
        #expect(answer.verdict == .unknown)
        #expect(answer.alert == alert)
    }

    @Test(arguments: [
        "", "no fields", "a=1&a=2", "=1", "a b=1", "<html></html>", "a=1&", "\u{FEFF}a=1",
        String(repeating: "a=1&", count: 200),
    ])
    func whatIsNoAnswerIsUnknown(body: String) async throws {
        let response = ChannelResponse(status: 200, headers: ChannelHeaders([]), body: Array(body.utf8))
        for answer in [try await platform.refund(response), try await platform.query(response)] {
            #expect(answer.verdict == .unknown)
            #expect(answer.alert == .unreadable || answer.alert == .unsigned)
        }
    }

    @Test func anotherStatusSaysNothing() async throws {
        for status in [201, 302, 400, 404, 500, 502] {
            let answer = try await platform.query(platform.response(try platform.state("00"), status: status))
            #expect(answer.verdict == .unknown)
            #expect(answer.code == "http \(status)")
        }
    }

    @Test func aBrokenLineIsUnknownAndNoLineIsNotExecuted() async throws {
        let lost = try platform.client { _ in throw ExchangeFault.lost("cut") }
        #expect(await lost.refund(.unionPay()).verdict == .unknown)
        #expect(await lost.query(.unionPay()).verdict == .unknown)
        let unreached = try platform.client { _ in throw ExchangeFault.notSent("refused") }
        #expect(await unreached.refund(.unionPay()).verdict == .notExecuted)
        #expect(await unreached.query(.unionPay()).verdict == .unknown)
    }

    private func leaf(_ name: String) throws -> Certificate {
        try platform.middle.issue(
            platform.key.publicKey(), commonName: name, role: .signer, notBefore: UnionPayPlatform.from,
            notAfter: UnionPayPlatform.to)
    }

    /// Every code that the channel lists, and some that it does not.
    private static let codes: [String] = {
        let listed = (0...99).map { ($0 < 10 ? "0" : "") + String($0) }
        return listed + ["A6", "A7", "ZZ"]
    }()

    private static let onSending: [String: ChannelVerdict] = {
        var table: [String: ChannelVerdict] = [
            "00": .accepted, "A6": .accepted, "11": .refusedOperator, "31": .refusedOperator, "32": .refusedOperator,
        ]
        for code in ["10", "13", "14", "30", "33", "35", "36", "38", "39"] + issuers { table[code] = .failed }
        return table
    }()

    private static let ofState: [String: ChannelVerdict] = {
        var table: [String: ChannelVerdict] = [
            "00": .succeeded, "A6": .succeeded, "03": .accepted, "04": .accepted, "05": .accepted,
        ]
        let ended = ["01", "02", "06", "10", "11", "13", "14", "30", "31", "32", "33", "35", "36", "38", "39"]
        for code in ended + issuers { table[code] = .failed }
        return table
    }()

    private static let issuers = [
        "40", "41", "42", "60", "61", "62", "63", "64", "65", "66", "67", "68", "69", "70", "71", "72", "73", "76",
        "77",
        "78", "79", "80",
    ]
}

extension UnionPayPlatform {
    fileprivate func state(
        _ code: String?, _ changes: [String: String?], key: RSAPrivateKey, certificate: Certificate
    ) throws -> [String: String] {
        try signed(["origRespCode": code].merging(changes) { $1 }, key: key, certificate: certificate)
    }
}
