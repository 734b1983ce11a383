import Dispatch
import Storage
import Synchronization

/// So many may be inside at a time; the others wait in order, not for ever.
final class WaitingLine: Sendable {
    /// Longer lines would not be served in time: who comes then is told so at once.
    private static let waitingMax = 2_000

    private struct State {
        var free: Int
        var waiting: [UInt64: CheckedContinuation<Bool, Never>] = [:]
        /// The numbers of those who wait, in order; those who gave up are skipped.
        var order: [UInt64] = []
        var first = 0
        var next: UInt64 = 0
    }

    private let state: Mutex<State>

    /// - Parameter places: how many may be inside.
    init(places: Int) {
        state = Mutex(State(free: places))
    }

    /// Waits for a place; ``leave()`` gives it back.
    ///
    /// - Throws: ``StoreFault/busy`` when there is none in time or the task is cancelled.
    func enter(before deadline: ContinuousClock.Instant) async throws(StoreFault) {
        let number = state.withLock { state -> UInt64? in
            if state.free > 0 {
                state.free -= 1
                return nil
            }
            state.next += 1
            return state.next
        }
        guard let number else { return }
        let isInside = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                wait(number, continuation, before: deadline)
            }
        } onCancel: {
            giveUp(number)
        }
        guard isInside else { throw .busy }
    }

    /// Lets the next one in.
    func leave() {
        state.withLock { state -> CheckedContinuation<Bool, Never>? in
            while state.first < state.order.count {
                let number = state.order[state.first]
                state.first += 1
                if state.first > 1_000 {
                    state.order.removeFirst(state.first)
                    state.first = 0
                }
                if let waiting = state.waiting.removeValue(forKey: number) { return waiting }
            }
            state.free += 1
            return nil
        }?.resume(returning: true)
    }

    private func wait(
        _ number: UInt64, _ continuation: CheckedContinuation<Bool, Never>, before deadline: ContinuousClock.Instant
    ) {
        let answer = state.withLock { state -> Bool? in
            // Somebody may have left, or the task been cancelled, since the number was drawn.
            if Task.isCancelled { return false }
            if state.free > 0 {
                state.free -= 1
                return true
            }
            guard state.waiting.count < Self.waitingMax else { return false }
            state.waiting[number] = continuation
            state.order.append(number)
            return nil
        }
        if let answer { return continuation.resume(returning: answer) }
        let (seconds, attoseconds) = (deadline - .now).components
        let nanoseconds = max(0, seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
        DispatchQueue.global().asyncAfter(deadline: .now() + .nanoseconds(Int(nanoseconds))) { [weak self] in
            self?.giveUp(number)
        }
    }

    private func giveUp(_ number: UInt64) {
        state.withLock { $0.waiting.removeValue(forKey: number) }?.resume(returning: false)
    }
}
