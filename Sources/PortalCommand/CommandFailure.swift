import Channels
import RefundDesk
import Statements
import Storage
import Vault

/// Why a command did not do its work: said on standard error in one sentence, then the exit code.
struct CommandFailure: Error, Sendable, Equatable {
    let code: ExitCode
    let sentence: String

    init(_ code: ExitCode, _ sentence: String) {
        self.code = code
        self.sentence = sentence
    }

    /// What a person at a terminal can do about a fault of the database.
    ///
    /// - Parameter name: of the setting or option that says which database it is.
    init(_ fault: StoreFault, of name: String) {
        switch fault {
        case .busy: self.init(.tryAgain, "The database is locked by another process. Try again in a moment.")
        case .full: self.init(.inputOutput, "The disk is full. Nothing was changed.")
        case .inputOutput: self.init(.inputOutput, "Reading or writing the database failed. Check the disk.")
        case .commitUnknown:
            self.init(
                .inputOutput,
                "The disk or the connection failed while saving; the last change may be there or not. Look first.")
        case .corrupt:
            self.init(.inputOutput, "The database is damaged, or is none. Restore it from a backup.")
        case .readOnly:
            self.init(
                .cannotCreate,
                "\(name): the database can only be read. Check the rights of its file, or name the server that writes.")
        case .unreachable(let reason):
            self.init(.unreachable, "\(name): the database server cannot be used. It says: \(reason)")
        case .clockApart(let seconds):
            self.init(
                .unreachable,
                "\(name): the database's clock is \(seconds) seconds ahead of ours. Set both by the same time server.")
        case .cannotOpen(let path):
            self.init(
                .cannotCreate, "\(path) is missing or cannot be opened. Check \(name), or run migrate first.")
        case .schemaNewer(MoveMark.number, _):
            self.init(
                .configuration,
                "\(name): a move to this database has not ended. Run the same `migrate --from … --to …` again first.")
        case .schemaNewer(let found, let known):
            self.init(
                .configuration,
                "\(name): the database has version \(found), this program knows \(known). Install the newer program.")
        case .schemaOlder(let found, let known):
            self.init(
                .configuration,
                "\(name): the database has version \(found), this program needs \(known). Run migrate first.")
        case .migrationChanged(let number, let name):
            self.init(
                .configuration, "Migration \(number) (\(name)) was applied with other statements than this program has."
            )
        // The state of a missing right (postgresql.org/docs/15/errcodes-appendix.html).
        case .other(let reason) where reason.hasPrefix("PostgreSQL 42501"):
            self.init(.configuration, "\(name): the role lacks a right. It says: \(reason)")
        case .constraint, .missingColumn, .unexpectedNull, .wrongKind, .other:
            self.init(.bug, "The database refused: \(fault).")
        }
    }

    /// Any error as a failure; what is not known here is a bug.
    init(_ error: any Error) {
        switch error {
        case let failure as CommandFailure: self = failure
        case let fault as StoreFault: self.init(fault, of: Variable.databaseURL.rawValue)
        case let fault as SettingsFault: self.init(.configuration, fault.description)
        case let refusal as Refusal: self.init(refusal)
        case let fault as MoveFault: self.init(fault)
        case let fault as AccountFault: self.init(.badData, "The account's file: \(fault).")
        case let fault as StatementFault: self.init(.badData, "The file was not taken: \(fault).")
        case let fault as WorkingDaysFile.Fault: self.init(.configuration, "The working days: \(fault).")
        case let fault as ArrivalWindowsFile.Fault: self.init(.configuration, "The arrival windows: \(fault).")
        default: self.init(.bug, "Something went wrong that should not: \(error).")
        }
    }

    /// What a person can do about the key file.
    init(_ fault: VaultFault, keysFile: String) {
        switch fault {
        case .keyFileUnsafe(let reason): self.init(.configuration, "KEYS_FILE: \(keysFile): \(reason).")
        case .keyFileUnreadable(let reason):
            self.init(
                .configuration,
                "KEYS_FILE: \(keysFile): \(reason). A new installation gets its keys by `refund-portal keys new`.")
        case .keyFileExists: self.init(.cannotCreate, "\(keysFile) is there already; it was left as it is.")
        case .unknownKey, .damaged, .unreadableKey, .busy, .openssl:
            self.init(.configuration, "KEYS_FILE: \(keysFile): \(fault).")
        }
    }

    private init(_ refusal: Refusal) {
        switch refusal {
        case .field(let name, let fault): self.init(.badData, "The \(name) \(Self.words(fault)).")
        case .alreadyThere(let name): self.init(.badData, "\(name) is there already.")
        case .notFound: self.init(.badData, "There is no such thing.")
        case .stale, .notNow, .ineligible, .aboveMost, .onlyWhole, .proofNeeded, .tooMuchProof, .contactUnproved,
            .stepMissing, .wrongCode, .codeExpired, .tooMany, .notAllowed, .makerMayNotDecide, .aboveLimit,
            .checkMissing, .blocked, .moneyNotNow, .proposalOpen, .tooEarly, .channelCannot, .limited, .decidedBefore,
            .firstApprover, .notYours, .undoOver, .consentMissing, .belowApproved:
            self.init(.badData, "The rules say no: \(refusal).")
        }
    }

    private static func words(_ fault: FieldFault) -> String {
        switch fault {
        case .missing: "is missing"
        case .tooLong: "is too long"
        case .tooShort: "is too short"
        case .unreadable: "does not have the right form"
        case .notOffered: "is not one that is known here"
        }
    }
}
