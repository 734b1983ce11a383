import Logging
import Proofs
import Web

/// Everything the portal is told from outside, checked once at the start.
struct Settings: Sendable {
    /// Of the portal.
    let listen: ListenAddress
    /// Of health, readiness and metrics; never the portal's own.
    let adminListen: ListenAddress
    /// What people see, and the only accepted origin.
    let origin: WebOrigin
    /// nil where the listener speaks in clear.
    let tls: TLSFiles?
    let database: DatabaseAddress
    /// The same database in the role that may change its schema; nil where one role does everything.
    let migrateDatabase: DatabaseAddress?
    let proofStore: ProofStoreAddress
    /// Where uploaded files are scanned for viruses; nil where they are not.
    let scanner: ScannerAddress?
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
        tls = check.tls()
        let origin = check.origin(of: listen, hasTLS: tls != nil)
        database = check.database()
        migrateDatabase = check.migrateDatabase(beside: database)
        proofStore = check.proofStore()
        scanner = check.scanner()
        keysFile = check.path(.keysFile) ?? "data/keys.json"
        messageDirectory = check.path(.messageDirectory)
        trustedProxies = check.networks()
        worker = check.choice(.worker, .on)
        logLevel = check.choice(.logLevel, .info)
        logFormat = check.choice(.logFormat, .text)
        guard let origin, check.problems.isEmpty else { throw SettingsFault(check.problems) }
        self.origin = origin
    }

    /// Refuses what only a process with pages must not have: a worker has nothing at `LISTEN`.
    func requireOwnAdminAddress() throws(SettingsFault) {
        guard listen != adminListen else {
            throw SettingsFault(
                Variable.adminListen.rawValue, "must be another address than LISTEN, which everybody can reach")
        }
    }
}
