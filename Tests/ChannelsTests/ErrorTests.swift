import Channels
import RefundDomain
import Testing

/// The error table of `docs/guides/wechatpay.md`.
struct ErrorTests {
    private let platform = TestPlatform.shared

    @Test(arguments: [
        (429, "FREQUENCY_LIMITED", ChannelVerdict.notExecuted, ChannelVerdict.notExecuted),
        (403, "NOT_ENOUGH", .noFunds, .noFunds), (401, "SIGN_ERROR", .refusedOperator, .refusedOperator),
        (403, "NO_AUTH", .refusedOperator, .refusedOperator),
        (404, "MCH_NOT_EXISTS", .refusedOperator, .refusedOperator),
        (403, "REQUEST_BLOCKED", .refusedOperator, .refusedOperator), (400, "INVALID_REQUEST", .failed, .unknown),
        (400, "PARAM_ERROR", .failed, .unknown), (403, "USER_ACCOUNT_ABNORMAL", .failed, .unknown),
        (404, "RESOURCE_NOT_EXISTS", .failed, .unknown), (500, "SYSTEM_ERROR", .unknown, .unknown),
        (500, "NOT_ENOUGH", .unknown, .unknown), (502, "", .unknown, .unknown), (400, "NEW_WORD", .unknown, .unknown),
        (302, "NOT_ENOUGH", .unknown, .unknown),
    ])
    func anErrorOnSendingMeansWhatTheGuideSays(
        status: Int, code: String, signed: ChannelVerdict, unsigned: ChannelVerdict
    ) async throws {
        let body = #"{"code":"\#(code)","message":"whatever"}"#
        let believed = try await platform.refund(try platform.signed(status, body))
        #expect(believed.verdict == signed)
        #expect(believed.verified)
        let bare = try await platform.refund(bare(status, body))
        #expect(bare.verdict == unsigned)
        #expect(!bare.verified)
        #expect(bare.code == (code.isEmpty ? "http \(status)" : code))
    }

    @Test(arguments: [
        (404, "RESOURCE_NOT_EXISTS", ChannelVerdict.neverSeen), (404, "MCH_NOT_EXISTS", .unknown), (404, "", .unknown),
        (429, "FREQUENCY_LIMITED", .unknown), (401, "SIGN_ERROR", .unknown), (403, "NO_AUTH", .unknown),
        (500, "SYSTEM_ERROR", .unknown), (400, "INVALID_REQUEST", .unknown),
    ])
    func anErrorOnAskingSaysNothingButNeverSeen(status: Int, code: String, verdict: ChannelVerdict) async throws {
        let body = #"{"code":"\#(code)"}"#
        #expect(try await platform.query(bare(status, body)).verdict == verdict)
        #expect(try await platform.query(try platform.signed(status, body)).verdict == verdict)
    }

    @Test func aSignatureThatDoesNotHoldMakesEveryErrorUnknown() async throws {
        for (status, code) in [(403, "NOT_ENOUGH"), (429, "FREQUENCY_LIMITED"), (403, "USER_ACCOUNT_ABNORMAL")] {
            let body = #"{"code":"\#(code)"}"#
            let headers = ChannelHeaders(try platform.headers(Array((body + " ").utf8)))
            let answer = try await platform.refund(
                ChannelResponse(status: status, headers: headers, body: Array(body.utf8)))
            #expect(answer.verdict == .unknown)
            #expect(answer.alert == .badSignature)
        }
    }

    @Test func anUnsignedSuccessIsNotBelieved() async throws {
        let answer = try await platform.refund(bare(200, try answerJSON()))
        #expect(answer.verdict == .unknown)
        #expect(answer.alert == .unsigned)
    }

    @Test func aCodeThatIsNoWordIsNotRepeated() async throws {
        let answer = try await platform.refund(bare(500, #"{"code":"bad signature"}"#))
        #expect(answer.code == "http 500")
        #expect(answer.alert == nil)
    }

    private func bare(_ status: Int, _ body: String) -> ChannelResponse {
        ChannelResponse(status: status, headers: ChannelHeaders([]), body: Array(body.utf8))
    }
}
