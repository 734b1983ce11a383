/// Why a request gets an error page. Middleware and readers throw it; ``ErrorPages`` turns it into the page.
public enum RequestFault: Error, Sendable, Hashable {
    /// The bytes do not make sense: bad escapes, bad multipart, a wrong host (400).
    case malformed
    /// The request comes from another site's page (403).
    case otherOrigin
    /// There is no such thing, or the person may not see it; the two look the same (404).
    case notFound
    /// The page exists and does not take this method (405).
    case wrongMethod(allowed: [String])
    /// The body did not arrive in time (408).
    case tooSlow
    /// The body, a field or their number is over the limit (413).
    case tooLarge
    /// Too many tries; wait so many seconds (429).
    case tooMany(retryAfterSeconds: Int)
    /// We cannot answer for the moment; try again in so many seconds (503).
    case unavailable(retryAfterSeconds: Int)
    /// More is asked of us than we can do at once; try again in so many seconds (503).
    case crowded(retryAfterSeconds: Int)
    /// Nobody can tell whether what was sent has been kept; the same may be sent again, in so many seconds (503).
    case unsure(retryAfterSeconds: Int)
}
