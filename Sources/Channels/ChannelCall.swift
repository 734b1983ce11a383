import RefundDomain

/// One call of a channel that answers everything with status 200, and what it means when there is no such answer.
struct ChannelCall: Sendable {
    let exchange: ChannelExchange
    let timeout: Duration

    /// Sends a body and gives the answer to `meaning`.
    ///
    /// - Parameters:
    ///   - body: makes the signed body; when it throws, nothing is sent.
    ///   - meaning: reads an answer; what it throws is a verdict of ``ChannelVerdict/unknown`` with an alert.
    func post(
        _ url: String, type: String, body: () throws -> [UInt8],
        meaning: (ChannelResponse) throws(NoticeFault) -> ChannelAnswer
    ) async -> ChannelAnswer {
        guard let body = try? body() else { return Self.notExecuted("cannot sign") }
        let headers = [(name: "Content-Type", value: type), (name: "User-Agent", value: "refund-portal")]
        let request = ChannelRequest(method: .post, url: url, headers: headers, body: body, timeout: timeout)
        let response: ChannelResponse
        do { response = try await exchange(request) } catch ExchangeFault.notSent {
            return Self.notExecuted("not connected")
        } catch {
            return ChannelAnswer(verdict: .unknown, code: "no answer", verified: false)
        }
        guard response.status == 200 else {
            return ChannelAnswer(verdict: .unknown, code: "http \(response.status)", verified: false)
        }
        do throws(NoticeFault) { return try meaning(response) } catch {
            return .alert(ChannelAlert(error), .unknown)
        }
    }

    private static func notExecuted(_ code: String) -> ChannelAnswer {
        ChannelAnswer(verdict: .notExecuted, code: code, verified: false)
    }
}

extension ChannelAnswer {
    /// What a person must look at, with a verdict.
    static func alert(
        _ alert: ChannelAlert, _ verdict: ChannelVerdict = .unknown, verified: Bool = false
    ) -> ChannelAnswer {
        ChannelAnswer(verdict: verdict, code: alert.rawValue, verified: verified)
    }

    /// The answer to asking: when nothing reached the channel, that says nothing about the refund sent before.
    var toAsking: ChannelAnswer {
        verdict == .notExecuted ? ChannelAnswer(verdict: .unknown, code: code, verified: verified) : self
    }
}
