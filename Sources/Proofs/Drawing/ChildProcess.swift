internal import CLinux
internal import Foundation

/// Runs a program to its end or to a deadline, with nothing of ours but two files: no environment, no other open file,
/// no shell.
struct ChildProcess: Sendable {
    /// How it ended.
    enum End: Sendable, Hashable {
        /// By itself, with a code.
        case exited(code: Int32)
        /// By a signal, for example of a limit.
        case killed(signal: Int32)
        /// By us, after its time.
        case overdue
        /// It never began.
        case notStarted(code: Int32)
    }

    /// Bytes of its complaints that are read; what comes after is thrown away.
    private static let complaintBytesMax = 4096

    /// The program's whole path, and what it is given.
    let arguments: [String]
    /// `NAME=VALUE`.
    let environment: [String]
    let time: Duration

    /// Waits for the end, on the thread that calls; see ``onQueue(_:_:_:)``.
    ///
    /// - Returns: the end, and the beginning of what the program complained of.
    func run(reading input: MemoryFile, writing output: MemoryFile) -> (end: End, complaint: String) {
        var ends: [Int32] = [-1, -1]
        guard linux_pipe(&ends) == 0, let reading = ends.first, let writing = ends.last else {
            return (.notStarted(code: errno), "")
        }
        input.rewind()
        let started = start(input.descriptor, output.descriptor, writing)
        close(writing)
        defer { close(reading) }
        switch started {
        case .failure(let fault): return (.notStarted(code: fault.code), "")
        case .success(let process):
            let until = ContinuousClock.now + time
            let complaint = listen(reading, until: until)
            return (wait(process, until: until), complaint)
        }
    }

    private struct SpawnFault: Error {
        let code: Int32
    }

    /// Starts the program in a process group of its own, with every signal as it is at first.
    private func start(_ input: Int32, _ output: Int32, _ complaints: Int32) -> Result<pid_t, SpawnFault> {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, input, 0)
        posix_spawn_file_actions_adddup2(&actions, output, 1)
        posix_spawn_file_actions_adddup2(&actions, complaints, 2)
        let left = linux_leave_everything(&actions)
        guard left == 0 else { return .failure(SpawnFault(code: left)) }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var (none, every) = (sigset_t(), sigset_t())
        sigemptyset(&none)
        sigfillset(&every)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &every)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        let (texts, names) = (arguments.map { strdup($0) }, environment.map { strdup($0) })
        defer { (texts + names).forEach { free($0) } }
        var process: pid_t = 0
        let code = posix_spawn(&process, arguments.first ?? "", &actions, &attributes, texts + [nil], names + [nil])
        return code == 0 ? .success(process) : .failure(SpawnFault(code: code))
    }

    /// Reads complaints until every process that could utter one is gone, or the time is over.
    private func listen(_ descriptor: Int32, until: ContinuousClock.Instant) -> String {
        var heard: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1024)
        while true {
            let left = until - ContinuousClock.now
            guard left > .zero else { break }
            var look = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            let milliseconds = left.components.seconds * 1000 + left.components.attoseconds / 1_000_000_000_000_000
            guard poll(&look, 1, Int32(clamping: milliseconds + 1)) > 0 else { continue }
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            heard += buffer.prefix(min(count, ChildProcess.complaintBytesMax - heard.count))
        }
        return String(decoding: heard, as: UTF8.self)
    }

    /// Waits for the end; whoever does not come to one in time is killed with all that it started.
    private func wait(_ process: pid_t, until: ContinuousClock.Instant) -> End {
        var status: Int32 = 0
        while true {
            let found = waitpid(process, &status, WNOHANG)
            if found == process { return End(status: status) }
            if found < 0, errno != EINTR { return .notStarted(code: errno) }
            guard ContinuousClock.now < until else { break }
            usleep(2000)
        }
        kill(-process, SIGKILL)
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        return .overdue
    }
}

extension ChildProcess.End {
    /// What `waitpid` says; its macros are not imported.
    fileprivate init(status: Int32) {
        let signal = status & 0x7F
        self = signal == 0 ? .exited(code: status >> 8 & 0xFF) : .killed(signal: signal)
    }
}
