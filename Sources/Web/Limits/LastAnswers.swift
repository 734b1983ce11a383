import NIOCore
import NIOHTTP1

/// Answers that are ready before anything is asked, for requests that no page can answer: bytes that are no request,
/// and handlers that hang. Nobody knows the visitor's language there, so each is in all of them.
public struct LastAnswers: Sendable {
    /// One of them.
    public struct Answer: Sendable {
        let head: HTTPResponseHead
        let body: ByteBuffer

        /// - Parameters:
        ///   - retryAfterSeconds: nil where trying again would not help.
        ///   - isSecure: Whether people reach the portal by https.
        init(status: HTTPResponseStatus, retryAfterSeconds: Int?, type: String, body: ByteBuffer, isSecure: Bool) {
            var headers: HTTPHeaders = [
                "Content-Type": type, "Content-Length": String(body.readableBytes), "Connection": "close",
            ]
            for (name, value) in SecurityFields.list(isSecure: isSecure) { headers.add(name: name, value: value) }
            if let retryAfterSeconds { headers.add(name: "Retry-After", value: String(retryAfterSeconds)) }
            head = HTTPResponseHead(version: .http1_1, status: status, headers: headers)
            self.body = body
        }
    }

    /// How soon somebody whose request hung may ask again, in seconds.
    static let lateRetrySeconds = 30

    /// To bytes that are no request (400).
    let unreadable: Answer
    /// To a request whose handler hangs (503).
    let late: Answer

    /// Answers in plain words for machines.
    public static let plain = LastAnswers(type: "text/plain; charset=utf-8", isSecure: false) { name in
        ByteBuffer(string: "\(name)\n")
    }

    /// - Parameters:
    ///   - type: The media type of what `body` makes.
    ///   - isSecure: Whether people reach the portal by https.
    ///   - body: The words of an answer by their name among the error pages: `400` or `late`.
    init<Fault: Error>(type: String, isSecure: Bool, body: (String) throws(Fault) -> ByteBuffer) throws(Fault) {
        unreadable = Answer(
            status: .badRequest, retryAfterSeconds: nil, type: type, body: try body("400"), isSecure: isSecure)
        late = Answer(
            status: .serviceUnavailable, retryAfterSeconds: LastAnswers.lateRetrySeconds, type: type,
            body: try body("late"), isSecure: isSecure)
    }
}
