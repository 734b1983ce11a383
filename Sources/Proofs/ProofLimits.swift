/// How much proof is taken.
public enum ProofLimits {
    /// Bytes of one file: 10 MiB.
    public static let fileBytesMax: Int64 = 10 * 1024 * 1024
    /// Files of one case.
    public static let filesMax = 10
    /// Bytes of all files of one case: 40 MiB.
    public static let caseBytesMax: Int64 = 40 * 1024 * 1024
}

/// Why an uploaded file is not taken; told to the person who sent it.
public enum ProofRefusal: Error, Sendable, Hashable {
    /// The file has no content.
    case empty
    /// The content is none of ``ProofMediaType``.
    case unknownType
    /// The file is larger than ``ProofLimits/fileBytesMax``.
    case tooLarge
    /// The file alone would fit, but the case has room for so many more bytes only.
    case tooManyBytesForCase(left: Int64)
}
