import Foundation

/// Shows what a command says: its result on standard output, all else on standard error.
struct Terminal: Sendable {
    private static let barCells: Int64 = 40

    /// A bar that redraws itself would fill a log file, so it is drawn for people only.
    private let showsProgress = isatty(STDERR_FILENO) == 1

    /// Shows one event.
    func report(_ event: CommandEvent) {
        switch event {
        case .output(let text): write(text, to: .standardOutput)
        case .note(let text): write(clearedLine + text + "\n", to: .standardError)
        case .progress(let done, let total): write(progressText(done, total), to: .standardError)
        case .exit: break
        }
    }

    private var clearedLine: String { showsProgress ? "\r\u{1b}[K" : "" }

    private func progressText(_ done: Int64, _ total: Int64?) -> String {
        guard showsProgress else { return "" }
        guard let total, total > 0 else { return "\(clearedLine)\(done)" }
        let part = min(max(done, 0), total)
        let cells = Int(part * Self.barCells / total)
        let bar = String(repeating: "█", count: cells) + String(repeating: "░", count: Int(Self.barCells) - cells)
        return "\(clearedLine)\(bar) \(part * 100 / total) %" + (part == total ? "\n" : "")
    }

    private func write(_ text: String, to handle: FileHandle) {
        guard !text.isEmpty else { return }
        do {
            try handle.write(contentsOf: Data(text.utf8))
        } catch {
            // The reader has gone, as in `… | head`; the command's own work goes on.
        }
    }
}
