/// What a database may answer instead of doing its work. Never shown to people; logged once, at the edge.
///
/// Except for ``commitUnknown``, nothing of the transaction has taken effect.
public enum StoreFault: Error, Sendable, Hashable {
    /// Another process or transaction holds what is needed; trying again later may work.
    case busy
    /// The disk, or the quota on it, is full.
    case full
    /// Reading or writing the storage failed.
    case inputOutput
    /// The file is no database, or is damaged.
    case corrupt
    /// The database, or this connection to it, can only be read.
    case readOnly
    /// The database server cannot be reached, or refuses us: its own reason, without secrets.
    case unreachable(String)
    /// The database's clock is so many seconds ahead of ours; behind when negative.
    case clockApart(seconds: Int64)
    /// The file is not there, or cannot be made or opened; the path.
    case cannotOpen(String)
    /// A rule kept by the database refused the change.
    case constraint(Constraint)
    /// A row was asked for a column that its statement does not name.
    case missingColumn(String)
    /// A column that must have a value was `NULL`.
    case unexpectedNull(String)
    /// A column holds another kind of value than it was asked for.
    case wrongKind(String)
    /// The commit was sent and its outcome is not known: ask again by the id that was written.
    case commitUnknown
    /// The database was made by a newer program: its highest migration, and the highest one known here.
    case schemaNewer(found: Int64, known: Int64)
    /// A migration that was applied before reads differently now; shipped migrations are frozen.
    case migrationChanged(number: Int64, name: String)
    /// Migrations are missing; the database is older than the program.
    case schemaOlder(found: Int64, known: Int64)
    /// Anything else, in the engine's words, without bound values.
    case other(String)

    /// Which kind of rule refused. The rule's name differs between engines, so nothing may depend on it.
    public enum Constraint: Sendable, Hashable {
        case unique
        case foreignKey
        case check
        case notNull
        case other
    }
}
