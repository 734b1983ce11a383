/// A command that writes, as a value: the process that holds the database's lock runs it, whichever that is.
///
/// Each case is one subcommand with its arguments; what the person feeds it comes as ``CommandInput``.
enum WriteCommand: Sendable, Codable, Equatable {
    case addMerchant(AddMerchant)
    case addTerminal(AddTerminal)
    case addChannel(AddChannel)
    case addStaff(AddStaff)
    case importStatement(ImportStatement)
    case reconcileStatement(ReconcileStatement)
    case loadCalendar(LoadCalendar)
    case loadIssuers(LoadIssuers)
    case loadCapabilities(LoadCapabilities)

    /// Runs the command to its end.
    ///
    /// - Throws: ``CommandFailure`` and whatever becomes one by ``CommandFailure/init(_:)-(any_Error)``.
    func run(
        _ office: Office, _ input: CommandInput, _ report: @escaping CommandReport
    ) async throws -> ExitCode {
        switch self {
        case .addMerchant(let command): try await command.run(office, report)
        case .addTerminal(let command): try await command.run(office, report)
        case .addChannel(let command): try await command.run(office, input, report)
        case .addStaff(let command): try await command.run(office, input, report)
        case .loadCalendar(let command): try await command.run(office, input, report)
        case .loadIssuers(let command): try await command.run(office, input, report)
        case .loadCapabilities(let command): try await command.run(office, input, report)
        case .importStatement(let command): return try await command.run(office, input, report)
        case .reconcileStatement(let command): return try await command.run(office, input, report)
        }
        return .done
    }
}
