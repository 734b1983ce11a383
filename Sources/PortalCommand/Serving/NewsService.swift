import ServiceLifecycle
import StoragePostgres

/// Hears what other servers and workers have changed, and tells them what this one has.
struct NewsService: Service {
    let news: PostgresNews

    func run() async throws {
        await cancelWhenGracefulShutdown { await news.run() }
    }
}
