import Logging
import Web

/// Everything the portal is told from outside, checked once at the start.
struct Settings: Sendable {
    /// Of the portal.
    let listen: ListenAddress
    /// Of health, readiness and metrics; never the portal's own.
    let adminListen: ListenAddress
    /// What people see, and the only accepted origin.
    let origin: WebOrigin
    let database: DatabaseAddress
    let proofStore: ProofStoreAddress
    /// The file of the sealing keys.
    let keysFile: String
    /// Where messages are written as files; nil where messages are off.
    let messageDirectory: String?
    let trustedProxies: TrustedProxies
    let worker: Switch
    let logLevel: Logger.Level
    let logFormat: LogFormat

    /// Checks every value.
    ///
    /// - Parameter value: what is set for a variable, if anything.
    /// - Throws: all problems at once, so that nobody has to start five times to find five mistakes.
    init(_ value: (Variable) -> String?) throws(SettingsFault) {
        var check = SettingsCheck(value: value)
        check.refuseWhatIsNotThereYet()
        listen = check.address(.listen, "127.0.0.1:8080")
        adminListen = check.address(.adminListen, "127.0.0.1:9090")
        let origin = check.origin(defaultingTo: listen)
        database = check.database()
        proofStore = check.proofStore()
        keysFile = check.path(.keysFile) ?? "data/keys.json"
        messageDirectory = check.path(.messageDirectory)
        trustedProxies = check.networks()
        worker = check.choice(.worker, .on)
        logLevel = check.choice(.logLevel, .info)
        logFormat = check.choice(.logFormat, .text)
        if check.problems.isEmpty, listen == adminListen {
            check.refuse(.adminListen, "must be another address than LISTEN, which everybody can reach")
        }
        guard let origin, check.problems.isEmpty else { throw SettingsFault(check.problems) }
        self.origin = origin
    }

    /// The path of the database file.
    var databasePath: String {
        switch database {
        case .sqlite(let path): path
        }
    }
}
