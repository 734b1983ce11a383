/// How many may follow their cases live, how often a stream looks by itself, and how long it may last.
public struct LiveLimits: Sendable, Hashable {
    /// Streams of one session at a time: two windows.
    public let perSessionMax: Int
    /// Streams of one server at a time. Half of the listener's connections stay free for everybody else.
    public let streamsMax: Int
    /// The time between two looks without a hint, each with a sign of life: how late a lost hint can make a change,
    /// and well below the minute after which proxies give up a silent connection.
    public let beat: Duration
    /// A stream ends after so many beats at most, so that no connection is for ever; the browser comes back.
    public let beatsMax: Int
    /// About how long a browser waits before it comes back, in milliseconds.
    public let retryMilliseconds: Int

    public init(
        perSessionMax: Int = 2, streamsMax: Int = 2000, beat: Duration = .seconds(15), beatsMax: Int = 60,
        retryMilliseconds: Int = 5000
    ) {
        self.perSessionMax = perSessionMax
        self.streamsMax = streamsMax
        self.beat = beat
        self.beatsMax = beatsMax
        self.retryMilliseconds = retryMilliseconds
    }
}

/// The times of one stream, drawn so that streams that began together neither look, end nor come back together.
struct LivePace: Sendable, Hashable {
    let retryMilliseconds: Int
    let firstBeat: Duration
    let beat: Duration
    let beats: Int

    /// - Parameter draw: a byte of chance.
    init(_ limits: LiveLimits, draw: () throws -> UInt8) rethrows {
        // Half to one and a half times as long.
        retryMilliseconds = limits.retryMilliseconds / 2 + limits.retryMilliseconds * Int(try draw()) / 255
        firstBeat = limits.beat * Int(try draw()) / 255
        beat = limits.beat
        // Three quarters of the longest life at least.
        beats = limits.beatsMax - limits.beatsMax / 4 * Int(try draw()) / 255
    }
}
