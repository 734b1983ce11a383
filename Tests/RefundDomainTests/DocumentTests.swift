import Foundation
import RefundDomain
import Testing

/// `docs/lifecycle.md` says what the code does.
@Suite struct DocumentTests {
    /// The rows of the page's tables whose first cell begins with a letter and a number, as cells.
    private func rows(_ letter: Character, cells: Int) throws -> [[String]] {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let page = try String(contentsOf: folder.appending(path: "docs/lifecycle.md"), encoding: .utf8)
        return page.split(separator: "\n").compactMap { line in
            let row = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            guard row.count == cells, let name = row.first, name.first == letter,
                name.dropFirst().first?.isNumber == true
            else { return nil }
            return row
        }
    }

    @Test func thePagesCaseRowsAreTheTable() throws {
        let wanted = RefundCase.transitions.map { step in
            [
                step.id, step.command.rawValue, step.from?.rawValue ?? "—", step.to.rawValue,
                step.actors.map(\.rawValue).sorted().joined(separator: ", "),
            ]
        }
        #expect(try rows("R", cells: 5) == wanted)
    }

    @Test func thePagesMovementRowsAreTheTable() throws {
        let wanted = Movement.transitions.map { step in
            [step.id, step.happening.rawValue, step.from?.rawValue ?? "—", step.to.rawValue]
        }
        #expect(try rows("M", cells: 4) == wanted)
    }

    @Test func thePageNamesEveryPosting() throws {
        #expect(try rows("P", cells: 3).compactMap(\.first) == Posting.Kind.allCases.map(\.rawValue))
    }
}
