import Foundation
import Testing

@testable import Vault

/// Published examples of the payment channels, `Tests/Vectors/channels.json`.
struct ChannelVector: Decodable {
    let id: String
    let kind: String
    let message: String?
    let signatureB64: String?
    let privateKeyPkcs8DerB64: String?
    let publicKeyPem: String?
    let certPem: String?
    let certSerialHex: String?
    let key: String?
    let nonce: String?
    let aad: String?
    let ciphertextB64: String?
    let plaintext: String?
    let plaintextPrefix: String?
    let plaintextCertSerialHex: String?
    let certsPem: String?
    let expect: String?
    let pfxB64: String?
    let pfxPassword: String?
    let certId: String?
    let fields: [String: String]?

    /// UnionPay's test root and middle, by file name.
    static func unionPayTestAuthority(_ file: String) throws -> Certificate {
        struct File: Decodable {
            let unionpayTestCa: [String: String]
        }
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let text = try decoder.decode(File.self, from: Data(contentsOf: path)).unionpayTestCa[file]
        return try Certificate(pem: try #require(text))
    }

    private static var path: URL {
        let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        return tests.appending(path: "Vectors/channels.json")
    }

    static func all(_ kind: String) throws -> [ChannelVector] {
        try everyOne().filter { $0.kind == kind }
    }

    static func everyOne() throws -> [ChannelVector] {
        struct File: Decodable {
            let vectors: [ChannelVector]
        }
        let data = try Data(contentsOf: path)
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(File.self, from: data).vectors
    }
}

func hex(_ text: String) throws -> [UInt8] {
    try #require(Hex.decode(text.filter { !$0.isWhitespace }))
}

func base64(_ text: String?) throws -> [UInt8] {
    let bytes = text.flatMap(Base64.decode)
    return try #require(bytes)
}

func bytes(_ text: String?) throws -> [UInt8] {
    Array(try #require(text).utf8)
}

func utf8(_ text: String) -> [UInt8] {
    Array(text.utf8)
}

/// A folder of one test's own, removed afterwards.
func withFolder<Value>(_ work: (String) throws -> Value) throws -> Value {
    let folder = FileManager.default.temporaryDirectory.appending(path: "vault-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try work(folder.path)
}

extension DataKey {
    static func sample(id: UInt32 = 7, byte: UInt8 = 1) -> DataKey {
        DataKey(id: id, secret: Secret(bytes: Array(repeating: byte, count: 32)))
    }
}

extension KeyClass {
    static let contact = KeyClass(rawValue: "contact")
    static let proof = KeyClass(rawValue: "proof")
}
