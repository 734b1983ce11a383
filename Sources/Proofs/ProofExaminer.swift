internal import NIOCore
public import Vault

/// A page that lies drawn and sealed in the store and belongs to nobody yet.
public struct StoredPage: Sendable {
    /// Its name in the store.
    public let name: ProofName
    /// Clear bytes.
    public let bytes: Int64
    /// Pixels from left to right.
    public let width: Int64
    /// Pixels from top to bottom.
    public let height: Int64
    /// What it looks like; nil for a picture without features.
    public let look: PictureLook?
    /// The page's own key.
    public let fileKey: Secret

    /// A page.
    public init(
        name: ProofName, bytes: Int64, width: Int64, height: Int64, look: PictureLook?, fileKey: Secret
    ) {
        self.name = name
        self.bytes = bytes
        self.width = width
        self.height = height
        self.look = look
        self.fileKey = fileKey
    }
}

/// What an examination found out.
public struct ProofFindings: Sendable {
    /// How a file can be shown.
    public enum Pages: Sendable {
        /// Drawn: all of so many pages, or the first of them.
        case drawn([StoredPage], of: Int64)
        /// It cannot be drawn.
        case flawed(DrawingFlaw)
    }

    /// What the scanner said.
    public let scan: ScanResult
    /// Nil while it is not known: the scanner has not let the file pass, or nothing that draws is here.
    public let pages: Pages?

    /// Findings.
    public init(scan: ScanResult, pages: Pages?) {
        self.scan = scan
        self.pages = pages
    }
}

/// Looks into stored files: has them scanned, and draws them anew for everybody who is to see them.
///
/// Clear content is in memory and in locked-in children, never on a disk.
public struct ProofExaminer: Sendable {
    private let store: any ProofStore
    private let scanner: ClamScanner?
    private let drawer = ProofDrawer()

    /// - Parameter scanner: nil where files are not scanned.
    public init(store: any ProofStore, scanner: ClamScanner?) {
        self.store = store
        self.scanner = scanner
    }

    /// Examines a stored file. What it draws lies in the store afterwards; whoever does not take it removes it
    /// (``discard(_:)``).
    ///
    /// - Throws: ``ProofStoreFault`` when the file cannot be read or a page not be stored; nothing new is stored then.
    public func examine(_ name: ProofName, fileKey: Secret, _ type: ProofMediaType) async throws -> ProofFindings {
        let file = try MemoryFile()
        let opened = try await ProofReader(store: store).open(name, fileKey: fileKey)
        try await opened.forEachPiece { piece in try file.add(Array(piece.readableBytesView)) }
        try file.freeze()
        let scan = await scanner?.scan(file) ?? .off
        switch scan {
        case .infected, .held: return ProofFindings(scan: scan, pages: nil)
        case .off, .clean: break
        }
        do {
            switch try await drawer.draw(file, type) {
            case .flawed(let flaw): return ProofFindings(scan: scan, pages: .flawed(flaw))
            case .pages(let drawn, let count):
                return ProofFindings(scan: scan, pages: .drawn(try await keep(drawn), of: count))
            }
        } catch is DrawerMissing {
            return ProofFindings(scan: scan, pages: nil)
        }
    }

    /// Removes pages that nobody took.
    public func discard(_ pages: [StoredPage]) async {
        for page in pages { try? await store.delete(page.name) }
    }

    private func keep(_ drawn: [DrawnPage]) async throws -> [StoredPage] {
        var kept: [StoredPage] = []
        do {
            for page in drawn { kept.append(try await keep(page)) }
        } catch {
            await discard(kept)
            throw error
        }
        return kept
    }

    private func keep(_ page: DrawnPage) async throws -> StoredPage {
        let key = try FileSealer.newKey()
        let name = try ProofName.random()
        try await store.put(name) { sink in
            var sealer = FileSealer(key: key)
            try await sink.add(try sealer.add(page.jpeg))
            try await sink.add(try sealer.finish())
        }
        return StoredPage(
            name: name, bytes: Int64(page.jpeg.count), width: page.size.width, height: page.size.height,
            look: page.look, fileKey: key)
    }
}
