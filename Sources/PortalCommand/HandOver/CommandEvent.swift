/// What a command says while it runs, wherever it runs.
enum CommandEvent: Sendable, Codable, Equatable {
    /// A part of the result, for standard output; lines end with a line end.
    case output(String)
    /// A sentence for the person, for standard error.
    case note(String)
    /// How far it is, shown as a bar where standard error is a terminal; `total` is nil when nobody knows.
    case progress(done: Int64, total: Int64?)
    /// The end; nothing follows.
    case exit(ExitCode)
}

/// Where a command says things. Called from any thread, in order.
typealias CommandReport = @Sendable (CommandEvent) -> Void
