import HTTPTypes

/// Who may keep an answer, and for how long.
public enum Caching: Sendable, Hashable {
    /// Nobody: pages with contact data, proof, a staff view, forms, and everything that says nothing else.
    case noStore
    /// The person's own browser, which asks every time whether it changed.
    case privateNoCache
    /// Anybody, for ever: addresses that contain a hash of the content.
    case immutable

    func dress(_ headers: inout HTTPFields) {
        switch self {
        case .noStore: headers[.cacheControl] = "no-store"
        case .privateNoCache:
            headers[.cacheControl] = "private, no-cache"
            headers[.vary] = "Cookie, Accept-Language, Accept-Encoding"
        case .immutable:
            headers[.cacheControl] = "public, max-age=31536000, immutable"
            headers[.vary] = "Accept-Encoding"
        }
    }
}
