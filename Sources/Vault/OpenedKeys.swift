import Synchronization

/// Data keys that were opened, by all that is stored of them: a wrapped key that was changed, moved or wrapped anew is
/// another one. Opening derives a key and unwraps with it, which costs more than what is then sealed or opened.
///
/// The wrapping keys that open them all lie in the same memory for as long.
final class OpenedKeys: Sendable {
    /// Keys kept at most; with more of them it begins anew.
    private static let most = 1024

    private let keys = Mutex<[WrappedKey: DataKey]>([:])

    func key(_ wrapped: WrappedKey) -> DataKey? {
        keys.withLock { $0[wrapped] }
    }

    func keep(_ key: DataKey, of wrapped: WrappedKey) {
        keys.withLock { keys in
            if keys.count >= OpenedKeys.most { keys.removeAll(keepingCapacity: true) }
            keys[wrapped] = key
        }
    }
}
