import ArgumentParser
import Foundation

/// Starts the program: private files, then the command line, then an exit code that says how it ended.
@main struct Main {
    static func main() async {
        // Whatever the program makes is for its own user only.
        umask(0o077)
        // A reader that has gone is an error of that one write, not the end of the server.
        signal(SIGPIPE, SIG_IGN)
        do {
            var command = try RefundPortal.parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch let code as ExitCode {
            exit(code.rawValue)
        } catch  where isOurs(error) {
            let failure = CommandFailure(error)
            Terminal().report(.note("refund-portal: \(failure.sentence)"))
            exit(failure.code.rawValue)
        } catch {
            // Help, version and usage errors (64) are the parser's.
            RefundPortal.exit(withError: error)
        }
    }

    private static func isOurs(_ error: any Error) -> Bool {
        !(error is CleanExit) && !(error is ValidationError) && RefundPortal.exitCode(for: error) == .failure
    }
}

extension ExitCode: Error {}
