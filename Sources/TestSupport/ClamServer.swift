import Foundation
public import Proofs

/// A virus scanner of the test's own: a real clamd with three small signatures in place of the millions of the net.
public struct ClamServer: Sendable {
    /// Where it listens.
    public let address: ScannerAddress
    private let process: Process

    /// Bytes of a file above which it gives up.
    public static let streamBytesMax = 1024 * 1024
    /// Deadline of its start, in tenths of a second.
    private static let startTenths = 600

    /// The test file that scanners agree to call infected (eicar.org), put together here so that this file is not one.
    public static let eicar = Array(
        (#"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR"# + "-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*").utf8)

    /// Runs a scanner while something is done with it.
    public static func run<T>(_ body: (ClamServer) async throws -> T) async throws -> T {
        // A socket's path is short: the usual folder for temporary files may not be.
        let folder = "/tmp/clam-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let server = try start(in: folder)
        defer { server.stop() }
        try await server.waitUntilReady()
        return try await body(server)
    }

    private static func start(in folder: String) throws -> ClamServer {
        let body = eicar.prefix(60).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        let rule = """
            rule PdfScript { strings: $a="/JavaScript" $b="/OpenAction" condition: uint32(0)==0x46445025 and $a and $b }

            """
        let settings = """
            Foreground yes
            DatabaseDirectory \(folder)
            LocalSocket \(folder)/clamd.sock
            AlertExceedsMax yes
            MaxThreads 2
            StreamMaxLength \(streamBytesMax)

            """
        let files = ["local.ndb": "Local.EICAR-body:0:*:\(body)\n", "local.yar": rule, "clamd.conf": settings]
        for (name, text) in files { try text.write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8) }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/sbin/clamd")
        process.arguments = ["-c", "\(folder)/clamd.conf"]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        return ClamServer(address: .unix(path: "\(folder)/clamd.sock"), process: process)
    }

    /// Ends it at once.
    public func stop() {
        guard process.isRunning else { return }
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    private func waitUntilReady() async throws {
        for _ in 0..<ClamServer.startTenths {
            if await ClamScanner(address).obstacle() == nil { return }
            try await Task.sleep(for: .milliseconds(100))
        }
        throw Program.Failure(reason: "clamd does not answer")
    }
}
