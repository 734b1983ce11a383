import RefundDesk
import RefundDomain
import Words

/// A file as lists name it: kind, type and size, never its own name or content.
struct ProofLine: Sendable {
    let id: String
    let kind: String
    /// `JPEG · 1.2 MB`.
    let about: String
    /// When it was uploaded; nil on pages where that says nothing.
    let when: String?
    /// What the merchant made of it, and whether another one would help.
    let verdict: String?
    /// What is shown of it; nil on pages that show no files.
    let pictures: ProofPictures?

    static let sample = ProofLine(
        id: "p", kind: "小票", about: "JPEG · 1.2 MB", when: "11 月 22 日 09:10", verdict: "商户已采用", pictures: .sample)

    init(
        id: String, kind: String, about: String, when: String?, verdict: String? = nil, pictures: ProofPictures? = nil
    ) {
        self.id = id
        self.kind = kind
        self.about = about
        self.when = when
        self.verdict = verdict
        self.pictures = pictures
    }

    /// A file of a draft.
    init(_ item: RefundDesk.ProofItem, _ phrases: Phrases) {
        let kind = ProofLine.name(item.kind, phrases)
        self.init(
            id: item.id, kind: kind, about: ProofLine.about(item.mediaType, item.bytes), when: nil,
            pictures: ProofPictures(
                item.standing, id: item.id, kind: kind, folder: Paths.proof, for: "cardholder", phrases))
    }

    /// A file of a case that was sent.
    ///
    /// - Parameters:
    ///   - takesMore: whether another file can still be given in its place.
    ///   - folder: the address below which files lie; nil on pages that show none.
    init(_ proof: OwnCase.Proof, when: String, takesMore: Bool, folder: String? = nil, _ phrases: Phrases) {
        let kind = ProofLine.name(proof.kind, phrases)
        self.init(
            id: proof.id, kind: kind,
            about: ProofLine.about(proof.mediaType, proof.bytes), when: when,
            verdict: proof.verdict.map { phrases.text(ProofLine.key($0, takesMore: takesMore)) },
            pictures: folder.map { folder in
                ProofPictures(proof.standing, id: proof.id, kind: kind, folder: folder, for: "cardholder", phrases)
            })
    }

    private static func key(_ verdict: ProofVerdict, takesMore: Bool) -> String {
        let key = "\(ProofUpload.prefix).verdict.\(verdict.rawValue)"
        switch verdict {
        case .accepted: return key
        case .unreadable, .notRelevant: return takesMore ? "\(key).again" : key
        }
    }

    /// The keys of the words about verdicts.
    static var words: [String] {
        ProofVerdict.allCases.flatMap { [key($0, takesMore: true), key($0, takesMore: false)] }
    }

    private static func name(_ kind: ProofKind, _ phrases: Phrases) -> String {
        phrases.text("\(ProofUpload.prefix).kind.\(kind.rawValue)")
    }

    private static func about(_ mediaType: String, _ bytes: Int64) -> String {
        "\(type(mediaType)) · \(size(bytes))"
    }

    private static func type(_ mediaType: String) -> String {
        (mediaType.split(separator: "/").last.map(String.init) ?? mediaType).uppercased()
    }

    /// Kilobytes below a megabyte, then megabytes with one decimal; 1 MB is 1,048,576 bytes, as people's phones say.
    static func size(_ bytes: Int64) -> String {
        guard bytes >= 1_048_576 else { return "\(max(1, (bytes + 1023) / 1024)) KB" }
        let tenths = (bytes * 10 + 524_288) / 1_048_576
        return "\(tenths / 10).\(tenths % 10) MB"
    }
}
