import ArgumentParser
import RefundDesk
import RefundDomain

/// `refund-portal calendar …`.
struct CalendarCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "calendar", abstract: "Working days of later years, and corrections.",
        subcommands: [Load.self, List.self])

    struct Load: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Load years of working days from a JSON file of the form of reference/working-days.",
            discussion: """
                A year that is loaded counts before the program's own. Servers and workers use it at once; dates that \
                were promised before stay as they were promised.
                """)

        @OptionGroup var options: SettingsOptions

        @Argument(help: "The JSON file, or - for standard input.")
        var file: String

        @Flag(help: "One JSON document.")
        var json = false

        func run() async throws {
            let command = LoadCalendar(file: file == "-" ? "standard input" : file, asJSON: json)
            try await Office.run(.loadCalendar(command), from: try .path(file), try await options.load())
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the years that dates are counted with.")

        struct Answer: Encodable {
            let years: [Item]
        }

        struct Item: Encodable {
            let region: String
            let year: Int
            let holidays: [String]
            let makeUpDays: [String]
            let source: String
            /// `loaded`, or `program` for those of its own files.
            let from: String

            enum CodingKeys: String, CodingKey {
                case region, year, holidays, source, from
                case makeUpDays = "make_up_days"
            }
        }

        @OptionGroup var options: SettingsOptions

        @Option(help: "The region, two capital letters.")
        var region = WorkingYear.usualRegion

        @Flag(help: "One JSON document.")
        var json = false

        func run() async throws {
            let loaded = try await Office.reading(try await options.load()) { office in
                try await office.desk.loadedYears(of: region)
            }
            let items = Self.items(loaded, beside: try Office.ownYears(), region)
            let lines = items.map { item in
                "\(item.region)\t\(item.year)\tholidays \(item.holidays.count)\tmake-up days \(item.makeUpDays.count)\t"
                    + "\(item.from)\t\(item.source)\n"
            }
            Terminal().report(.output(json ? try JSONText.document(Answer(years: items)) : lines.joined()))
        }

        /// The years that count: a loaded one instead of the program's own.
        static func items(_ loaded: [WorkingYear], beside own: [WorkingYear], _ region: String) -> [Item] {
            let isLoaded = Set(loaded.map(\.year))
            let own = own.filter { $0.region == region && !isLoaded.contains($0.year) }
            let all = loaded.map { ($0, "loaded") } + own.map { ($0, "program") }
            return all.sorted { $0.0.year < $1.0.year }.map { year, from in
                Item(
                    region: year.region, year: year.year, holidays: year.holidays.map(\.iso),
                    makeUpDays: year.makeUpDays.map(\.iso), source: year.source, from: from)
            }
        }
    }
}
