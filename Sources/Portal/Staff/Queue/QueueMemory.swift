import Hummingbird
import RefundDesk
import Vault
import Web

/// Remembers in the browser which queue somebody came from, so that a decision leads back to it.
struct QueueMemory: Sendable {
    private static let cookie = "rp_queue"
    /// The longest query that is remembered, in bytes.
    private static let bytesMax = 600

    let cookies: Web.Cookies

    /// A queue and the page of it that was looked at.
    struct Place: Sendable {
        let filter: QueueFilter
        let key: QueueKey?

        var address: String { filter.address(after: key) }
    }

    func keep(_ place: Place, on response: inout Response) {
        let address = place.address
        guard address.utf8.count <= QueueMemory.bytesMax else { return }
        cookies.set(QueueMemory.cookie, to: Base64.encodeURL(Array(address.utf8)), sameSite: .strict, on: &response)
    }

    /// The next person at this browser begins anew.
    func forget(on response: inout Response) {
        cookies.remove(QueueMemory.cookie, sameSite: .strict, on: &response)
    }

    /// Where somebody came from; the usual queue when nothing, or nothing that makes sense, is remembered.
    func place(_ request: Request) -> Place {
        guard let value = cookies.value(QueueMemory.cookie, of: request), let bytes = Base64.decodeURL(value),
            let text = String(validating: bytes, as: UTF8.self), let start = text.firstIndex(of: "?"),
            let fields = try? FormFields.query(String(text[text.index(after: start)...]))
        else { return Place(filter: QueueFilter(), key: nil) }
        return Place(filter: QueueFilter(fields), key: QueueKey(fields.text("after")))
    }
}
