import HTTPTypes
import Hummingbird
import NIOCore
import RefundDesk
import ServiceLifecycle
import Storage
import Web

/// One browser that follows one case, by server-sent events (HTML standard, 9.2): told the case's version and nothing
/// else, as `changed` when it is another than the browser knows, as `same` for a sign of life that scripts can see.
///
/// A hint from ``Announcements`` makes it look at once, a beat now and then. Each look asks again whether the visitor
/// may see the case. The stream ends with that right, with its time, when the browser leaves and when the server stops.
struct LiveCase: Sendable {
    let visit: CaseVisit
    let query: OwnCaseQuery
    let pace: LivePace
    /// The version that the browser shows; nil when it did not say.
    let known: Int64?
    /// Held while the answer lives.
    let seat: LiveSeat

    /// The answer, which goes on until the stream ends.
    func answer(to request: Request) -> Response {
        var headers = HTTPFields()
        headers[.contentType] = "text/event-stream"
        headers[.cacheControl] = "no-store"
        // Watching for the browser to leave uses the connection's requests up.
        headers[.connection] = "close"
        // nginx would keep events back until its buffer is full.
        headers[named: "X-Accel-Buffering"] = "no"
        let body = request.body
        return Response(
            status: .ok, headers: headers,
            body: ResponseBody { writer in
                try await follow(until: body, &writer)
                try await writer.finish(nil)
            })
    }

    private func follow(until body: RequestBody, _ writer: inout any ResponseBodyWriter) async throws {
        // Listens before the first look: a change in between is heard.
        let hints = query.desk.store.announcements.listen(to: CaseTopic.of(visit.sight.caseID))
        let (looks, look) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        try await body.consumeWithInboundCloseHandler { _ in
            try await withGracefulShutdownHandler {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask { for await _ in hints { look.yield() } }
                    group.addTask { try await keepTime(look) }
                    try await tell(looks, &writer)
                    group.cancelAll()
                }
            } onGracefulShutdown: {
                look.finish()
            }
        } onInboundClosed: {
            look.finish()
        }
    }

    private func keepTime(_ look: AsyncStream<Void>.Continuation) async throws {
        try await Task.sleep(for: pace.firstBeat)
        for _ in 1..<max(pace.beats, 2) {
            look.yield()
            try await Task.sleep(for: pace.beat)
        }
        look.finish()
    }

    /// Looks at once and then each time it is told to, until that ends or the visitor may not see the case any more.
    private func tell(_ looks: AsyncStream<Void>, _ writer: inout any ResponseBodyWriter) async throws {
        var shown = known
        try await writer.write(ByteBuffer(string: "retry: \(pace.retryMilliseconds)\n\n"))
        var turns = looks.makeAsyncIterator()
        repeat {
            guard let version = try await version() else { return }
            let event = version == shown ? "same" : "changed"
            try await writer.write(ByteBuffer(string: "id: \(version)\nevent: \(event)\ndata: \(version)\n\n"))
            shown = version
        } while await turns.next() != nil
    }

    /// The case's version; nil when the visitor may not see it, and when nobody can tell: a stream that knows nothing
    /// must not look alive.
    private func version() async throws -> Int64? {
        do {
            return try await query.sight(visit.number, visitor: visit.visitor)?.version
        } catch is StoreFault {
            return nil
        }
    }
}
