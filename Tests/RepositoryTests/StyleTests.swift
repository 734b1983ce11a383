import Foundation
import Testing

/// Rules of CONTRIBUTING.md that a machine can hold.
struct StyleTests {
    private static let lineCharactersMax = 120
    private static let fileLinesMax = 300

    @Test(arguments: ["Sources", "Tests"])
    func swiftFilesStayShort(_ folder: String) throws {
        for file in try Repository.files(below: folder, ending: ".swift") {
            let lines = try Repository.text(file).split(separator: "\n", omittingEmptySubsequences: false)
            if folder == "Sources" {
                #expect(lines.count <= Self.fileLinesMax + 1, "\(file) has \(lines.count) lines")
            }
            for (index, line) in lines.enumerated() where line.count > Self.lineCharactersMax {
                Issue.record("\(file):\(index + 1) has \(line.count) characters")
            }
        }
    }

    @Test func sourcesDoNotTrap() throws {
        let banned = ["try!", "as!", "@unchecked Sendable", "nonisolated(unsafe)", "fatalError(", "unowned(unsafe)"]
        for file in try Repository.files(below: "Sources", ending: ".swift") {
            for (index, line) in try code(file) {
                for word in banned where line.contains(word) {
                    Issue.record("\(file):\(index) uses \(word)")
                }
                #expect(!hasRegex(line), "\(file):\(index) uses a regular expression")
            }
        }
    }

    @Test func everyPublicDeclarationIsDocumented() throws {
        for file in try Repository.files(below: "Sources", ending: ".swift") {
            let lines = try Repository.text(file).split(separator: "\n", omittingEmptySubsequences: false)
            for (index, line) in lines.enumerated() where isPublicType(line) {
                var before = index - 1
                while before >= 0, lines[before].trimmingCharacters(in: .whitespaces).hasPrefix("@") { before -= 1 }
                let comment = before >= 0 && lines[before].trimmingCharacters(in: .whitespaces).hasPrefix("///")
                #expect(comment, "\(file):\(index + 1) is public and has no doc comment")
            }
        }
    }

    @Test func moneyIsNeverFloating() throws {
        let folders = ["RefundDomain", "RefundDesk", "Channels", "Statements", "SandboxBank"]
        for folder in folders {
            for file in try Repository.files(below: "Sources/\(folder)", ending: ".swift") {
                for (index, line) in try code(file) {
                    let uses = line.contains("Double(") || line.contains(": Double") || line.contains("Decimal(")
                    #expect(!uses, "\(file):\(index) uses floating point")
                }
            }
        }
    }

    /// Puts statements together from its own constants, names of tables and columns, and from nothing else.
    private static let composers: Set<String> = ["Vouched", "VouchedCase", "VouchedGroup", "VerifySignatures"]

    @Test func sqlIsNeverInterpolated() throws {
        for folder in ["Sources/RefundDesk", "Sources/Portal"] {
            for file in try Repository.files(below: folder, ending: ".swift") {
                let name = file.split(separator: "/").last.map { String($0.dropLast(".swift".utf8.count)) } ?? ""
                guard !Self.composers.contains(name) else { continue }
                let text = try Repository.text(file)
                for literal in text.components(separatedBy: "\"\"\"").enumerated().filter({ $0.offset % 2 == 1 }) {
                    let isSQL = ["SELECT ", "INSERT ", "UPDATE ", "DELETE "].contains { literal.element.contains($0) }
                    #expect(!isSQL || !literal.element.contains("\\("), "\(file) puts values into SQL")
                    #expect(!isSQL || !literal.element.contains("SELECT *"), "\(file) selects *")
                }
            }
        }
    }

    @Test func verbsCountWithTheLoadedYearsToo() throws {
        for file in try Repository.files(below: "Sources/RefundDesk/Verbs", ending: ".swift") {
            let counts = try Repository.text(file).contains("workingDays.adding(")
            #expect(!counts, "\(file) counts with the program's own years alone; calendar(sql) knows the loaded ones")
        }
    }

    @Test func onlyTheDeskWrites() throws {
        for file in try Repository.files(below: "Sources/Portal", ending: ".swift") {
            let text = try Repository.text(file)
            for word in ["INSERT INTO", "UPDATE ", "DELETE FROM"] {
                let wrote = text.components(separatedBy: "\"\"\"").enumerated()
                    .contains { $0.offset % 2 == 1 && $0.element.contains(word) }
                #expect(!wrote, "\(file) writes to the database: \(word)")
            }
        }
    }

    @Test func scriptsAndStylesStayInTheirFiles() throws {
        for file in try Repository.files(below: "templates", ending: ".mustache") {
            let text = try Repository.text(file)
            #expect(!text.contains("{{{") && !text.contains("{{&"), "\(file) leaves text unescaped")
            #expect(!text.contains(" style=") && !text.contains(" onclick="), "\(file) has inline code")
            #expect(!text.contains("<script>"), "\(file) has an inline script")
        }
        for file in try Repository.files(below: "Public/css", ending: ".css") {
            #expect(!(try Repository.text(file)).contains("!important"), "\(file) uses !important")
        }
        for file in try Repository.files(below: "Public/js", ending: ".js") {
            let lines = try Repository.text(file).split(separator: "\n").count
            #expect(lines <= 60, "\(file) has \(lines) lines")
        }
    }

    @Test func linksBetweenDocumentsLead() throws {
        let pages = try Repository.files(below: "docs", ending: ".md") + ["README.md", "CONTRIBUTING.md"]
        for page in pages {
            let folder = URL(fileURLWithPath: Repository.path(page)).deletingLastPathComponent().path
            for target in links(in: try Repository.text(page)) {
                let there = FileManager.default.fileExists(atPath: "\(folder)/\(target)")
                #expect(there, "\(page) links to \(target), which does not exist")
            }
        }
    }

    /// Lines of a file that are not comments, with their numbers.
    private func code(_ file: String) throws -> [(Int, Substring)] {
        try Repository.text(file).split(separator: "\n", omittingEmptySubsequences: false).enumerated()
            .filter { !$0.element.trimmingCharacters(in: .whitespaces).hasPrefix("//") }
            .map { ($0.offset + 1, $0.element) }
    }

    private func hasRegex(_ line: Substring) -> Bool {
        line.contains("Regex(") || line.contains("NSRegularExpression") || line.contains("Regex<")
    }

    private func isPublicType(_ line: Substring) -> Bool {
        let text = line.drop { $0 == " " }
        let kinds = ["struct", "enum", "final class", "actor", "protocol", "func", "static func"]
        return kinds.contains { text.hasPrefix("public \($0) ") }
    }

    private func links(in text: String) -> [String] {
        text.components(separatedBy: "](").dropFirst().compactMap { rest in
            guard let end = rest.firstIndex(of: ")") else { return nil }
            let target = rest[..<end].split(separator: "#").first.map(String.init) ?? ""
            return target.isEmpty || target.contains("://") ? nil : target
        }
    }
}
