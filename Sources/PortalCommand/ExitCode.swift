import Storage

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

/// Why a command did not do its work: said on standard error in one sentence, then the exit code.
struct CommandFailure: Error, Sendable, Equatable {
    let code: ExitCode
    let sentence: String

    init(_ code: ExitCode, _ sentence: String) {
        self.code = code
        self.sentence = sentence
    }

    /// What a person at a terminal can do about a fault of the database.
    init(_ fault: StoreFault) {
        switch fault {
        case .busy: self.init(.tryAgain, "The database is locked by another process. Try again in a moment.")
        case .full: self.init(.inputOutput, "The disk is full. Nothing was changed.")
        case .inputOutput: self.init(.inputOutput, "Reading or writing the database failed. Check the disk.")
        case .commitUnknown:
            self.init(.inputOutput, "The disk failed while saving; the last change may or may not have been kept.")
        case .corrupt:
            self.init(.inputOutput, "The database file is damaged, or is no database. Restore it from a backup.")
        case .readOnly:
            self.init(.cannotCreate, "The database can only be read. Check the rights of its file and folder.")
        case .unreachable: self.init(.unreachable, "The database server does not answer.")
        case .cannotOpen(let path):
            self.init(
                .cannotCreate, "\(path) is missing or cannot be opened. Check DATABASE_URL, or run migrate first.")
        case .schemaNewer(let found, let known):
            self.init(
                .configuration,
                "The database has version \(found), this program knows \(known). Install the newer program.")
        case .schemaOlder(let found, let known):
            self.init(
                .configuration, "The database has version \(found), this program needs \(known). Run migrate first.")
        case .migrationChanged(let number, let name):
            self.init(
                .configuration, "Migration \(number) (\(name)) was applied with other statements than this program has."
            )
        case .constraint, .missingColumn, .unexpectedNull, .wrongKind, .other:
            self.init(.bug, "The database refused: \(fault).")
        }
    }

    /// Any error as a failure; what is not known here is a bug.
    init(_ error: any Error) {
        switch error {
        case let failure as CommandFailure: self = failure
        case let fault as StoreFault: self.init(fault)
        case let fault as SettingsFault: self.init(.configuration, fault.description)
        default: self.init(.bug, "Something went wrong that should not: \(error).")
        }
    }
}
