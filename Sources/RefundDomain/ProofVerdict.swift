/// What a reviewer made of an uploaded file; the cardholder sees it beside the file's kind.
public enum ProofVerdict: String, Sendable, Hashable, CaseIterable {
    case accepted
    /// Too dark, cut off or blurred: the same thing again would help.
    case unreadable
    /// Shows something else than what was asked for.
    case notRelevant = "not-relevant"
}
