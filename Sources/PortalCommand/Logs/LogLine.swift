import Logging
import RefundDomain

/// How log lines look.
enum LogFormat: String, Sendable, CaseIterable {
    /// `2026-11-22T09:10:05Z info portal: message key=value`.
    case text
    /// One JSON object a line: `time`, `level`, `label`, `message`, then the metadata.
    case json
}

/// One event as one line, safe to show on a terminal and to feed to a parser.
struct LogLine {
    let moment: Moment
    let level: Logger.Level
    let label: String
    let message: String
    let metadata: Logger.Metadata

    /// The finished line without its line end.
    func rendered(_ format: LogFormat) -> String {
        let fields = metadata.map { (key: $0.key, value: "\($0.value)") }.sorted { $0.key < $1.key }
        let line =
            switch format {
            case .text: text(fields)
            case .json: json(fields)
            }
        return LogMask.masked(line)
    }

    private var time: String {
        let clock = LocalTime(moment, secondsAheadOfUTC: 0).iso
        return clock.split(separator: " ").joined(separator: "T") + "Z"
    }

    private func text(_ fields: [(key: String, value: String)]) -> String {
        var line = "\(time) \(level.rawValue) \(label): \(Self.escaped(message, quotes: false))"
        for (key, value) in fields {
            line += " \(Self.escaped(key, quotes: false))=\(Self.escaped(value, quotes: false))"
        }
        return line
    }

    private func json(_ fields: [(key: String, value: String)]) -> String {
        let own = [("time", time), ("level", level.rawValue), ("label", label), ("message", message)]
        let reserved = Set(own.map(\.0))
        // A second key of the same name would be read differently by different parsers.
        let others = fields.map { (reserved.contains($0.key) ? "metadata.\($0.key)" : $0.key, $0.value) }
        let pairs = (own + others).map {
            "\"\(Self.escaped($0.0, quotes: true))\":\"\(Self.escaped($0.1, quotes: true))\""
        }
        return "{\(pairs.joined(separator: ","))}"
    }

    /// The text without control characters and line separators, so that no value can begin a line of its own.
    private static func escaped(_ text: String, quotes: Bool) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": result += "\\\\"
            case "\"" where quotes: result += "\\\""
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case _ where isControl(scalar):
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        // C0, DEL and C1; line and paragraph separator; marks that turn the reading direction.
        case 0..<0x20, 0x7f..<0xa0, 0x2028, 0x2029, 0x202a...0x202e, 0x2066...0x2069: true
        default: false
        }
    }
}
