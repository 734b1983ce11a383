import RefundDomain
import TestSupport
import Testing
import Vault

@testable import Channels

/// What Lakala's answers mean for money.
struct LakalaAnswerTests {
    private let platform = LakalaPlatform.shared

    @Test(arguments: [
        ("SUCCESS", ChannelVerdict.succeeded), ("FAIL", .failed), ("EXCEPTION", .failed), ("INIT", .accepted),
        ("DEAL", .accepted), ("PROCESSING", .accepted), ("TIMEOUT", .unknown),
    ])
    func everyStateHasItsVerdict(state: String, verdict: ChannelVerdict) async throws {
        let answer = try platform.answer(["trade_state": state])
        for told in [try await platform.refund(answer), try await platform.query(answer)] {
            #expect(told.verdict == verdict && told.code == state && told.verified && told.alert == nil)
            #expect(told.amount == Money(minor: 5_000, currency: .cny))
        }
    }

    @Test func aSuccessTellsNumberTimeAndWhere() async throws {
        let answer = try await platform.query(platform.answer())
        #expect(answer.channelRefundNumber == "2026111811012001101011001")
        #expect(answer.settledAt == Moment(milliseconds: 1_795_000_001_000))
        #expect(answer.destinationText == "WECHAT")
        let card = try await platform.query(platform.answer(["crd_no": "622612******8223", "trade_no": nil]))
        #expect(card.destinationText == "622612******8223" && card.channelRefundNumber == "66262610001234")
        let whole = try await platform.query(platform.answer(["crd_no": "6226120000008223", "account_type": nil]))
        #expect(whole.destinationText == nil)
    }

    @Test(arguments: [
        ("out_trade_no", "RP00000002", "wrong refund number"), ("refund_amount", "5001", "wrong amount"),
        ("payer_amount", "5001", "wrong amount"), ("origin_log_no", "66262500001112", "wrong payment"),
        ("origin_out_trade_no", "ORDER-2", "wrong payment"), ("trade_state", "DREAMING", "unknown status"),
        ("trade_state", "lower", "unreadable answer"), ("refund_amount", "50.00", "unreadable answer"),
        ("payer_amount", "x", "unreadable answer"), ("out_trade_no", "", "unreadable answer"),
        ("refund_amount", "", "unreadable answer"),
    ])
    func whatDoesNotFitTheOrderIsDoubtful(name: String, value: String, code: String) async throws {
        let answer = try platform.answer([name: value])
        for told in [try await platform.refund(answer), try await platform.query(answer)] {
            #expect(told.verdict == .unknown && told.code == code)
        }
    }

    @Test func anAnswerToAnotherMerchantIsDoubtful() async throws {
        let other = try platform.answer(["merchant_no": "822290059430BCZ"])
        #expect(try await platform.refund(other).code == "wrong payment")
        #expect(try await platform.refund(platform.answer(["merchant_no": nil])).code == "unreadable answer")
        #expect(try await platform.query(platform.answer(["merchant_no": nil])).verdict == .succeeded)
    }

    @Test func lessThanTheAmountMayReachThePayer() async throws {
        #expect(try await platform.query(platform.answer(["payer_amount": "4000"])).verdict == .succeeded)
        #expect(try await platform.query(platform.answer(["payer_amount": nil])).verdict == .succeeded)
    }

    @Test(arguments: ["RFD11105", "RFD11112", "BBS11105", "BBS11112", "BBS10000"])
    func codesOfDoubtAreDoubtful(code: String) async throws {
        #expect(try await platform.refund(platform.refusal(code)).verdict == .unknown)
        #expect(try await platform.query(platform.refusal(code)).verdict == .unknown)
    }

    @Test func aRefusalEndsTheRefundOnlyWhenNoneIsFoundUnderItsNumber() async throws {
        let refusal = try platform.refusal("RFD20001")
        let cases: [(ChannelResponse, ChannelVerdict, String)] = [
            (try platform.refusal("RFD20009"), .failed, "RFD20001"),
            (try platform.answer(), .succeeded, "SUCCESS"),
            (try platform.answer(["trade_state": "DEAL"]), .accepted, "DEAL"),
            (try platform.answer(["refund_amount": "4000", "payer_amount": "4000"]), .unknown, "wrong amount"),
            (try platform.refusal("RFD11112"), .unknown, "RFD20001"),
            (try platform.signed("{}"), .unknown, "RFD20001"),
            (ChannelResponse(status: 500, headers: ChannelHeaders([]), body: []), .unknown, "RFD20001"),
        ]
        for (second, verdict, code) in cases {
            let answer = try await platform.refund(refusal, second)
            #expect(answer.verdict == verdict && answer.code == code, "\(code)")
        }
    }

    @Test func anErrorOnAskingSaysNothing() async throws {
        let answer = try await platform.query(platform.refusal("RFD20009"))
        #expect(answer.verdict == .unknown && answer.code == "RFD20009" && answer.verified)
    }

    @Test func theAcquirerExplainsCodes() async throws {
        let settings = try platform.settings([
            "codes_no_funds": "RFD20002 RFD20003", "codes_operator": "RFD20004", "codes_not_executed": "RFD20005",
            "codes_never_seen": "RFD20006",
        ])
        let verdicts: [(String, ChannelVerdict)] = [
            ("RFD20002", .noFunds), ("RFD20003", .noFunds), ("RFD20004", .refusedOperator),
            ("RFD20005", .notExecuted), ("RFD20006", .unknown),
        ]
        for (code, verdict) in verdicts {
            #expect(try await platform.refund(platform.refusal(code), settings: settings).verdict == verdict)
        }
        #expect(try await platform.query(platform.refusal("RFD20006"), settings: settings).verdict == .neverSeen)
        #expect(try await platform.query(platform.refusal("RFD20002"), settings: settings).verdict == .unknown)
        let standings: [(String, AccountStanding)] = [
            ("RFD20006", .known), ("RFD20004", .refused), ("RFD20009", .unclear),
        ]
        for (code, standing) in standings {
            let answer = try await platform.query(platform.refusal(code), settings: settings)
            #expect(try platform.client(settings).standing(after: answer) == standing)
        }
    }

    @Test func aCardsRefundIsTakenOnAndThenAskedFor() async throws {
        let settings = try platform.slipSettings()
        let bare = try platform.answer([
            "trade_state": nil, "out_trade_no": nil, "refund_amount": nil, "payer_amount": nil, "merchant_no": nil,
        ])
        let taken = try await platform.refund(bare, settings: settings)
        #expect(taken.verdict == .accepted && taken.code == "PROCESSING")
        #expect(
            try await platform.refund(platform.answer(["refund_amount": "1"]), settings: settings).verdict == .unknown)
        // No document says what its codes mean.
        #expect(try await platform.refund(platform.refusal("TRD20001"), settings: settings).verdict == .unknown)
        let known = try platform.slipSettings(["codes_failed": "TRD20001"])
        #expect(try await platform.refund(platform.refusal("TRD20001"), settings: known).verdict == .failed)
    }

    @Test func aListTellsOfOurRefundAlone() async throws {
        let settings = try platform.slipSettings()
        let other: [String: Any?] = ["out_trade_no": "RP00000002"]
        let nameless: [String: Any?] = ["out_trade_no": nil, "crd_no": "622612******8223"]
        let cases: [([[String: Any?]], ChannelVerdict, String)] = [
            ([[:]], .succeeded, "SUCCESS"), ([other, [:]], .succeeded, "SUCCESS"), ([nameless], .succeeded, "SUCCESS"),
            ([nameless, nameless], .unknown, "wrong refund number"), ([[:], [:]], .unknown, "wrong refund number"),
            ([other], .unknown, "wrong refund number"), ([], .unknown, "empty list"),
            ([["refund_amount": "1", "payer_amount": "1"]], .unknown, "wrong amount"),
            ([["refund_amount": nil]], .unknown, "unreadable answer"),
        ]
        for (refunds, verdict, code) in cases {
            let answer = try await platform.query(platform.list(refunds), settings: settings)
            #expect(answer.verdict == verdict && answer.code == code, "\(refunds)")
        }
        #expect(try await platform.query(platform.answer(), settings: settings).code == "unreadable answer")
    }

    @Test func anEncryptedAnswerIsOpenedAfterItsSignatureHeld() async throws {
        let key = try #require(Base64.decode("uIj6CPg1GZAY10dXFfsEAQ=="))
        let settings = try platform.settings(["sm4_key": Base64.encode(key)])
        let plain = try platform.answer()
        let sealed = Base64.encode(try SM4.seal(plain.body, key: key))
        #expect(try await platform.query(platform.signed(sealed), settings: settings).verdict == .succeeded)
        #expect(try await platform.query(plain, settings: settings).verdict == .succeeded)
        #expect(try await platform.query(platform.signed(sealed)).code == "unreadable answer")
        let short = String(sealed.dropLast(4))
        #expect(try await platform.query(platform.signed(short), settings: settings).code == "unreadable answer")
        let forged = try platform.signed(sealed, key: platform.merchantKey)
        #expect(try await platform.query(forged, settings: settings).code == "bad signature")
    }

    @Test func onlySignedFreshAnswersOfOurOwnCount() async throws {
        let body = platform.envelope("000000", "{}")
        let now = platform.clock.now.seconds
        let cases: [([String: String?], String)] = [
            (["Lklapi-Signature": nil], "unsigned"), (["Lklapi-Serial": nil], "unsigned"),
            (["Lklapi-Appid": "OP00000004"], "unreadable answer"),
            (["Lklapi-Serial": "00dfba8194c41b84cf"], "unknown key"),
            (["Lklapi-Serial": "not hex"], "unknown key"), (["Lklapi-Timestamp": String(now - 300)], "stale"),
            (["Lklapi-Timestamp": String(now + 300)], "stale"), (["Lklapi-Timestamp": "soon"], "stale"),
            (["Lklapi-Signature": "AAAA"], "bad signature"), (["Lklapi-Signature": "not base64!"], "bad signature"),
        ]
        for (headers, code) in cases {
            let answer = try await platform.query(platform.signed(body, headers: headers))
            #expect(answer.verdict == .unknown && answer.code == code && !answer.verified, "\(headers)")
        }
        let patient = try platform.settings(["timestamp_tolerance_seconds": 600])
        let late = try platform.signed(body, headers: ["Lklapi-Timestamp": String(now - 300)])
        #expect(try await platform.query(late, settings: patient).code != "stale")
    }

    @Test func noChangedByteIsBelieved() async throws {
        let good = try platform.answer()
        for index in good.body.indices {
            var body = good.body
            body[index] ^= 1
            let answer = ChannelResponse(status: 200, headers: good.headers, body: body)
            #expect(try await platform.query(answer).code == "bad signature", "byte \(index)")
        }
    }

    @Test func aCertificateCountsWithinItsDatesAndTwoCountDuringAChange() async throws {
        let next = try RSAPrivateKey.generate()
        let certificate = try LakalaPlatform.certificate(next)
        let both = try platform.settings(["platform_certificate_pem": platform.certificate.pem + certificate.pem])
        let answer = try platform.answer()
        #expect(try await platform.query(answer, settings: both).verdict == .succeeded)
        let body = String(decoding: answer.body, as: UTF8.self)
        let newer = try platform.signed(body, key: next, headers: ["Lklapi-Serial": "00" + certificate.serialHex])
        #expect(try await platform.query(newer, settings: both).verdict == .succeeded)
        #expect(try await platform.query(newer).code == "unknown key")
        let early = try LakalaPlatform.certificate(platform.key, daysLater: 2)
        let tomorrow = try platform.settings(["platform_certificate_pem": early.pem])
        let signed = try platform.signed(body, headers: ["Lklapi-Serial": early.serialHex])
        #expect(try await platform.query(signed, settings: tomorrow).code == "unknown key")
    }

    @Test(arguments: ["", "[]", "{}", #"{"code":0}"#, #"{"code":"bad signature"}"#, #"{"code":"000000"}"#, "<html>"])
    func whatIsNoAnswerIsUnknown(body: String) async throws {
        #expect(try await platform.refund(platform.signed(body)).code == "unreadable answer")
        #expect(try await platform.query(platform.signed(body)).code == "unreadable answer")
    }

    @Test func troubleOnTheLineIsUnknown() async throws {
        for status in [301, 401, 404, 429, 500, 502] {
            let answer = ChannelResponse(status: status, headers: ChannelHeaders([]), body: [])
            #expect(try await platform.refund(answer).verdict == .unknown)
            #expect(try await platform.query(answer).code == "http \(status)")
        }
        let refused = try platform.client { _ in throw ExchangeFault.notSent("refused") }
        #expect(await refused.refund(.lakala()).verdict == .notExecuted)
        #expect(await refused.query(.lakala()).verdict == .unknown)
        #expect(try await platform.client().refund(.lakala()).verdict == .unknown)
    }
}
