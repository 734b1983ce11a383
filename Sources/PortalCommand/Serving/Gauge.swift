/// A figure that goes up and down, as Prometheus reads it (prometheus.io, exposition formats, text format 0.0.4).
struct Gauge: Sendable {
    /// One value with the labels that tell it apart.
    struct Sample: Sendable {
        let labels: [(String, String)]
        let value: Int64
    }

    /// What `/metrics` says it is.
    static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    let name: String
    let help: String
    let samples: [Sample]

    /// The lines of the gauge, the last one ended too.
    var text: String {
        let lines = samples.map { sample in
            let labels = sample.labels.map { "\($0.0)=\"\(Gauge.escaped($0.1))\"" }.joined(separator: ",")
            return "\(name)\(labels.isEmpty ? "" : "{\(labels)}") \(sample.value)\n"
        }
        return "# HELP \(name) \(help)\n# TYPE \(name) gauge\n\(lines.joined())"
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }
}
