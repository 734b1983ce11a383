/// The transition tables as a page for people: `refund-portal lifecycle` prints it, `docs/lifecycle-table.md` holds it.
public enum LifecycleTable {
    /// The whole page in Markdown, ending with a line end.
    public static var page: String {
        """
        # Every transition

        Printed from the code by `refund-portal lifecycle`; a test compares. What it means is told in
        [lifecycle.md](lifecycle.md). Every transition is written into the record with the version of the page it was
        made on; a stale page is refused.

        ## Cases

        | row | command | from | to | who | guards | postings | told |
        |---|---|---|---|---|---|---|---|
        \(RefundCase.transitions.map(row).joined(separator: "\n"))

        R24, changing the payment that a case belongs to, nobody can do: withdraw it and make a new one.

        ## Movements

        | row | happening | from | to | by | postings | told |
        |---|---|---|---|---|---|---|
        \(Movement.transitions.map(row).joined(separator: "\n"))

        M25, a dispute, is no state: it lies over the payment, stops what would be sent and is shown with its reason.

        ## What takes two people

        | action | proposes | confirms |
        |---|---|---|
        \(JointAction.allCases.map(row).joined(separator: "\n"))

        The one who confirms is never the one who proposed, and never a maker of the case. Reopening takes one of
        support and one of finance.

        ## Guards

        | guard | asks |
        |---|---|
        \(TransitionGuard.allCases.map { "| \($0.rawValue) | \($0.sentence) |" }.joined(separator: "\n"))

        """
    }

    private static func row(_ step: RefundCase.Transition) -> String {
        line([
            step.id, step.command.rawValue, step.from?.rawValue ?? "—", step.to.rawValue,
            list(step.actors.map(\.rawValue).sorted()), list(step.guards.map(\.rawValue)),
            list(step.posts.map(\.rawValue)), list(step.tells.map(\.rawValue)),
        ])
    }

    private static func row(_ step: Movement.Transition) -> String {
        line([
            step.id, step.happening.rawValue, step.from?.rawValue ?? "—", step.to.rawValue,
            list(step.triggers.map(\.rawValue).sorted()), list(step.posts.map(\.rawValue)),
            list(step.tells.map(\.rawValue)),
        ])
    }

    private static func row(_ action: JointAction) -> String {
        line([
            action.rawValue, list(action.proposers.map(\.rawValue).sorted()),
            list(action.confirmers.map(\.rawValue).sorted()),
        ])
    }

    private static func list(_ words: [String]) -> String { words.isEmpty ? "—" : words.joined(separator: ", ") }

    private static func line(_ cells: [String]) -> String { "| \(cells.joined(separator: " | ")) |" }
}
