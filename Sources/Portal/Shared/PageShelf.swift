import RefundDesk
import Synchronization
import Web
import Words

/// Keeps rendered pages while what they show does not change, so many at most; the oldest goes first.
final class PageShelf: Sendable {
    /// What a page is a function of, beside the version.
    struct Key: Hashable {
        let number: String
        let viewer: Viewer
        let language: Language
    }

    private struct Contents {
        var pages: [Key: (version: Int64, page: RenderedPage)] = [:]
        /// The keys in the order in which they came, as a ring.
        var order: [Key] = []
        var oldest = 0
    }

    private let pagesMax: Int
    private let contents = Mutex(Contents())

    init(pagesMax: Int) {
        self.pagesMax = max(pagesMax, 1)
    }

    /// The page in this version; nil when it was never rendered, or what it shows has changed.
    func page(_ key: Key, version: Int64) -> RenderedPage? {
        contents.withLock { contents in
            guard let kept = contents.pages[key], kept.version == version else { return nil }
            return kept.page
        }
    }

    /// Keeps a page instead of the one before it.
    func keep(_ page: RenderedPage, _ key: Key, version: Int64) {
        contents.withLock { contents in
            if contents.pages.updateValue((version, page), forKey: key) != nil { return }
            if contents.order.count < pagesMax {
                contents.order.append(key)
            } else {
                contents.pages[contents.order[contents.oldest]] = nil
                contents.order[contents.oldest] = key
                contents.oldest = (contents.oldest + 1) % pagesMax
            }
        }
    }
}
