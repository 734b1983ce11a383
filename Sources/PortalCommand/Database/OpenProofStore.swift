import AsyncHTTPClient
import Proofs

/// The proof store that the settings name, with the connections to it.
struct OpenProofStore: Sendable {
    let store: any ProofStore
    /// Of its own, so that a slow store takes no connection from the channels; nil for a folder.
    private let client: HTTPClient?

    /// Nothing is asked yet: whether it works is for readiness to say.
    init(_ address: ProofStoreAddress) {
        switch address {
        case .folder(let path):
            store = FileProofStore(folder: path)
            client = nil
        case .bucket(let address, let credentials):
            let client = HTTPClient(configuration: S3ProofStore.clientConfiguration)
            store = S3ProofStore(address: address, credentials: credentials, client: client)
            self.client = client
        }
    }

    /// Ends the connections; nothing can be stored or opened from then on.
    func close() async throws {
        try await client?.shutdown()
    }
}
