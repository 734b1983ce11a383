import Synchronization

@testable import PortalCommand

/// Keeps what a command said.
final class Said: Sendable {
    private let kept = Mutex<[CommandEvent]>([])

    var events: [CommandEvent] { kept.withLock { $0 } }

    func add(_ event: CommandEvent) {
        kept.withLock { $0.append(event) }
    }
}

extension Said {
    var outputs: [String] {
        events.compactMap { event in
            if case .output(let text) = event { text } else { nil }
        }
    }

    var notes: [String] {
        events.compactMap { event in
            if case .note(let text) = event { text } else { nil }
        }
    }
}
