public import Vault

/// What requests to an S3 store are signed with.
public struct S3Credentials: Sendable {
    /// The key's public name.
    public let accessKey: String

    let secretKey: Secret
    let sessionToken: Secret?

    /// Keys as the usual environment variables hold them.
    ///
    /// - Parameters:
    ///   - accessKey: `AWS_ACCESS_KEY_ID`.
    ///   - secretKey: `AWS_SECRET_ACCESS_KEY`.
    ///   - sessionToken: `AWS_SESSION_TOKEN`, which temporary keys come with.
    /// - Throws: ``S3SettingFault`` that names the variable which is empty, or holds a space or a line's end that was
    ///   copied with it.
    public init(accessKey: String, secretKey: Secret, sessionToken: Secret? = nil) throws(S3SettingFault) {
        try S3Credentials.check("AWS_ACCESS_KEY_ID", Array(accessKey.utf8))
        try S3Credentials.check("AWS_SECRET_ACCESS_KEY", secretKey.bytes)
        if let sessionToken { try S3Credentials.check("AWS_SESSION_TOKEN", sessionToken.bytes) }
        self.accessKey = accessKey
        self.secretKey = secretKey
        self.sessionToken = sessionToken
    }

    private static func check(_ variable: String, _ bytes: [UInt8]) throws(S3SettingFault) {
        guard !bytes.isEmpty else { throw S3SettingFault("\(variable) is missing") }
        guard bytes.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw S3SettingFault("\(variable) holds spaces, line ends or characters that no key has")
        }
    }
}
