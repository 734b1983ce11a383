import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import TestSupport
import Testing

/// Follows a case as a browser does, over a connection of its own.
struct EventReader {
    /// One event (HTML standard, 9.2.5).
    struct Event: Equatable {
        let id: String
        let name: String
        let data: String

        init(_ name: String, _ version: Int64) {
            self.name = name
            id = String(version)
            data = id
        }

        fileprivate init?(_ block: Substring) {
            var fields: [String: String] = [:]
            for line in block.split(separator: "\n") {
                let parts = line.split(separator: ":", maxSplits: 1)
                fields[String(parts.first ?? "")] = String((parts.last ?? "").drop { $0 == " " })
            }
            guard let name = fields["event"] else { return nil }
            self.name = name
            id = fields["id"] ?? ""
            data = fields["data"] ?? ""
        }
    }

    let status: UInt
    let headers: [String: String]
    /// All that came, as it came.
    private(set) var text = ""
    private var pieces: HTTPClientResponse.Body.AsyncIterator
    private var unread = ""

    /// Asks for the events of a case; what it shows already may be said in the query or as the last event's id.
    init(
        _ portal: PortalUnderTest, _ address: String, as browser: Browser, lastEventID: String? = nil
    ) async throws {
        var request = HTTPClientRequest(url: "http://127.0.0.1:\(try #require(portal.port))\(address)")
        request.headers.add(name: "Host", value: "localhost")
        request.headers.add(name: "Accept", value: "text/event-stream")
        request.headers.add(name: "Cookie", value: "rp_visitor=\(browser.cookie("rp_visitor") ?? "")")
        if let lastEventID { request.headers.add(name: "Last-Event-ID", value: lastEventID) }
        let response = try await HTTPClient.shared.execute(request, timeout: .minutes(5))
        status = response.status.code
        headers = Dictionary(response.headers.map { ($0.name.lowercased(), $0.value) }) { first, _ in first }
        pieces = response.body.makeAsyncIterator()
    }

    /// The next event; nil when the stream has ended.
    mutating func next() async throws -> Event? {
        while true {
            while let end = unread.range(of: "\n\n") {
                let block = unread[..<end.lowerBound]
                let event = Event(block)
                unread = String(unread[end.upperBound...])
                if let event { return event }
            }
            guard let piece = try await pieces.next() else { return nil }
            let new = String(buffer: piece)
            text += new
            unread += new
        }
    }

    /// Reads until the stream ends.
    mutating func drain() async throws {
        while try await next() != nil {}
    }
}
