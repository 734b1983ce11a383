/// The names of the contract's settings. In a file they are written in lower case.
enum Variable: String, Sendable, CaseIterable {
    case listen = "LISTEN"
    case adminListen = "ADMIN_LISTEN"
    case publicURL = "PUBLIC_URL"
    case databaseURL = "DATABASE_URL"
    case proofStoreURL = "PROOF_STORE_URL"
    case accessKeyID = "AWS_ACCESS_KEY_ID"
    case secretAccessKey = "AWS_SECRET_ACCESS_KEY"
    case sessionToken = "AWS_SESSION_TOKEN"
    case keysFile = "KEYS_FILE"
    case messageDirectory = "MESSAGE_DIR"
    case clamd = "CLAMD"
    case trustedProxies = "TRUSTED_PROXIES"
    case worker = "WORKER"
    case logLevel = "LOG_LEVEL"
    case logFormat = "LOG_FORMAT"
    case smtpURL = "SMTP_URL"
    case smsURL = "SMS_URL"
    case migrateDatabaseURL = "MIGRATE_DATABASE_URL"
    case backupKeyFile = "BACKUP_KEY_FILE"
    case tlsCertificate = "TLS_CERTIFICATE"
    case tlsKey = "TLS_KEY"

    var fileKey: String { rawValue.lowercased() }

    /// Why a variable of the contract cannot be set yet; nil for those that can.
    ///
    /// Ignoring one would be worse: a portal that was told to send e-mail, and does not, looks healthy.
    var notYet: String? {
        switch self {
        case .smtpURL, .smsURL:
            "this version does not send e-mail or SMS; set MESSAGE_DIR to have messages written as files"
        case .backupKeyFile: "this version has no sealed backups"
        case .listen, .adminListen, .publicURL, .databaseURL, .proofStoreURL, .keysFile, .messageDirectory, .clamd,
            .trustedProxies, .worker, .logLevel, .logFormat, .migrateDatabaseURL, .accessKeyID, .secretAccessKey,
            .sessionToken, .tlsCertificate, .tlsKey:
            nil
        }
    }
}
