import AsyncHTTPClient
import Logging
import NIOCore
import NIOHTTP1
import ServiceLifecycle

/// Sends the notices that are due, again until they are taken or given up.
struct NoticeSender: Sendable {
    let counter: BankCounter
    let client: HTTPClient
    let logger: Logger

    /// How long the receiver has to answer (merchant document 4012587976).
    private static let answerTimeout: TimeAmount = .seconds(5)
    /// The longest body that is read for thanks.
    private static let thanksBytesMax = 4096
    /// How often the books are looked at.
    private static let pause: Duration = .milliseconds(50)

    static var configuration: HTTPClient.Configuration {
        HTTPClient.Configuration(redirectConfiguration: .disallow, timeout: .init(connect: .seconds(1)))
    }

    /// Works until shutdown.
    func run() async {
        try? await cancelWhenGracefulShutdown {
            while true {
                await sendDue()
                try await Task.sleep(for: NoticeSender.pause)
            }
        }
    }

    /// Sends what is due now, side by side, and remembers what came of it.
    func sendDue() async {
        do {
            let due = try await counter.dueNotices()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for notice in due {
                    group.addTask { try await counter.record(notice.key, taken: await isTaken(notice)) }
                }
                try await group.waitForAll()
            }
        } catch {
            logger.error("sandbox bank: notices could not be sent", metadata: ["fault": "\(error)"])
        }
    }

    private func isTaken(_ notice: DueNotice) async -> Bool {
        var request = HTTPClientRequest(url: notice.address)
        request.method = .POST
        request.headers.add(name: "Content-Type", value: "application/json")
        for header in notice.headers { request.headers.replaceOrAdd(name: header.name, value: header.value) }
        request.body = .bytes(notice.body)
        guard let answer = try? await client.execute(request, timeout: NoticeSender.answerTimeout) else { return false }
        guard answer.status == .ok || answer.status == .noContent else { return false }
        guard let thanks = notice.thanks else { return true }
        let body = try? await answer.body.collect(upTo: NoticeSender.thanksBytesMax)
        return body.map { String(buffer: $0) } == thanks
    }
}
