import Foundation
import Logging
import RefundDomain

/// Writes every event as one line to standard error, in one system call so that lines of tasks never mix.
struct LineLogHandler: LogHandler {
    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?
    var logLevel: Logger.Level

    private let label: String
    private let format: LogFormat
    private let clock: @Sendable () -> Moment
    private let write: @Sendable (String) -> Void

    init(
        label: String, level: Logger.Level, format: LogFormat, clock: @escaping @Sendable () -> Moment,
        write: @escaping @Sendable (String) -> Void
    ) {
        self.label = label
        self.logLevel = level
        self.format = format
        self.clock = clock
        self.write = write
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var all = metadataProvider?.get() ?? [:]
        all.merge(metadata) { _, newer in newer }
        all.merge(event.metadata ?? [:]) { _, newer in newer }
        if let error = event.error { all["error"] = "\(error)" }
        let line = LogLine(
            moment: clock(), level: event.level, label: label, message: event.message.description, metadata: all)
        write(line.rendered(format) + "\n")
    }

    /// Makes this the handler of every logger; allowed once a process.
    static func bootstrap(level: Logger.Level, format: LogFormat) {
        LoggingSystem.bootstrap { label in
            LineLogHandler(label: label, level: level, format: format, clock: systemClock) { line in
                FileHandle.standardError.write(Data(line.utf8))
            }
        }
    }
}

/// The machine's clock, read only by the wiring.
let systemClock: @Sendable () -> Moment = {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    return Moment(milliseconds: Int64(now.tv_sec) * 1000 + Int64(now.tv_nsec) / 1_000_000)
}
