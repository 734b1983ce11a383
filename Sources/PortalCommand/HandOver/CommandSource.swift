import Foundation
import NIOPosix

/// What the person at the terminal feeds a command with, before it is known where the command runs.
enum CommandSource: Sendable {
    case nothing
    /// A file, a pipe or a terminal.
    case open(OpenFile)

    /// A file by its path, or standard input for `-`.
    ///
    /// - Throws: ``CommandFailure`` (bad data) when there is no such file.
    static func path(_ path: String) throws(CommandFailure) -> CommandSource {
        let descriptor = path == "-" ? dup(STDIN_FILENO) : Foundation.open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw CommandFailure(.badData, "\(path) is missing or cannot be read.") }
        return .open(OpenFile(descriptor: descriptor))
    }

    /// Standard input where something was put into it; nothing at a terminal, where nobody expects to have to type.
    static func standardInput() throws(CommandFailure) -> CommandSource {
        isatty(STDIN_FILENO) == 1 ? .nothing : try path("-")
    }

    /// The input for a command that runs in this process.
    ///
    /// - Parameter folder: where a long pipe is kept meanwhile.
    func taken(folder: String) async throws -> CommandInput {
        switch self {
        case .nothing: return .nothing
        case .open(let file):
            var status = stat()
            if fstat(file.descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG { return .file(file) }
            return try await NIOThreadPool.singleton.runIfActive {
                try CommandSpool.taking(file.descriptor, folder: folder)
            }
        }
    }
}
