/// One member of a ZIP archive as the header before it describes it (APPNOTE 6.3.10, 4.3.7).
struct ZipMember {
    enum Method: UInt16 {
        case stored = 0
        case deflated = 8
    }

    let name: [UInt8]
    let method: Method
    /// Whether sum and sizes follow the data instead of standing before it.
    let hasDescriptor: Bool
    /// Whether sizes behind the data have eight bytes instead of four.
    let hasLongSizes: Bool
    /// CRC-32, packed and plain size; zero where a descriptor follows.
    let stated: ZipSizes

    private static let headerBytes = 26
    private static let encryptedFlags: UInt16 = 0x2041
    private static let descriptorFlag: UInt16 = 0x0008
    private static let longSizes: UInt32 = 0xFFFF_FFFF

    /// Reads the header behind its signature.
    init(_ input: inout PackedInput) throws {
        let header = ZipFields(try input.bytes(Self.headerBytes))
        let flags = header.short(at: 2)
        guard flags & Self.encryptedFlags == 0 else { throw StatementFault.encryptedZip }
        guard let method = Method(rawValue: header.short(at: 4)) else {
            throw StatementFault.packedUnknown(method: Int(header.short(at: 4)))
        }
        self.method = method
        hasDescriptor = flags & Self.descriptorFlag != 0
        // What is only stored has no end of its own.
        guard !hasDescriptor || method == .deflated else { throw StatementFault.damagedZip }
        name = try input.bytes(Int(header.short(at: 22)))
        let extra = ZipFields(try input.bytes(Int(header.short(at: 24))))
        let long = Self.longSizes(in: extra)
        hasLongSizes = long != nil
        var sizes = ZipSizes(
            sum: header.word(at: 10), packed: UInt64(header.word(at: 14)), plain: UInt64(header.word(at: 18)))
        if !hasDescriptor, header.word(at: 14) == Self.longSizes || header.word(at: 18) == Self.longSizes {
            guard let long, long.count >= 16 else { throw StatementFault.damagedZip }
            sizes.plain = long.long(at: 0)
            sizes.packed = long.long(at: 8)
        }
        stated = sizes
    }

    /// The extra field of sizes beyond four bytes (4.5.3).
    private static func longSizes(in extra: ZipFields) -> ZipFields? {
        var at = 0
        while at + 4 <= extra.count {
            let size = Int(extra.short(at: at + 2))
            guard at + 4 + size <= extra.count else { return nil }
            if extra.short(at: at) == 1 { return extra.part(at: at + 4, size) }
            at += 4 + size
        }
        return nil
    }

    /// The sizes that follow the data (4.3.9), the signature before them being optional.
    func descriptor(_ input: inout PackedInput) throws -> ZipSizes {
        let size = hasLongSizes ? 8 : 4
        var fields = ZipFields(try input.bytes(4))
        if fields.word(at: 0) == ZipSignature.descriptor.rawValue { fields = ZipFields(try input.bytes(4)) }
        let sizes = ZipFields(try input.bytes(2 * size))
        return ZipSizes(
            sum: fields.word(at: 0), packed: hasLongSizes ? sizes.long(at: 0) : UInt64(sizes.word(at: 0)),
            plain: hasLongSizes ? sizes.long(at: size) : UInt64(sizes.word(at: size)))
    }

    /// Whether the member may be the statement, by what the channels call their files.
    ///
    /// Alipay adds sums (汇总) and, in another bill, the account's own flow (账务明细); UnionPay's archive has further
    /// files beside `INN…ZM_…`. Folders and what macOS adds are none.
    var mayBeStatement: Bool {
        let text = Charset.name(name)
        if text.hasSuffix("/") || text.hasPrefix("__MACOSX/") { return false }
        let file = text.split(separator: "/").last ?? ""
        if file.isEmpty || file.hasPrefix(".") { return false }
        if file.contains("汇总") || file.contains("账务明细") { return false }
        let isUnionPays = file.hasPrefix("INN") && file.dropFirst(3).first?.isNumber == true
        return !isUnionPays || file.contains("ZM_")
    }
}

/// CRC-32 and sizes of a member, in bytes.
struct ZipSizes: Hashable {
    var sum: UInt32 = 0
    var packed: UInt64 = 0
    var plain: UInt64 = 0
}

/// What the parts of an archive begin with.
enum ZipSignature: UInt32 {
    case member = 0x0403_4B50
    case descriptor = 0x0807_4B50
    case directory = 0x0201_4B50
    case longEnd = 0x0606_4B50
    case longEndPlace = 0x0706_4B50
    case end = 0x0605_4B50
}

/// Numbers in a header, least significant byte first; what lies outside is 0.
struct ZipFields {
    private let bytes: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) {
        self.bytes = bytes[...]
    }

    private init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
    }

    var count: Int { bytes.count }

    func part(at offset: Int, _ count: Int) -> ZipFields { ZipFields(bytes.dropFirst(offset).prefix(count)) }
    func short(at offset: Int) -> UInt16 { UInt16(truncatingIfNeeded: number(at: offset, 2)) }
    func word(at offset: Int) -> UInt32 { UInt32(truncatingIfNeeded: number(at: offset, 4)) }
    func long(at offset: Int) -> UInt64 { number(at: offset, 8) }

    private func number(at offset: Int, _ count: Int) -> UInt64 {
        bytes.dropFirst(offset).prefix(count).reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}
