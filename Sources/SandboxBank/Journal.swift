import Foundation

/// The bank's books on disk: one JSON record a line, each on the disk before anybody is told.
///
/// Writing waits for the disk on the caller's thread: this is a sandbox for one machine.
struct Journal {
    private let file: FileHandle
    private let encoder = JSONEncoder()
    /// What the file held when it was opened.
    let opening: [BankRecord]

    /// Opens the file, making it when it is not there, and reads what it holds.
    ///
    /// A last line without its line feed was being written when the machine stopped; nobody was told of it, so it is
    /// cut off. Any other line that cannot be read is damage.
    ///
    /// - Throws: ``BankFault``.
    init(path: String) throws {
        if !FileManager.default.fileExists(atPath: path) {
            guard FileManager.default.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0o600])
            else { throw BankFault.cannotWrite(path) }
        }
        guard let file = FileHandle(forUpdatingAtPath: path) else { throw BankFault.cannotWrite(path) }
        let content = try file.readToEnd() ?? Data()
        let whole = content.lastIndex(of: UInt8(ascii: "\n")).map { content[...$0] } ?? Data()
        let decoder = JSONDecoder()
        opening = try whole.split(separator: UInt8(ascii: "\n")).map { line in
            guard let record = try? decoder.decode(BankRecord.self, from: Data(line)) else {
                throw BankFault.damaged(path)
            }
            return record
        }
        if whole.count < content.count { try file.truncate(atOffset: UInt64(whole.count)) }
        try file.seekToEnd()
        self.file = file
    }

    /// Adds records and waits until the disk has them.
    func append(_ records: [BankRecord]) throws {
        guard !records.isEmpty else { return }
        var lines = Data()
        for record in records {
            lines.append(try encoder.encode(record))
            lines.append(UInt8(ascii: "\n"))
        }
        try file.write(contentsOf: lines)
        try file.synchronize()
    }
}
