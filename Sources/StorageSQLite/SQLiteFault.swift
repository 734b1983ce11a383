import GRDB
import Storage

extension StoreFault {
    /// The fault that an SQLite error stands for; its text never holds bound values.
    init(_ error: DatabaseError) {
        switch error.resultCode {
        case .SQLITE_BUSY, .SQLITE_LOCKED: self = .busy
        case .SQLITE_FULL: self = .full
        case .SQLITE_IOERR: self = .inputOutput
        case .SQLITE_CORRUPT, .SQLITE_NOTADB: self = .corrupt
        case .SQLITE_READONLY: self = .readOnly
        case .SQLITE_CONSTRAINT: self = .constraint(Constraint(error.extendedResultCode))
        default: self = .other("SQLite \(error.extendedResultCode.rawValue): \(error.message ?? "no message")")
        }
    }

    /// Runs engine work and throws its errors as faults; what is not the engine's passes unchanged.
    static func translating<T>(_ work: () throws -> T) throws -> T {
        do {
            return try work()
        } catch let error as DatabaseError {
            throw StoreFault(error)
        }
    }
}

extension StoreFault.Constraint {
    fileprivate init(_ code: ResultCode) {
        switch code {
        case .SQLITE_CONSTRAINT_UNIQUE, .SQLITE_CONSTRAINT_PRIMARYKEY, .SQLITE_CONSTRAINT_ROWID: self = .unique
        case .SQLITE_CONSTRAINT_FOREIGNKEY: self = .foreignKey
        case .SQLITE_CONSTRAINT_CHECK: self = .check
        case .SQLITE_CONSTRAINT_NOTNULL: self = .notNull
        default: self = .other
        }
    }
}
