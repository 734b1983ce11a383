internal import AsyncHTTPClient
internal import Foundation
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import Vault

/// One request to the store, before it is signed.
struct S3Request: Sendable {
    enum Method: String, Sendable {
        case get = "GET"
        case put = "PUT"
        case post = "POST"
        case delete = "DELETE"
    }

    var method: Method
    /// The object; nil for the bucket itself.
    var key: String?
    var query: [(name: String, value: String)] = []
    /// Names in lower case.
    var headers: [(name: String, value: String)] = []
    var body = ByteBuffer()
    var bodySHA256 = Digest.sha256([UInt8]())
    /// Whether the answer's body is a document, which may say `<Error>` under status 200 too.
    var answerIsDocument = false
}

/// What the store answered.
struct S3Answer: Sendable {
    let status: Int
    let headers: HTTPHeaders
    let body: ByteBuffer
    /// Tries that it took, this one included.
    var attempts = 1
    /// The document, where the request asks for one or the store refused.
    let document: S3Element?
    /// Set where the store did not do what was asked.
    let refusal: S3Refusal?

    init(status: Int, headers: HTTPHeaders, body: ByteBuffer, answerIsDocument: Bool) {
        self.status = status
        self.headers = headers
        self.body = body
        let isDone = (200...299).contains(status)
        let document = answerIsDocument || !isDone ? S3XML.read(Array(body.readableBytesView)) : nil
        self.document = document
        if document?.name == "Error" {
            refusal = S3Refusal(status: status, code: document?.text(of: "Code"))
        } else {
            refusal = isDone ? nil : S3Refusal(status: status, code: nil)
        }
    }
}

/// One exchange over the network, without any second try.
struct S3Exchange: Sendable {
    let client: HTTPClient

    /// Bytes of an answer: a piece of an object, or a page of names with what stores tell about each.
    static let answerBytesMax = 4 * 1024 * 1024

    /// Why there is no answer. Whether the request was carried out is not known.
    struct Lost: Error {
        let reason: String
    }

    /// Sends signed headers and a body and reads the whole answer within `timeout`.
    func send(
        _ request: S3Request, url: String, headers: [(name: String, value: String)], timeout: Duration
    ) async throws(Lost) -> S3Answer {
        var outgoing = HTTPClientRequest(url: url)
        outgoing.method = HTTPMethod(rawValue: request.method.rawValue)
        for header in headers { outgoing.headers.add(name: header.name, value: header.value) }
        if request.body.readableBytes > 0 || request.method == .put { outgoing.body = .bytes(request.body) }
        do {
            return try await within(timeout) { [outgoing] in try await exchange(outgoing, request.answerIsDocument) }
        } catch {
            throw S3Exchange.lost(error, timeout)
        }
    }

    private func exchange(_ request: HTTPClientRequest, _ answerIsDocument: Bool) async throws -> S3Answer {
        let answer = try await client.execute(request, deadline: .distantFuture)
        let body = try await answer.body.collect(upTo: S3Exchange.answerBytesMax)
        // A body that is read in a cancelled task just ends.
        try Task.checkCancellation()
        if let length = answer.headers.first(name: "content-length").flatMap(Int.init), length != body.readableBytes {
            throw Lost(reason: "broke off its answer")
        }
        return S3Answer(
            status: Int(answer.status.code), headers: answer.headers, body: body, answerIsDocument: answerIsDocument)
    }

    /// The client's own deadline ends with the head of an answer; a body that trickles must end too.
    private func within(
        _ timeout: Duration, _ work: @escaping @Sendable () async throws -> S3Answer
    ) async throws -> S3Answer {
        try await withThrowingTaskGroup(of: S3Answer.self) { group in
            group.addTask { try await work() }
            group.addTask {
                try await Task.sleep(for: timeout)
                throw TooSlow()
            }
            defer { group.cancelAll() }
            guard let answer = try await group.next() else { throw CancellationError() }
            return answer
        }
    }

    private struct TooSlow: Error {}

    private static func lost(_ error: any Error, _ timeout: Duration) -> Lost {
        switch error {
        case let error as Lost: error
        case is TooSlow: Lost(reason: "did not answer within \(timeout.components.seconds) seconds")
        case is CancellationError: Lost(reason: "was not asked to the end: the work was cancelled")
        case is NIOTooManyBytesError: Lost(reason: "answers with more than was asked for")
        case is NIOConnectionError: Lost(reason: "cannot be reached: connection refused or host unknown")
        case let error as IOError where error.errnoCode == ECONNREFUSED:
            Lost(reason: "cannot be reached: connection refused")
        case let error as HTTPClientError where error == .connectTimeout:
            Lost(reason: "cannot be reached: no connection within the time")
        case let error as HTTPClientError: Lost(reason: "broke off: \(error.shortDescription)")
        case is HTTPParserError: Lost(reason: "broke off its answer")
        default: Lost(reason: "broke off: \(String(describing: type(of: error)))")
        }
    }
}
