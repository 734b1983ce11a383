/// The keys of words that ``CasePanelWriter`` puts together, for checking at start.
enum CasePanelKeys {
    static var all: [String] {
        var keys = ["amount", "reason", "found", "card", "time", "who", "contact"].map { "staff.compare.\($0)" }
        keys += ["slip", "wallet", "card"].map { "staff.found.\($0)" }
        keys += [
            "terminal", "batch", "trace", "reference", "authorisation", "transaction", "order", "settled", "able",
        ].map { "staff.number.\($0)" }
        keys += ["paid", "elsewhere", "refunded", "open", "left", "fee"].map { "staff.sum.\($0)" }
        keys += ["approved", "offered", "reason", "explanation", "remedy", "by", "at"].map { "staff.decided.\($0)" }
        keys += [
            "staff.unassigned", "staff.not-asked", "staff.contact.proved", "staff.card.none", "staff.card.ending",
            "staff.list-separator", "staff.time-in-zone", "staff.zone.china",
        ]
        return keys + CasePanelWriter.proofKeys + AbilityWords.keys + DueWords.keys + MovementWords.keys
    }
}
