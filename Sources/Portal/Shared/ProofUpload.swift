import Hummingbird
import Proofs
import RefundDesk
import RefundDomain
import Storage
import Vault
import Web

/// Reads an upload form: stores its files sealed as they arrive and says in words what is wrong with those that are not
/// taken.
struct ProofUpload: Sendable {
    static let prefix = "cardholder.proof"
    /// The whole form: every file of a case and some text.
    private static let bodyBytesMax = Int(ProofRoom.bytesMax) + 1024 * 1024

    private let store: any ProofStore
    private let intake: ProofIntake

    init(_ store: any ProofStore) {
        self.store = store
        intake = ProofIntake(store: store)
    }

    /// What came with a form.
    struct Outcome {
        var fields = FormFields()
        /// Files that lie in the store and belong to nobody yet.
        var proofs: [NewProof] = []
        /// What is wrong with the first file that was not taken.
        var fault: FormFault?
        /// Whether that fault is its size.
        var isTooLarge = false
    }

    /// Reads a form with files. A file that is not taken does not keep the others from being stored.
    ///
    /// - Throws: ``RequestFault``; ``StoreFault`` and ``ProofStoreFault`` when nothing can be stored. Nothing is left
    ///   in the store then.
    func read(_ request: Request, room: (files: Int64, bytes: Int64)) async throws -> Outcome {
        var outcome = Outcome()
        let limits = UploadLimits(
            bytesMax: ProofUpload.bodyBytesMax, fileBytesMax: Int(ProofLimits.fileBytesMax) + 64 * 1024)
        do {
            outcome.fields = try await UploadReader.read(request, limits: limits) { part, fields, chunks in
                guard part.name == "file", outcome.fault == nil else { return }
                let name = part.fileName ?? ""
                let taken = outcome.proofs.reduce(Int64(0)) { $0 + $1.bytes }
                guard Int64(outcome.proofs.count) < room.files else {
                    outcome.fault = ProofUpload.fault("too-much", name)
                    return
                }
                do {
                    let stored = try await intake.take(chunks, caseBytesLeft: max(room.bytes - taken, 0))
                    let kind = fields.text("kind").flatMap(ProofKind.init(rawValue:)) ?? .other
                    outcome.proofs.append(NewProof(stored, kind))
                } catch let refusal as ProofRefusal {
                    outcome.fault = ProofUpload.fault(refusal.word, name)
                    outcome.isTooLarge = refusal.isAboutSize
                } catch RequestFault.tooLarge {
                    outcome.fault = ProofUpload.fault(ProofRefusal.tooLarge.word, name)
                    outcome.isTooLarge = true
                }
            }
        } catch {
            await discard(outcome.proofs)
            throw error
        }
        return outcome
    }

    /// Removes files that an error kept from being taken: the first of `proofs` failed, the others were not tried.
    ///
    /// Where nobody knows whether the first was taken, it stays: better a file without a case than a case whose file is
    /// gone. So does what was to be taken `together` with it.
    func discard(_ proofs: [NewProof], after error: any Error, together: Bool = false) async {
        let isUnknown = error as? StoreFault == .commitUnknown
        await discard(Array(proofs.dropFirst(isUnknown ? together ? proofs.count : 1 : 0)))
    }

    /// Removes files that no case has taken; one that cannot be removed now is found by the tidying of the store.
    func discard(_ proofs: [NewProof]) async {
        await discard(proofs.map(\.storedName))
    }

    /// Removes files by their names in the store.
    func discard(_ names: [String]) async {
        for name in names.compactMap({ ProofName($0) }) {
            try? await store.delete(name)
        }
    }

    private static func fault(_ word: String, _ name: String) -> FormFault {
        FormFault([Web.FieldFault("file", "\(prefix).file.\(word)", ["name": name])])
    }

    /// The key of the words about scanning.
    static func scanning(_ isOn: Bool) -> String { "\(prefix).\(isOn ? "scanned" : "not-scanned")" }

    /// The keys of the words that faults and lists use.
    static var words: [String] {
        [
            "missing", "empty", "unknown-type", "unreadable", "too-many-pixels", "too-large", "too-much", "too-late",
        ].map { "\(prefix).file.\($0)" }
            + ProofKind.allCases.map { "\(prefix).kind.\($0.rawValue)" } + [scanning(true), scanning(false)]
            + ProofPictures.words
    }
}

extension NewProof {
    fileprivate init(_ stored: StoredProof, _ kind: ProofKind) {
        self.init(
            kind: kind, mediaType: stored.mediaType.contentType, bytes: stored.bytes, sha256: stored.sha256,
            storedName: stored.name.text, fileKey: stored.fileKey.bytes)
    }
}

extension ProofRefusal {
    fileprivate var word: String {
        switch self {
        case .empty: "empty"
        case .unknownType: "unknown-type"
        case .unreadable: "unreadable"
        case .tooManyPixels: "too-many-pixels"
        case .tooLarge: "too-large"
        case .tooManyBytesForCase: "too-much"
        }
    }

    fileprivate var isAboutSize: Bool {
        switch self {
        case .empty, .unknownType, .unreadable, .tooManyPixels: false
        case .tooLarge, .tooManyBytesForCase: true
        }
    }
}
