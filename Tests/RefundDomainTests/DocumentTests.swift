import Foundation
import RefundDomain
import Testing

/// `docs/lifecycle.md` says what the code does.
@Suite struct DocumentTests {
    private let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// The rows of the page's tables whose first cell begins with a letter and a number, as cells.
    private func rows(_ letter: Character, cells: Int) throws -> [[String]] {
        let page = try String(contentsOf: folder.appending(path: "docs/lifecycle.md"), encoding: .utf8)
        return page.split(separator: "\n").compactMap { line in
            let row = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            guard row.count == cells, let name = row.first, name.first == letter,
                name.dropFirst().first?.isNumber == true
            else { return nil }
            return row
        }
    }

    @Test func thePrintedTableIsTheCode() throws {
        let page = try String(contentsOf: folder.appending(path: "docs/lifecycle-table.md"), encoding: .utf8)
        #expect(page == LifecycleTable.page, "print it again: refund-portal lifecycle > docs/lifecycle-table.md")
    }

    @Test func thePageNamesEveryPosting() throws {
        #expect(try rows("P", cells: 3).compactMap(\.first) == Posting.Kind.allCases.map(\.rawValue))
    }
}
