public import RefundDomain
public import Storage

extension Desk {
    /// Stores a list of card prefixes, whole, in the place of the program's own and of any that was loaded before.
    ///
    /// - Returns: false when the very list was loaded before; nothing is written then.
    @discardableResult
    public func loadIssuers(_ issuers: CardIssuers) async throws -> Bool {
        let now = clock()
        let digest = CardPrefixTable.digest(issuers)
        return try await store.write { sql in
            try EventTable.hold(SealPlace.operatorTenant, sql)
            guard try CardPrefixTable.loaded(sql)?.digest != digest else { return false }
            try CardPrefixTable.put(issuers, at: now, sql)
            let event = NewEvent(
                stream: SealPlace.operatorTenant, actor: .system, what: "issuers.loaded", object: "issuers",
                objectID: "loaded",
                facts: ["source": issuers.source, "rows": String(issuers.prefixes.count), "digest": digest],
                visibility: .internal)
            try EventTable.append(event, at: now, seals, sql)
            return true
        }
    }

    /// The rows that a card with these first digits may be of, by the loaded list, else the program's own.
    ///
    /// For words and for when money should arrive; nothing is ever sent by it.
    public func cardPrefixes(_ digits: String, length: Int? = nil, _ sql: any SQLReading) throws -> [CardPrefix] {
        guard try CardPrefixTable.loaded(sql) != nil else { return cardIssuers.possible(digits, length: length) }
        return CardIssuers.possible(digits, length: length, among: try CardPrefixTable.rows(near: digits, sql))
    }

    /// The one bank that a card with these first digits may be of; nil without digits and where they leave several.
    public func cardIssuer(_ digits: String?, _ sql: any SQLReading) throws -> CardIssuers.Issuer? {
        guard let digits else { return nil }
        return CardIssuers.issuer(try cardPrefixes(digits, sql))
    }

    /// Where the list that counts comes from.
    public func cardIssuersSource(_ sql: any SQLReading) throws -> String {
        try CardPrefixTable.loaded(sql)?.source ?? cardIssuers.source
    }
}
