import Synchronization

/// Everything that a run leaves to chance: the same values for the same seed (SplitMix64).
struct Dice: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }

    /// True in so many of a thousand cases.
    mutating func permille(_ share: Int) -> Bool {
        Int.random(in: 0..<1000, using: &self) < share
    }

    mutating func number(_ range: ClosedRange<Int64>) -> Int64 {
        Int64.random(in: range, using: &self)
    }

    /// One of several, each as likely as its weight says; nil when there is none.
    mutating func pick<Value>(_ values: [Value], weight: (Value) -> Int) -> Value? {
        let sum = values.reduce(0) { $0 + weight($1) }
        guard sum > 0 else { return nil }
        var left = Int.random(in: 0..<sum, using: &self)
        for value in values {
            left -= weight(value)
            if left < 0 { return value }
        }
        return nil
    }

    /// One of several; nil when there is none.
    mutating func pick<Value>(_ values: [Value]) -> Value? {
        values.randomElement(using: &self)
    }

    /// One of several, lately added ones more often.
    mutating func pickLate<Value>(_ values: [Value]) -> Value? {
        guard permille(750) else { return pick(values) }
        return values.suffix(8).randomElement(using: &self)
    }

    /// So many bytes.
    mutating func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8(truncatingIfNeeded: next()) }
    }
}

/// Dice that closures of a desk share.
final class SharedDice: Sendable {
    private let dice: Mutex<Dice>

    init(seed: UInt64) {
        dice = Mutex(Dice(seed: seed))
    }

    func bytes(_ count: Int) -> [UInt8] {
        dice.withLock { $0.bytes(count) }
    }
}
