import Foundation
import RefundDesk
import RefundDomain

/// `calendar load`: the file's years are the input, and are stored all or none.
struct LoadCalendar: Sendable, Codable, Equatable {
    /// A file of all years that may be loaded stays below this.
    private static var fileBytesMax: Int { 256 * 1024 }

    private struct Answer: Encodable {
        let years: [Year]
    }

    private struct Year: Encodable {
        let region: String
        let year: Int
        let holidays: Int
        let makeUpDays: Int
        let change: String

        enum CodingKeys: String, CodingKey {
            case region, year, holidays, change
            case makeUpDays = "make_up_days"
        }
    }

    /// What the file is called in messages.
    let file: String
    let asJSON: Bool

    func run(_ office: Office, _ input: CommandInput, _ report: CommandReport) async throws {
        let years: [WorkingYear]
        do {
            years = try WorkingDaysFile.parse(Data(try input.all(bytesMax: Self.fileBytesMax)), name: file)
        } catch let fault as WorkingDaysFile.Fault {
            throw CommandFailure(
                .badData,
                "\(fault). Nothing was loaded; the files in reference/working-days show the form. "
                    + "Mend it and load again.")
        }
        let changes = try await office.desk.loadCalendar(years)
        let answers = zip(years, changes).map { year, change in
            Year(
                region: year.region, year: year.year, holidays: year.holidays.count,
                makeUpDays: year.makeUpDays.count, change: change.rawValue)
        }
        if let other = years.first(where: { $0.region != WorkingYear.usualRegion }) {
            report(.note("No merchant counts by \(other.region) yet; all count by \(WorkingYear.usualRegion)."))
        }
        let lines = answers.map { year in
            "\(year.region) \(year.year): holidays \(year.holidays), make-up days \(year.makeUpDays), \(year.change)\n"
        }
        report(.output(asJSON ? try JSONText.document(Answer(years: answers)) : lines.joined()))
    }
}
