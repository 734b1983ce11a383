/// What `verify` promises of each table, and what it does not, with the reason.
enum Promised {
    struct Table: Sendable {
        let name: String
        /// The rows that are promised.
        var rows = "1 = 1"
        /// Columns that are not, with the reason.
        var passing: [String: String] = [:]
        /// Why a row more does no harm, where it does none.
        var mayHaveMore: String?
    }

    private static let clock = "says when a worker looks again; nothing is decided by it"
    private static let page = "tells pages that they are old; a wrong one refuses a form"

    static let tables = [
        Table(name: "merchant"),
        Table(name: "terminal"),
        Table(name: "channel_account"),
        Table(name: "staff", passing: ["last_code_step": "which code was used last; codes live half a minute"]),
        Table(
            name: "staff_invitation",
            passing: ["link_sealed": "is erased when it is sent; the link works by its hash"]),
        Table(name: "data_key", passing: ["created_ms": "nothing is decided by it"]),
        Table(name: "statement_import"),
        Table(name: "payment"),
        Table(name: "statement_refund"),
        Table(
            name: "refund_case", rows: "state <> 'draft'",
            passing: ["version": page, "changed_ms": page]),
        Table(name: "hold", passing: ["changed_ms": "nothing is decided by it"]),
        Table(
            name: "movement",
            passing: [
                "queries": clock, "last_checked_ms": clock, "next_check_ms": clock,
                "channel_refund_number": told, "destination_text": told, "settled_ms": told,
            ]),
        Table(name: "attempt"),
        Table(name: "posting", rows: "kind <> 'P2'"),
        Table(name: "posting_line"),
        Table(name: "balance"),
        Table(name: "event"),
        Table(name: "stream_head"),
        Table(name: "question"),
        Table(name: "proof"),
        Table(name: "proof_check"),
        Table(name: "proof_page"),
        Table(name: "note"),
        Table(name: "policy"),
        Table(name: "joint_proposal"),
        Table(name: "block"),
        Table(name: "payee_destination"),
        Table(name: "enquiry"),
        Table(name: "reconciliation"),
        Table(name: "difference"),
        Table(name: "payout_batch"),
        Table(name: "payout_item"),
        Table(name: "payout_answer"),
        Table(name: "working_year"),
        Table(name: "capability"),
        Table(
            name: "message",
            passing: [
                "kind": wording, "language": wording, "medium": wording, "values_sealed": "is erased when it is sent",
            ]),
        Table(
            name: "outbox",
            rows: "done_ms IS NULL AND kind IN ('send-movement', 'query-movement', 'send-message', 'examine-proof')",
            passing: [
                "id": "a name and no more", "not_before_ms": clock, "attempts": clock, "lease": clock,
                "lease_until_ms": clock, "created_ms": clock,
            ], mayHaveMore: "a job too many finds nothing to do"),
    ]

    private static let told = "what the channel tells, at each answer anew; nothing is decided by it"
    private static let wording = "in which words a message is sent; to whom and with what figures lies sealed"

    /// Tables that decide nothing and pay nothing.
    static let passing = [
        "visitor_session": "who is looking now; ends by itself",
        "visitor_case": "which cases a session may see; ends with it",
        "staff_session": "who is signed in now; ends by itself",
        "contact_code": "codes of some minutes; that an address was proved is in the case's own row and record",
        "look_up_miss": "counts guesses of an hour",
        "proof_look": "finds pictures that look alike, which is a hint to people",
        "proof_match": "the hint itself; nothing is decided by it, and no money waits for it",
        "channel_notice": "keeps a repeated notice from being read twice; reading it twice moves nothing",
        "card_prefix": "for words and for when money should arrive; nothing is ever sent by it",
        "card_prefix_list": "where those come from",
        "reconciliation_line": "what a file said, kept to be compared; what differed is in `difference` and its record",
        "schema_migration": "the program compares its checksums at every start",
    ]
}
