import ArgumentParser
import RefundDomain

/// `refund-portal lifecycle`: the transition tables as a page.
struct Lifecycle: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print every transition of cases and movements, as docs/lifecycle-table.md holds them.")

    func run() {
        Terminal().report(.output(LifecycleTable.page))
    }
}
