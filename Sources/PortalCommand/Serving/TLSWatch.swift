import Foundation
import Logging
import RefundDomain
import ServiceLifecycle
import UnixSignals
import Vault
import Web

/// Reads the listener's certificate and key again on SIGHUP, and every day by itself: new connections get what was
/// read, those that are open go on. A pair that cannot be used is refused and the one in use stays.
///
/// Reading every day also makes new keys for session tickets, whose theft would open what was recorded under them.
actor TLSWatch: Service {
    /// What `/readyz` says of the certificate.
    struct Detail: Encodable, Equatable {
        let until: String
        let daysLeft: Int64
        /// Why the newest pair of files is not in use; nil when it is.
        let refused: String?

        enum CodingKeys: String, CodingKey {
            case until, refused
            case daysLeft = "days_left"
        }
    }

    /// Between two readings without a signal.
    private static let rest = Duration.seconds(86_400)
    /// The log warns at each reading when there are so many days left; what renews by itself has done it before.
    private static let warningDays: Int64 = 14

    /// What speaks to whoever connects.
    let listener: TLSListener
    private let files: TLSFiles
    private let clock: @Sendable () -> Moment
    private let logger: Logger
    private var refused: String?

    /// Reads the files for the first time.
    ///
    /// - Throws: ``CommandFailure`` naming the setting whose file cannot be used.
    init(_ files: TLSFiles, clock: @escaping @Sendable () -> Moment, logger: Logger) throws(CommandFailure) {
        do {
            listener = try TLSListener(try Self.read(files))
        } catch {
            throw CommandFailure(.configuration, "\(Self.words(error, files)).")
        }
        self.files = files
        self.clock = clock
        self.logger = logger
    }

    /// Reads again until shutdown.
    func run() async throws {
        let signals = await UnixSignalsSequence(trapping: .sighup)
        warn()
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                group.addTask {
                    for await _ in signals { await self.reload() }
                }
                group.addTask {
                    // A cancelled rest ends the loop.
                    while (try? await Task.sleep(for: Self.rest)) != nil { await self.reload() }
                }
            }
        }
    }

    /// Reads the files again.
    func reload() {
        do {
            let identity = try Self.read(files)
            guard identity.ends > clock().seconds else {
                throw TLSIdentity.Fault(isAboutKey: false, reason: "has ended")
            }
            try listener.use(identity)
            refused = nil
            logger.notice("certificate read", metadata: ["days_left": "\(detail.daysLeft)"])
        } catch {
            let words = Self.words(error, files)
            refused = words
            logger.error("certificate refused, the one before stays", metadata: ["what": "\(words)"])
        }
        warn()
    }

    /// How the certificate in use is.
    var detail: Detail {
        let ends = Moment(milliseconds: 0).adding(seconds: listener.identity.ends)
        return Detail(
            until: LocalTime(ends, secondsAheadOfUTC: 0).day.iso, daysLeft: daysLeft, refused: refused)
    }

    /// The same for Prometheus.
    var gauge: Gauge {
        Gauge(
            name: "refund_portal_tls_certificate_days_left",
            help: "Whole days until the listener's certificate ends; -1 when it has ended.",
            samples: [Gauge.Sample(labels: [], value: daysLeft)])
    }

    private var daysLeft: Int64 {
        let left = listener.identity.ends - clock().seconds
        return left < 0 ? -1 : left / 86_400
    }

    private func warn() {
        guard daysLeft < Self.warningDays else { return }
        logger.warning("the listener's certificate ends", metadata: ["days_left": "\(daysLeft)"])
    }

    private static func read(_ files: TLSFiles) throws -> TLSIdentity {
        guard let certificate = FileManager.default.contents(atPath: files.certificate),
            certificate.count <= Certificate.listBytesMax
        else { throw TLSIdentity.Fault(isAboutKey: false, reason: "is missing, too large or cannot be read") }
        let key = try PrivateFile.read(at: files.key, bytesMax: Certificate.listBytesMax)
        return try TLSIdentity(certificatePEM: Array(certificate), keyPEM: key)
    }

    /// What is wrong, naming the setting and its file, and nothing of what is in it.
    private static func words(_ error: any Error, _ files: TLSFiles) -> String {
        switch error {
        case let fault as TLSIdentity.Fault:
            fault.isAboutKey
                ? "TLS_KEY: \(files.key) \(fault.reason)" : "TLS_CERTIFICATE: \(files.certificate) \(fault.reason)"
        case VaultFault.keyFileUnsafe(let reason), VaultFault.keyFileUnreadable(let reason):
            "TLS_KEY: \(files.key): \(reason)"
        default: "TLS_KEY: \(files.key) cannot be used"
        }
    }
}
