import Storage
import Synchronization

/// Carries announcements between the processes that use one database, by `NOTIFY` and `LISTEN`.
///
/// Notices are sent after the commit and many at a time, from a connection of their own turn: a `NOTIFY` inside the
/// transaction would let one transaction commit at a time, in the whole server. A process that is killed between its
/// commit and its notice tells nobody, which ``Announcements`` allows.
public final class PostgresNews: Sendable {
    private static let channel = "refund_portal"
    /// Bytes of one notice; PostgreSQL takes less than 8,000.
    private static let payloadBytesMax = 7_500
    /// Topics that wait to be sent; more than this in one rest means that everybody looks again.
    private static let waitingMax = 10_000
    /// Said instead of topics when there were too many.
    private static let everything = "*"
    /// Rest between two notices, so that many changes share one.
    private static let rest = Duration.milliseconds(20)
    /// How long one wait for notices lasts; the end of the process is noticed after it.
    private static let listenMilliseconds: Int32 = 250
    /// Rest until a lost connection is made again.
    private static let reconnectRest = Duration.milliseconds(500)

    private let listener: PostgresConnection
    private let pool: ConnectionPool
    private let announcements: Announcements
    private let waiting = Mutex<Set<String>>([])
    private let (signals, signal) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))

    init(_ address: PostgresAddress, _ limits: PostgresLimits, _ announcements: Announcements, _ pool: ConnectionPool) {
        listener = PostgresConnection(address.listening, limits)
        self.announcements = announcements
        self.pool = pool
    }

    /// Carries announcements until the task is cancelled; once in a process.
    public func run() async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.listen() }
            group.addTask { await self.send() }
        }
    }

    /// Takes topics to be sent soon.
    func add(_ topics: [String]) {
        waiting.withLock { waiting in
            waiting.formUnion(topics)
            if waiting.count > Self.waitingMax { waiting = [Self.everything] }
        }
        signal.yield()
    }

    private func listen() async {
        while !Task.isCancelled {
            do {
                try await listener.listen(Self.channel)
                // What was announced while nobody listened is not told again.
                announcements.spreadToAll()
                while !Task.isCancelled {
                    for payload in try await listener.notices(within: Self.listenMilliseconds) { heard(payload) }
                }
            } catch {
                await listener.close()
                // A cancelled rest ends the loop.
                try? await Task.sleep(for: Self.reconnectRest)
            }
        }
        await listener.close()
    }

    private func heard(_ payload: String) {
        if payload == Self.everything { return announcements.spreadToAll() }
        announcements.spread(payload.split(separator: "\n").map { String($0) })
    }

    private func send() async {
        for await _ in signals {
            while let payload = nextPayload() {
                let deadline = ContinuousClock.now + .seconds(1)
                // A hint that cannot be sent is let go: everybody looks now and then without one.
                _ = try? await pool.with(before: deadline) { connection in
                    await connection.write(.eachStatement) { sql in
                        try sql.run("SELECT pg_notify($1, $2)", [.text(Self.channel), .text(payload)])
                    }
                }
            }
            // A cancelled rest ends the walk.
            try? await Task.sleep(for: Self.rest)
        }
    }

    /// As many topics as fit into one notice; nil when none wait.
    private func nextPayload() -> String? {
        waiting.withLock { waiting in
            var payload = ""
            while let topic = waiting.first, payload.utf8.count + topic.utf8.count < Self.payloadBytesMax {
                waiting.remove(topic)
                payload += payload.isEmpty ? topic : "\n" + topic
            }
            return payload.isEmpty ? nil : payload
        }
    }
}
