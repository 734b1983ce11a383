internal import Dispatch
internal import Foundation

/// One picture of a proof as people are shown it: drawn anew, so that nothing of the file's bytes is left but what can
/// be seen.
struct DrawnPage: Sendable {
    /// A JPEG without anything beside the picture.
    let jpeg: [UInt8]
    let size: PictureSize
    /// Nil for a picture without features.
    let look: PictureLook?
}

/// Why a file cannot be shown.
public enum DrawingFlaw: String, Sendable, Hashable, CaseIterable {
    /// The document opens with a password only.
    case password
    /// The content is damaged, or no picture comes out of it.
    case unreadable
    /// Drawing it takes too much memory or time.
    case tooMuch = "too-much"
}

/// What came of drawing a file.
enum Drawing: Sendable {
    /// All pages, or the first of so many.
    case pages([DrawnPage], of: Int64)
    case flawed(DrawingFlaw)
}

/// The programs that draw are not here, or no walls can be put around them.
public struct DrawerMissing: Error, Sendable, Hashable {
    /// What is missing, for operators.
    public let what: String
}

/// Draws pictures and documents anew, in children that are locked in (``Enclosure``).
public struct ProofDrawer: Sendable {
    /// The longer side of a page, in pixels.
    static let sideMax = 1600
    /// Pages of a document that are drawn.
    static let pagesMax: Int64 = 20
    /// For all children of one file together.
    static let time = Duration.seconds(30)
    /// Bytes of a page; one of this side that is larger holds noise.
    static let pageBytesMax = 8 * 1024 * 1024

    // They wait for children, which no thread that serves others may do.
    private let queue = DispatchQueue(label: "proof-drawer")

    /// Draws nothing yet.
    public init() {}

    /// What stands in the way of drawing, in words for operators; nil when all is here.
    public static var obstacle: String? {
        let missing = ["vipsthumbnail", "pdftoppm", "pdfinfo", "prlimit", "setpriv", "unshare"].filter {
            !Enclosure.has($0)
        }
        if !missing.isEmpty { return "missing: \(missing.joined(separator: ", "))" }
        return Enclosure.best == nil ? "no child process can be locked in" : nil
    }

    /// Whether children have no network; on systems that do not allow it they are locked in by limits and rights alone.
    public static var isCutOff: Bool { Enclosure.best?.isCutOff ?? false }

    /// Draws a frozen file.
    ///
    /// - Throws: ``DrawerMissing``, ``ProofStoreFault`` when memory is short.
    func draw(_ file: MemoryFile, _ type: ProofMediaType) async throws -> Drawing {
        if let obstacle = ProofDrawer.obstacle { throw DrawerMissing(what: obstacle) }
        guard let enclosure = Enclosure.best else { throw DrawerMissing(what: "walls") }
        return try await withCheckedThrowingContinuation { continuation in
            queue.async {
                let hand = DrawingHand(enclosure: enclosure, until: ContinuousClock.now + ProofDrawer.time)
                continuation.resume(with: Result { try hand.draw(file, type) })
            }
        }
    }
}

/// What a child left behind.
private enum Drawn {
    case output(MemoryFile)
    case flawed(DrawingFlaw)
}

/// Draws one file; waits for children.
private struct DrawingHand {
    let enclosure: Enclosure
    let until: ContinuousClock.Instant

    /// Nothing but a picture, in the colours of screens, on white where it is transparent.
    private static let plain = ".jpg[Q=85,strip,background=255]"
    private static let screen = "\(ProofDrawer.sideMax)x\(ProofDrawer.sideMax)>"
    private static let small = "\(PictureLook.columns)x\(PictureLook.rows)!"

    func draw(_ file: MemoryFile, _ type: ProofMediaType) throws -> Drawing {
        switch type {
        case .jpeg, .png, .webp, .heic: try picture(file)
        case .pdf: try document(file)
        }
    }

    private func picture(_ file: MemoryFile) throws -> Drawing {
        let drawn = try run(
            "vipsthumbnail", ["stdin", "--size", Self.screen, "--export-profile", "srgb", "-o", Self.plain], file)
        switch drawn {
        case .flawed(let flaw): return .flawed(flaw)
        case .output(let output): return try page(output).map { .pages([$0], of: 1) } ?? .flawed(.unreadable)
        }
    }

    private func document(_ file: MemoryFile) throws -> Drawing {
        let told = try run("pdfinfo", ["-"], file)
        guard case .output(let output) = told else { return flaw(of: told) }
        guard let count = pages(in: try output.content(bytesMax: 64 * 1024) ?? []), count > 0 else {
            return .flawed(.unreadable)
        }
        var drawn: [DrawnPage] = []
        for number in 1...min(count, ProofDrawer.pagesMax) {
            let arguments = [
                "-q", "-f", String(number), "-l", String(number), "-singlefile", "-scale-to",
                String(ProofDrawer.sideMax), "-jpeg", "-jpegopt", "quality=85", "-",
            ]
            let result = try run("pdftoppm", arguments, file)
            guard case .output(let output) = result else { return flaw(of: result) }
            // It ends well also when it has drawn nothing, or a dot in place of a page that is too large.
            guard let page = try page(output) else { return .flawed(.unreadable) }
            drawn.append(page)
        }
        return .pages(drawn, of: count)
    }

    private func flaw(of result: Drawn) -> Drawing {
        switch result {
        case .output: .flawed(.unreadable)
        case .flawed(let flaw): .flawed(flaw)
        }
    }

    /// `Pages:          3`
    private func pages(in text: [UInt8]) -> Int64? {
        let lines = String(decoding: text, as: UTF8.self).split(separator: "\n")
        let line = lines.first { $0.hasPrefix("Pages:") }
        return line.flatMap { Int64($0.dropFirst("Pages:".count).filter { $0 != " " }) }
    }

    /// Believes nobody: what came out must be a plain picture of the right size.
    private func page(_ output: MemoryFile) throws -> DrawnPage? {
        guard let jpeg = try output.content(bytesMax: ProofDrawer.pageBytesMax), let size = PlainJPEG.size(jpeg),
            max(size.width, size.height) <= ProofDrawer.sideMax
        else { return nil }
        try output.freeze()
        let drawn = try run("vipsthumbnail", ["stdin", "--size", Self.small, "-o", ".ppm"], output)
        guard case .output(let pixmap) = drawn else { return nil }
        let grey = try pixmap.content(bytesMax: 4096).flatMap(SmallPixmap.grey)
        return DrawnPage(jpeg: jpeg, size: size, look: grey.flatMap(PictureLook.init(grey:)))
    }

    /// Runs one child with what is left of the time.
    private func run(
        _ program: String, _ arguments: [String], _ input: MemoryFile
    ) throws -> Drawn {
        let left = until - ContinuousClock.now
        guard left > .zero else { return .flawed(.tooMuch) }
        let output = try MemoryFile()
        let child = enclosure.child(program, arguments, within: min(left, Enclosure.wallTime))
        let (end, complaint) = child.run(reading: input, writing: output)
        switch end {
        case .exited(code: 0): return .output(output)
        case .exited: return .flawed(complaint.contains("Incorrect password") ? .password : .unreadable)
        case .killed, .overdue: return .flawed(.tooMuch)
        case .notStarted(let code): throw DrawerMissing(what: "\(program) does not start (\(code))")
        }
    }
}
