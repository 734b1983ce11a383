import Foundation
import Testing

/// A vector of `Tests/Vectors/acquirers.json`: no acquirer publishes any, so that the openssl command made these.
struct AcquirerVector: Decodable, Sendable {
    let id: String
    let message: String
    let body: String?
    let signatureB64: String?
    let privateKeyPem: String?
    let publicKeyPem: String?
    let key: String?
    let md5: String?

    static func named(_ id: String) throws -> AcquirerVector {
        struct File: Decodable { let vectors: [AcquirerVector] }
        let path = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Vectors/acquirers.json")
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let file = try decoder.decode(File.self, from: Data(contentsOf: path))
        return try #require(file.vectors.first { $0.id == id })
    }
}
