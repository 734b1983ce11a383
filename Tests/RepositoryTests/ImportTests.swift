import Foundation
import Testing

/// The repository holds itself to `docs/architecture.md`.
struct ImportTests {
    @Test func everyModuleImportsOnlyWhatTheTableAllows() throws {
        let table = try ImportTable.read()
        #expect(table.allowed.count >= 15)
        for (module, allowed) in table.allowed where !module.hasPrefix("C") || module == "Channels" {
            let used = try imports(of: module)
            let own = table.allowed.keys.filter { $0 != module }
            let excess = used.filter { !allowed.contains($0) && !ImportTable.always(for: module).contains($0) }
            if let exception = table.anythingBut[module] {
                #expect(!used.contains(exception), "\(module) imports \(exception)")
            } else {
                #expect(excess.isEmpty, "\(module) imports \(excess.sorted())")
            }
            #expect(own.contains("RefundDomain") || module == "RefundDomain")
        }
    }

    @Test func everyFolderOfSourcesIsInTheTable() throws {
        let table = try ImportTable.read()
        let folders = try FileManager.default.contentsOfDirectory(atPath: Repository.path("Sources"))
        #expect(Set(folders) == Set(table.allowed.keys))
    }

    /// The modules that a target's files import.
    private func imports(of module: String) throws -> Set<String> {
        var found: Set<String> = []
        for file in try Repository.files(below: "Sources/\(module)", ending: ".swift") {
            for line in try Repository.text(file).split(separator: "\n") {
                var words = line.split(separator: " ").map(String.init)
                if let first = words.first, first.hasPrefix("@") { words.removeFirst() }
                if let first = words.first, ["public", "internal", "package", "private"].contains(first) {
                    words.removeFirst()
                }
                guard words.first == "import", words.count >= 2 else { continue }
                let kinds = ["struct", "class", "enum", "protocol", "func", "typealias", "let", "var"]
                let name = kinds.contains(words[1]) && words.count > 2 ? words[2] : words[1]
                found.insert(name.split(separator: ".").first.map(String.init) ?? name)
            }
        }
        return found
    }
}

/// The table of modules in `docs/architecture.md`.
struct ImportTable {
    var allowed: [String: Set<String>] = [:]
    var anythingBut: [String: String] = [:]

    /// What every module may import; the rules themselves and the storage seam do without Foundation.
    static func always(for module: String) -> Set<String> {
        let everywhere: Set<String> = ["Dispatch", "Logging", "ServiceLifecycle", "NIOCore", "HTTPTypes"]
        if module == "RefundDomain" { return [] }
        if module == "Storage" { return ["Synchronization"] }
        return everywhere.union(["Foundation", "FoundationEssentials", "Glibc", "Synchronization"])
    }

    static func read() throws -> ImportTable {
        var table = ImportTable()
        for line in try Repository.text("docs/architecture.md").split(separator: "\n") {
            let cells = line.split(separator: "|", omittingEmptySubsequences: false)
                .map { $0.trimmingCharacters(in: .whitespaces) }
            guard cells.count == 5, cells[1].hasPrefix("`"), cells[1].hasSuffix("`") else { continue }
            let module = String(cells[1].dropFirst().dropLast())
            if cells[3].hasPrefix("anything but ") {
                table.anythingBut[module] = String(cells[3].dropFirst("anything but ".count))
                table.allowed[module] = []
            } else {
                let names = cells[3].split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
                table.allowed[module] = Set(names)
            }
        }
        return table
    }
}
