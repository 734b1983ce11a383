import Logging
import RefundDesk
import ServiceLifecycle
import Storage

/// Looks again and again whether what the program needs is there, so that whoever asks never waits for the answer.
actor HealthWatch: Service {
    /// One thing that is needed.
    struct Part: Sendable {
        /// Its name in `/readyz`.
        let name: String
        /// Between two looks.
        var rest = Duration.seconds(1)
        /// Returns when it is there, and throws why not.
        let check: @Sendable () async throws -> Void
    }

    /// A look that takes longer says by that how it is.
    private static let patience = Duration.seconds(2)

    private struct Look {
        /// When the one that is under way began.
        var begun: ContinuousClock.Instant?
        /// What the last one found; nil when all was well.
        var reason: String? = "not looked at yet"
    }

    private let parts: [Part]
    private let logger: Logger
    private let now: @Sendable () -> ContinuousClock.Instant
    private var looks: [String: Look]

    init(
        _ parts: [Part], logger: Logger, now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) {
        self.parts = parts
        self.logger = logger
        self.now = now
        looks = Dictionary(uniqueKeysWithValues: parts.map { ($0.name, Look()) })
    }

    /// Looks until shutdown, at each part by itself.
    func run() async throws {
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                for part in self.parts { group.addTask { await self.watch(part) } }
            }
        }
    }

    /// `ok`, or in words why a part is not as it must be; nil when it is not watched.
    func state(of name: String) -> String? {
        guard let look = looks[name] else { return nil }
        if let reason = look.reason { return reason }
        if let begun = look.begun, begun.duration(to: now()) > Self.patience { return "does not answer" }
        return "ok"
    }

    /// Looks at a part once.
    func look(at part: Part) async {
        looks[part.name, default: Look()].begun = now()
        let found: String?
        do {
            try await part.check()
            found = nil
        } catch {
            // At the end of the process a look is broken off, which says nothing about the part.
            if Task.isCancelled { return }
            found = HealthReason.words(error)
            if found != looks[part.name]?.reason {
                logger.error("not ready", metadata: ["part": "\(part.name)", "fault": "\(error)"])
            }
        }
        let before = looks.updateValue(Look(begun: nil, reason: found), forKey: part.name)
        if found == nil, before?.reason != nil { logger.notice("ready", metadata: ["part": "\(part.name)"]) }
    }

    private func watch(_ part: Part) async {
        while !Task.isCancelled {
            await look(at: part)
            // A cancelled rest ends the loop.
            try? await Task.sleep(for: part.rest)
        }
    }
}
