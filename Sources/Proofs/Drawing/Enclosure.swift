internal import Foundation

/// The walls around programs that decode what strangers send: few rights, little memory and time, no network.
///
/// How thick they can be is up to the system: a container may forget to allow a network of one's own. What is possible
/// is tried once, the best first.
struct Enclosure: Sendable, Hashable {
    /// Bytes of memory that a child may take.
    static let memoryBytesMax = 1024 * 1024 * 1024
    /// Bytes that a child may write.
    static let outputBytesMax = 64 * 1024 * 1024
    /// Seconds of processor time.
    static let processorSecondsMax = 20
    /// Seconds by the clock on the wall for one child.
    static let wallTime = Duration.seconds(25)
    /// Who a child of root becomes: nobody, who owns nothing.
    private static let nobody = 65_534

    private static let folder = "/usr/bin"
    private static let environment = [
        "PATH=\(folder):/bin", "HOME=/nonexistent", "LC_ALL=C", "VIPS_BLOCK_UNTRUSTED=1", "VIPS_CONCURRENCY=1",
        // Nothing clear is to be put on a disk in between.
        "VIPS_DISC_THRESHOLD=2g", "MALLOC_ARENA_MAX=2",
    ]
    private static let limits = [
        "\(folder)/prlimit", "--as=\(memoryBytesMax)", "--cpu=\(processorSecondsMax)", "--fsize=\(outputBytesMax)",
        "--core=0", "--nofile=64",
    ]

    private let wall: [String]
    /// Whether the child has no network.
    let isCutOff: Bool

    /// The thickest walls that this system allows; nil when not even the thinnest stand.
    static let best: Enclosure? = candidates.first(where: \.stands)

    private static var candidates: [Enclosure] {
        let quiet = ["\(folder)/setpriv", "--no-new-privs", "--pdeathsig", "KILL"]
        let stripped = quiet + ["--bounding-set=-all", "--inh-caps=-all"]
        let nobodys = stripped + ["--reuid=\(nobody)", "--regid=\(nobody)", "--clear-groups"]
        if geteuid() == 0 {
            return [
                Enclosure(wall: ["\(folder)/unshare", "-n"] + nobodys, isCutOff: true),
                Enclosure(wall: nobodys, isCutOff: false),
            ]
        }
        return [
            Enclosure(wall: ["\(folder)/unshare", "-r", "-n"] + stripped, isCutOff: true),
            Enclosure(wall: quiet, isCutOff: false),
        ]
    }

    /// A program behind the walls.
    func child(_ program: String, _ arguments: [String], within time: Duration = wallTime) -> ChildProcess {
        ChildProcess(
            arguments: Enclosure.limits + wall + ["\(Enclosure.folder)/\(program)"] + arguments,
            environment: Enclosure.environment, time: time)
    }

    /// Whether a program is installed where children are looked for.
    static func has(_ program: String) -> Bool {
        access("\(folder)/\(program)", X_OK) == 0
    }

    private var stands: Bool {
        guard let input = try? MemoryFile(), let output = try? MemoryFile() else { return false }
        return child("true", [], within: .seconds(5)).run(reading: input, writing: output).end == .exited(code: 0)
    }
}
