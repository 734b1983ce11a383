import HTTPTypes
public import Hummingbird
public import NIOCore

/// How much an upload may bring.
public struct UploadLimits: Sendable, Hashable {
    /// The whole body, in bytes.
    public let bytesMax: Int
    /// One file, in bytes.
    public let fileBytesMax: Int
    /// Parts of any kind.
    public let partsMax: Int
    /// One text field, in bytes.
    public let fieldBytesMax: Int

    public init(bytesMax: Int, fileBytesMax: Int, partsMax: Int = 40, fieldBytesMax: Int = 16 * 1024) {
        self.bytesMax = bytesMax
        self.fileBytesMax = fileBytesMax
        self.partsMax = partsMax
        self.fieldBytesMax = fieldBytesMax
    }
}

/// Reads a multipart/form-data body as it arrives: text fields are collected, files are handed on piece by piece.
public enum UploadReader {
    /// Reads a whole upload and returns its text fields.
    ///
    /// - Parameter onFile: Gets each file in turn, with the text fields that came before it. What it leaves unread is
    ///   skipped. File fields without a chosen file are left out.
    /// - Throws: ``RequestFault/malformed`` for anything but a complete multipart/form-data body,
    ///   ``RequestFault/tooLarge`` at the first byte over a limit, and what `onFile` throws.
    public static func read(
        _ request: Request, limits: UploadLimits,
        onFile: (UploadPart, FormFields, UploadChunks) async throws -> Void
    ) async throws -> FormFields {
        guard let boundary = MultipartHeader.boundary(of: request.headers[.contentType]) else {
            throw RequestFault.malformed
        }
        if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > limits.bytesMax {
            throw RequestFault.tooLarge
        }
        let source = UploadSource(request.body, boundary: boundary, bytesMax: limits.bytesMax)
        var fields = FormFields()
        var parts = 0
        while let part = try await source.nextPart() {
            parts += 1
            guard parts <= limits.partsMax else { throw RequestFault.tooLarge }
            if part.isFile {
                if part.fileName?.isEmpty == false {
                    try await onFile(part, fields, UploadChunks(source: source, bytesMax: limits.fileBytesMax))
                }
                while try await source.nextPiece() != nil {}
            } else {
                fields.append(part.name, try await text(source, bytesMax: limits.fieldBytesMax))
            }
        }
        try await source.readToEnd()
        return fields
    }

    private static func text(_ source: UploadSource, bytesMax: Int) async throws -> String {
        var bytes: [UInt8] = []
        while let piece = try await source.nextPiece() {
            guard bytes.count + piece.count <= bytesMax else { throw RequestFault.tooLarge }
            bytes += piece
        }
        return try URLText.text(bytes)
    }
}

/// The bytes of one uploaded file, in order. It can be read once, inside the closure that got it.
public struct UploadChunks: AsyncSequence {
    /// Pieces as they arrive, of no particular size.
    public typealias Element = ByteBuffer

    let source: UploadSource
    let bytesMax: Int

    /// Reads the file on from where the upload stands.
    public func makeAsyncIterator() -> Iterator {
        Iterator(source: source, left: bytesMax)
    }

    /// Reads on until the file's end; throws ``RequestFault/tooLarge`` at the first byte over the file's limit.
    public struct Iterator: AsyncIteratorProtocol {
        let source: UploadSource
        var left: Int

        public mutating func next() async throws -> ByteBuffer? {
            guard let piece = try await source.nextPiece() else { return nil }
            guard piece.count <= left else { throw RequestFault.tooLarge }
            left -= piece.count
            return ByteBuffer(bytes: piece)
        }
    }
}

/// Pulls parts out of a request's body. A class, because the reader and the file in its hands share one position.
final class UploadSource {
    private var body: RequestBody.AsyncIterator
    private var parser: MultipartParser
    private var left: Int
    private var isInPart = false

    init(_ body: RequestBody, boundary: [UInt8], bytesMax: Int) {
        self.body = body.makeAsyncIterator()
        parser = MultipartParser(boundary: boundary)
        left = bytesMax
    }

    /// The next part's heading; nil after the last one.
    func nextPart() async throws -> UploadPart? {
        while let event = try await nextEvent() {
            switch event {
            case .header(let header):
                isInPart = true
                return try MultipartHeader.part(header)
            case .end: return nil
            case .bytes, .partEnd: continue
            }
        }
        return nil
    }

    /// More bytes of the present part; nil at its end.
    func nextPiece() async throws -> [UInt8]? {
        guard isInPart, let event = try await nextEvent() else { return nil }
        switch event {
        case .bytes(let bytes): return bytes
        case .partEnd, .end, .header:
            isInPart = false
            return nil
        }
    }

    /// Reads what follows the last boundary, which counts towards the limit and is ignored.
    func readToEnd() async throws {
        while let buffer = try await body.next() { try count(buffer) }
    }

    private func nextEvent() async throws -> MultipartParser.Event? {
        while true {
            if let event = try parser.next() { return event }
            guard !parser.isComplete else { return nil }
            guard let buffer = try await body.next() else { throw RequestFault.malformed }
            try count(buffer)
            parser.feed(buffer.readableBytesView)
        }
    }

    private func count(_ buffer: ByteBuffer) throws(RequestFault) {
        left -= buffer.readableBytes
        guard left >= 0 else { throw .tooLarge }
    }
}
