import Channels
import Foundation
import RefundDomain
import TestSupport
import Testing
import Vault

struct UnionPayNoticeTests {
    private let platform = UnionPayPlatform.shared

    @Test func aNoticeNamesItsRefundAndOnlyHints() throws {
        let notice = try read(platform.form(platform.signed()))
        #expect(notice.id == "512611181906401234568-00")
        #expect(notice.refundNumber == "RP00000001")
        #expect(notice.isHint)
        #expect(notice.answer(to: .unionPay()).verdict == .succeeded)
        #expect(notice.answer(to: .unionPay(fen: 5_001)).alert == .wrongAmount)
        #expect(notice.answer(to: .unionPay(number: "RP00000002")).alert == .wrongNumber)
        #expect(notice.answer(to: .unionPay(transaction: "512611170906401234569")).alert == .wrongPayment)
    }

    @Test func theChannelIsAnsweredAsItWants() throws {
        #expect(try platform.client().acknowledgement.status == 200)
    }

    @Test func aNoticeOfAVoidIsOneToo() throws {
        let body = platform.form(try platform.signed(["txnType": "31", "respCode": "A6"]))
        #expect(try read(body).id == "512611181906401234568-A6")
    }

    @Test func spacesMayBeWrittenAsPlus() throws {
        let body = String(decoding: platform.form(try platform.signed()), as: UTF8.self)
        #expect(body.contains("BEGIN%20CERTIFICATE"))
        #expect(fault(Array(body.replacing("%20", with: "+").utf8)) == nil)
    }

    /// Undoing the escapes twice would change every `+` of a signature.
    @Test func escapesAreUndoneOnce() throws {
        let fields = try platform.signed()
        let twice = fields.mapValues { String(decoding: platform.form(["a": $0]).dropFirst(2), as: UTF8.self) }
        #expect(fault(platform.form(fields)) == nil)
        #expect(fault(platform.form(twice)) != nil)
    }

    @Test(arguments: [
        ("merId", "777290058167152" as String?, NoticeFault.wrongMerchant), ("merId", nil, .wrongMerchant),
        ("txnType", "01", .notARefund), ("txnType", nil, .notARefund), ("orderId", nil, .unreadable),
        ("queryId", nil, .unreadable), ("respCode", nil, .unreadable), ("txnAmt", "1e3", .unreadable),
        ("signMethod", "11", .wrongMethod), ("version", "5.0.0", .wrongMethod), ("signPubKeyCert", nil, .unknownKey),
    ])
    func whatIsNoRefundOfOursIsRefused(field: String, value: String?, expected: NoticeFault) throws {
        #expect(fault(platform.form(try platform.signed([field: value]))) == expected)
    }

    @Test func everyChangedByteIsRefused() throws {
        let body = platform.form(try platform.signed())
        let client = try platform.client()
        var accepted: [Int] = []
        for index in body.indices {
            var changed = body
            changed[index] ^= 0x01
            if (try? client.readNotice(headers: ChannelHeaders([]), body: changed)) != nil { accepted.append(index) }
        }
        #expect(accepted.isEmpty)
    }

    @Test func everyTruncationIsRefused() throws {
        let body = platform.form(try platform.signed())
        for count in 0..<body.count where count % 7 == 0 { #expect(fault(Array(body.prefix(count))) != nil) }
    }

    @Test func aForgersNoticeIsRefused() throws {
        let forger = try RSAPrivateKey.generate()
        let own = try Certificate.selfSigned(
            forger, commonName: UnionPayPlatform.signerName, notBefore: UnionPayPlatform.from,
            notAfter: UnionPayPlatform.to)
        #expect(fault(platform.form(try platform.signed([:], key: forger, certificate: own))) == .unknownKey)
        #expect(fault(platform.form(try platform.signed([:], key: forger))) == .badSignature)
        var unsigned = try platform.signed()
        unsigned["signature"] = nil
        #expect(fault(platform.form(unsigned)) == .unsigned)
    }

    @Test(arguments: ["", "a", "a=%", "a=%4", "a=%zz", "a=%FF", "a=1&a=1", "a=1&&b=2", "%00=1"])
    func whatIsNoFormIsRefused(body: String) {
        #expect(fault(Array(body.utf8)) == .unreadable)
    }

    private func read(_ body: [UInt8]) throws -> ChannelNotice {
        try platform.client().readNotice(headers: ChannelHeaders([]), body: body)
    }

    private func fault(_ body: [UInt8]) -> NoticeFault? {
        do {
            _ = try read(body)
            return nil
        } catch { return error as? NoticeFault }
    }
}
