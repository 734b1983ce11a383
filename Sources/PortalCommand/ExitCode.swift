/// How a command ends, for scripts; the meanings follow `sysexits.h` where it has one.
enum ExitCode: Int32, Sendable, Codable {
    case done = 0
    /// A check found something.
    case found = 1
    case usage = 64
    /// The input data is wrong.
    case badData = 65
    /// A needed service does not answer.
    case unreachable = 69
    /// A mistake in the program.
    case bug = 70
    /// A file or folder cannot be made or opened.
    case cannotCreate = 73
    /// The disk is full, or reading or writing failed.
    case inputOutput = 74
    /// Somebody else is at it; try again.
    case tryAgain = 75
    /// The configuration is missing something or unsafe.
    case configuration = 78
}
