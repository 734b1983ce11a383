import Proofs
import Storage

/// Why something is not ready, in words for operators; a server's own words stay in the log.
enum HealthReason {
    static func words(_ error: any Error) -> String {
        switch error {
        case let fault as StoreFault: words(fault)
        case let fault as ProofStoreFault: words(fault)
        case let fault as ScannerFault: fault.reason
        default: "fails; the log says more"
        }
    }

    private static func words(_ fault: StoreFault) -> String {
        switch fault {
        case .busy: "is too busy to answer"
        case .full: "the disk is full"
        case .inputOutput: "reading or writing fails"
        case .corrupt: "is damaged"
        case .readOnly: "can only be read"
        case .unreachable: "cannot be reached"
        case .clockApart(let seconds):
            "its clock is \(abs(seconds)) seconds \(seconds > 0 ? "ahead of" : "behind") ours"
        case .cannotOpen: "cannot be opened"
        case .schemaNewer(let found, let known): "has version \(found), newer than this program's \(known)"
        case .schemaOlder(let found, let known): "has version \(found), older than this program's \(known): run migrate"
        case .migrationChanged(let number, _): "migration \(number) was applied with other statements"
        case .commitUnknown, .constraint, .missingColumn, .unexpectedNull, .wrongKind, .other:
            "refuses; the log says more"
        }
    }

    private static func words(_ fault: ProofStoreFault) -> String {
        switch fault {
        case .full: "the disk is full"
        case .system(let reason): reason
        case .missing: "its folder is missing, or the one that it should be made in"
        case .exists, .damaged: "fails; the log says more"
        }
    }
}
