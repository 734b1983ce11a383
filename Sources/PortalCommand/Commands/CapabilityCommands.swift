import ArgumentParser
import RefundDesk
import RefundDomain

/// `refund-portal capability …`.
struct CapabilityCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "capability", abstract: "What refunds of channels, acquirers and terminals can do.",
        subcommands: [Load.self, List.self])

    struct Load: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Load rows of the form of reference/capabilities.tsv.",
            discussion: """
                The rows take the place of all that were loaded before, and of the program's own for the channels that \
                they name. Servers and workers use them at once; requests that were sent before keep their figures.
                """)

        @OptionGroup var options: SettingsOptions

        @Argument(help: "The file of tab-separated values, or - for standard input.")
        var file: String

        @Flag(help: "One JSON document.")
        var json = false

        func run() async throws {
            let command = LoadCapabilities(file: file == "-" ? "standard input" : file, asJSON: json)
            try await Office.run(.loadCapabilities(command), from: try .path(file), try await options.load())
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the rows that count.")

        struct Answer: Encodable {
            let capabilities: [Item]
        }

        struct Item: Encodable {
            let channel: String
            let acquirer: String?
            let merchantNumbers: [String]
            let family: String?
            let refunds: String?
            let mostRefunds: Int64?
            let gapSeconds: Int64?
            let windowDays: Int64?
            let leastMinor: Int64?
            let feeReturn: String?
            let void: String?
            let arrival: String?
            let verified: Bool
            let source: String
            /// `loaded`, or `program` for those of its own file.
            let from: String

            enum CodingKeys: String, CodingKey {
                case channel, acquirer, family, refunds, void, arrival, verified, source, from
                case merchantNumbers = "merchant_numbers"
                case mostRefunds = "most_refunds"
                case gapSeconds = "gap_seconds"
                case windowDays = "window_days"
                case leastMinor = "least_minor"
                case feeReturn = "fee_return"
            }

            init(_ row: CapabilityRow, from: String) {
                channel = row.scope.channel.rawValue
                acquirer = row.scope.acquirer?.name
                merchantNumbers = row.scope.acquirer?.numbers ?? []
                family = row.scope.family?.rawValue
                refunds = row.values.refunds?.rawValue
                mostRefunds = row.values.refundsMax
                gapSeconds = row.values.gapSeconds
                windowDays = row.values.windowDays
                leastMinor = row.values.leastMinor
                feeReturn = row.values.feeReturn?.rawValue
                void = row.values.void?.rawValue
                arrival = row.values.arrival.map { "\($0.lowerBound)-\($0.upperBound)" }
                verified = row.isVerified
                source = row.source
                self.from = from
            }

            /// One line: for whom, what it says, where it comes from.
            var line: String {
                let said: [(String, String?)] = [
                    ("refunds", refunds), ("most", mostRefunds.map(String.init)),
                    ("gap", gapSeconds.map { "\($0) s" }), ("window", windowDays.map { "\($0) days" }),
                    ("least", leastMinor.map(String.init)), ("fee", feeReturn), ("void", void),
                    ("arrival", arrival.map { "\($0) working days" }),
                ]
                let values = said.compactMap { name, value in value.map { "\(name) \($0)" } }.joined(separator: ", ")
                let doubt = verified ? "" : "unverified: "
                return "\(channel)\t\(acquirer ?? "any")\t\(family ?? "any")\t\(values)\t\(from)\t\(doubt)\(source)\n"
            }
        }

        @OptionGroup var options: SettingsOptions

        @Flag(help: "One JSON document.")
        var json = false

        func run() async throws {
            let items = try await Office.reading(try await options.load()) { office in
                Self.items(try await office.desk.loadedCapabilities(), beside: office.desk.capabilities.rows)
            }
            let text = json ? try JSONText.document(Answer(capabilities: items)) : items.map(\.line).joined()
            Terminal().report(.output(text))
        }

        /// The rows that count: for a channel that was loaded, the loaded ones instead of the program's own.
        static func items(_ loaded: [CapabilityRow], beside own: [CapabilityRow]) -> [Item] {
            let isLoaded = Set(loaded.map(\.scope.channel))
            let all =
                loaded.map { ($0, "loaded") }
                + own.filter { !isLoaded.contains($0.scope.channel) }.map { ($0, "program") }
            return all.map { Item($0.0, from: $0.1) }.sorted { one, other in
                (one.channel, one.acquirer ?? "", one.family ?? "")
                    < (other.channel, other.acquirer ?? "", other.family ?? "")
            }
        }
    }
}
