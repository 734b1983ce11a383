import Storage
import Testing

@testable import PortalCommand

@Suite struct CommandFailureTests {
    @Test(arguments: [
        (StoreFault.full, ExitCode.inputOutput), (.inputOutput, .inputOutput), (.commitUnknown, .inputOutput),
        (.corrupt, .inputOutput), (.busy, .tryAgain), (.unreachable("no route"), .unreachable),
        (.clockApart(seconds: 90), .unreachable), (.readOnly, .cannotCreate),
        (.cannotOpen("x"), .cannotCreate), (.schemaNewer(found: 2, known: 1), .configuration),
        (.schemaOlder(found: 0, known: 1), .configuration), (.migrationChanged(number: 1, name: "x"), .configuration),
        (.constraint(.check), .bug), (.other("x"), .bug),
        (.other("PostgreSQL 42501: permission denied for table refund_case"), .configuration),
    ])
    func everyFaultOfTheDatabaseHasItsExitCode(_ fault: StoreFault, _ code: ExitCode) {
        #expect(CommandFailure(fault).code == code)
    }

    @Test func whatNobodyExpectedIsABug() {
        struct Surprise: Error {}
        #expect(CommandFailure(Surprise()).code == .bug)
        #expect(CommandFailure(SettingsFault("LISTEN", "must be host:port")).code == .configuration)
    }
}
