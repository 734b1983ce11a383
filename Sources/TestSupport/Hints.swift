/// How many hints wait in a stream of ``Announcements``; it cannot be read afterwards.
public func hints(_ stream: AsyncStream<Void>) async -> Int {
    // A cancelled reader still gets what waits before the stream ends for it.
    let reader = Task {
        var count = 0
        for await _ in stream { count += 1 }
        return count
    }
    reader.cancel()
    return await reader.value
}
