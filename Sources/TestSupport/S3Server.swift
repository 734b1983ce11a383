public import AsyncHTTPClient
import Foundation
public import Proofs
import Vault

/// An S3 store of the tests' own, started by `Scripts/s3.sh` when the first test needs it and removed when the tests'
/// process ends.
public struct S3Server: Sendable {
    /// The server's folder, and what `Scripts/s3.sh` calls it by.
    public let folder: String
    public let port: Int

    /// The bucket that is there from the start.
    public static let bucket = "proofs"
    public static let accessKey = "portal"
    public static let secretKey = "portal-secret"

    /// One for all tests; it is never shut down.
    public static let client: HTTPClient = {
        var configuration = S3ProofStore.clientConfiguration
        configuration.dnsOverride = ["\(bucket).localhost": "127.0.0.1"]
        return HTTPClient(configuration: configuration)
    }()

    /// The server that tests share; each keeps to a prefix of its own.
    public static func shared() async throws -> S3Server {
        try await sharedStart.value
    }

    private static let sharedStart = Task { try await S3Server.start() }

    /// Starts another one, for tests that stop it.
    public static func start() async throws -> S3Server {
        // Between looking for free ports and taking them, another process may take one.
        for _ in 1..<startsMax {
            if let server = try? await startOnce() { return server }
        }
        return try await startOnce()
    }

    private static let startsMax = 3

    private static func startOnce() async throws -> S3Server {
        let server = S3Server(
            folder: "/tmp/rp-s3-" + UUID().uuidString.prefix(8).lowercased(), port: try freePorts())
        try await script(["until", String(getpid()), server.folder])
        try await server.startAgain()
        return server
    }

    /// Starts it again after ``stop()``, with what was stored.
    public func startAgain() async throws {
        try await Self.script(["start", folder, String(port)])
    }

    /// Stops it and keeps what is stored.
    public func stop() async throws {
        try await Self.script(["stop", folder])
    }

    /// Its address, as `PROOF_STORE_URL` takes it.
    public func address(
        bucket: String = bucket, prefix: String = "", style: S3Address.Style = .path
    ) throws -> S3Address {
        let prefix = prefix.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
        // A bucket's name can stand before `localhost`, and not before an address.
        let host = style == .host ? "localhost" : "127.0.0.1"
        return try S3Address(
            "s3://\(bucket)?endpoint=http://\(host):\(port)&region=us-east-1&style=\(style.rawValue)&prefix=\(prefix)")
    }

    /// The keys that it knows.
    public static func credentials(secretKey: String = secretKey) throws -> S3Credentials {
        try S3Credentials(accessKey: accessKey, secretKey: Secret(secretKey))
    }

    /// Runs rclone, a client that is not ours, on `:s3:BUCKET`, and gives what it prints.
    ///
    /// - Parameters:
    ///   - verb: such as `cat` or `lsf`.
    ///   - key: what follows `:s3:BUCKET/`.
    ///   - source: a folder to copy from.
    ///   - input: its standard input.
    @discardableResult
    public func rclone(
        _ verb: String, from source: String? = nil, _ key: String, options: [String] = [], input: [UInt8] = []
    ) async throws -> [UInt8] {
        let words = [verb] + options + [source, ":s3:\(Self.bucket)/\(key)"].compactMap { $0 }
        return try await Self.run(
            "/usr/bin/env", ["rclone", "--retries", "1", "--timeout", "20s"] + words,
            environment: [
                "RCLONE_CONFIG": "/dev/null", "RCLONE_S3_PROVIDER": "Other", "RCLONE_S3_ACCESS_KEY_ID": Self.accessKey,
                "RCLONE_S3_SECRET_ACCESS_KEY": Self.secretKey, "RCLONE_S3_ENDPOINT": "http://127.0.0.1:\(port)",
                "PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": folder,
            ], input: input)
    }

    /// What a program said when it did not work.
    struct Failure: Error {
        let reason: String
    }

    private static func script(_ arguments: [String]) async throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().path
        try await run(root + "/Scripts/s3.sh", arguments, environment: ProcessInfo.processInfo.environment)
    }

    /// Runs a program on a thread of its own: waiting for it must not hold the tests' few threads up.
    @discardableResult
    private static func run(
        _ program: String, _ arguments: [String], environment: [String: String], input: [UInt8] = []
    ) async throws -> [UInt8] {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(
                    with: Result { try runAndWait(program, arguments, environment: environment, input: input) })
            }
        }
    }

    /// Standard output and errors go to files: a pipe that nobody reads meanwhile would hold a long answer up.
    private static func runAndWait(
        _ program: String, _ arguments: [String], environment: [String: String], input: [UInt8]
    ) throws -> [UInt8] {
        let folder = FileManager.default.temporaryDirectory.appending(path: "run-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let files = ["in", "out", "errors"].map { folder.appending(path: $0) }
        for file in files { try Data(input).write(to: file) }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.environment = environment
        process.standardInput = try FileHandle(forReadingFrom: files[0])
        let (output, errors) = (try FileHandle(forWritingTo: files[1]), try FileHandle(forWritingTo: files[2]))
        try output.truncate(atOffset: 0)
        try errors.truncate(atOffset: 0)
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            let said = String(decoding: try Data(contentsOf: files[2]), as: UTF8.self)
            throw Failure(reason: "\(program) \(arguments): \(said)")
        }
        return Array(try Data(contentsOf: files[1]))
    }

    /// The first of four ports in a row, with the four that are 10000 higher, that nobody listens on just now; all are
    /// below those that Linux gives to outgoing connections.
    private static func freePorts() throws -> Int {
        for _ in 0..<100 {
            let first = Int.random(in: 20_000...22_700)
            let ports = (first..<(first + 4)).flatMap { [$0, $0 + 10_000] }
            if ports.allSatisfy(isFree) { return first }
        }
        throw Failure(reason: "no free ports")
    }

    private static func isFree(_ port: Int) -> Bool {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(socket) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                bind(socket, pointer, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }
}
