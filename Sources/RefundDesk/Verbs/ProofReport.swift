public import Storage

/// What the virus scanner said of a file.
public enum ProofScan: String, Sendable, Hashable, CaseIterable {
    /// Files were not scanned when it came.
    case off
    case clean
    case infected
    /// The scanner did not say that it is clean; it is asked again.
    case held
}

/// What came of drawing a file's pages anew.
public enum ProofDrawing: String, Sendable, Hashable, CaseIterable {
    case drawn
    /// The document opens with a password only.
    case password
    /// Damaged, or no picture comes out of it.
    case unreadable
    /// Drawing it takes too much memory or time.
    case tooMuch = "too-much"
}

/// A page that lies drawn and sealed in the proof store and is not yet anybody's.
public struct NewProofPage: Sendable {
    public let storedName: String
    /// The key that the page is sealed with; it is sealed itself before it is written down.
    public let fileKey: [UInt8]
    public let bytes: Int64
    /// In pixels.
    public let width: Int64
    /// In pixels.
    public let height: Int64
    /// What it looks like, in 64 bits of which like pictures differ in few; nil for a page without features.
    public let look: UInt64?

    public init(storedName: String, fileKey: [UInt8], bytes: Int64, width: Int64, height: Int64, look: UInt64?) {
        self.storedName = storedName
        self.fileKey = fileKey
        self.bytes = bytes
        self.width = width
        self.height = height
        self.look = look
    }
}

/// What an examiner found out about a file.
public struct ProofReport: Sendable {
    public let scan: ProofScan
    /// What the scanner calls what it found, or why it held the file back; nil where neither is so.
    public let scanWord: String?
    /// Nil while nothing could be drawn: the file is held back or infected, or the programs that draw are missing.
    public let drawing: ProofDrawing?
    public let pages: [NewProofPage]
    /// Pages that the file has; more than are drawn where it is long.
    public let pageCount: Int64

    public init(
        scan: ProofScan, scanWord: String? = nil, drawing: ProofDrawing? = nil, pages: [NewProofPage] = [],
        pageCount: Int64 = 0
    ) {
        self.scan = scan
        self.scanWord = scanWord
        self.drawing = drawing
        self.pages = pages
        self.pageCount = pageCount
    }

    /// Whether nothing more is to be found out.
    var isFinal: Bool { drawing != nil || scan == .infected }
}

/// How a file stands: what people are shown of it, and whether they may have it as it came.
public enum ProofStanding: Sendable, Hashable {
    /// Nobody has looked into it yet, or nothing that draws was there.
    case waiting(isPassed: Bool)
    /// The scanner could not say that it is clean.
    case held
    case infected
    /// So many pages are shown, of so many that it has.
    case shown(pages: Int64, of: Int64)
    /// It cannot be shown, only taken as it came.
    case flawed(ProofDrawing)

    /// Reads `scan`, `drawing`, `shown_count` and `page_count` of `proof_check`, all NULL where there is no row.
    public init(_ row: SQLRow) throws {
        guard let scan = try row.textOrNil("scan").flatMap(ProofScan.init(rawValue:)) else {
            self = .waiting(isPassed: false)
            return
        }
        switch scan {
        case .infected: self = .infected
        case .held: self = .held
        case .off, .clean:
            switch try row.textOrNil("drawing").flatMap(ProofDrawing.init(rawValue:)) {
            case nil: self = .waiting(isPassed: true)
            case .drawn: self = .shown(pages: try row.int("shown_count"), of: try row.int("page_count"))
            case .some(let flaw): self = .flawed(flaw)
            }
        }
    }

    /// Whether the file may be handed out as it came, to those who may have it.
    public var isPassed: Bool {
        switch self {
        case .waiting(let isPassed): isPassed
        case .held, .infected: false
        case .shown, .flawed: true
        }
    }

    /// How many pages are shown.
    public var pages: Int64 {
        switch self {
        case .shown(let pages, _): pages
        case .waiting, .held, .infected, .flawed: 0
        }
    }

    /// Whether it may stand otherwise in a moment.
    public var isOpen: Bool {
        switch self {
        case .waiting, .held: true
        case .infected, .shown, .flawed: false
        }
    }
}
