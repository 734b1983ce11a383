public import Storage

/// Why a move did not begin, or stopped.
public enum MoveFault: Error, Sendable, Hashable {
    /// The target holds rows that no unfinished move brought there; the first table that has some.
    case notEmpty(table: String)
    /// The target holds an unfinished move of another database, or of this one as it was before it changed.
    case otherSource
    /// The two databases do not have the same tables and columns.
    case schemasDiffer
    /// The key file did not seal what the source holds.
    case otherKeys
    /// Another process moves to the same target at the same time.
    case takenOver
    /// A table without a primary key, or within a circle of references; a mistake in a migration.
    case cannotBeMoved(String)
    /// A database failed while this table was copied or compared; what was copied before stays copied.
    case stopped(table: String, StoreFault)
}
