/// How much proof is taken.
public enum ProofLimits {
    /// Bytes of one file: 10 MiB.
    public static let fileBytesMax: Int64 = 10 * 1024 * 1024
    /// Files of one case.
    public static let filesMax = 10
    /// Bytes of all files of one case: 40 MiB.
    public static let caseBytesMax: Int64 = 40 * 1024 * 1024
    /// Pixels of one picture: 50 million.
    public static let pixelsMax: Int64 = 50_000_000
    /// Pixels of a picture's longer side.
    public static let sideMax: Int64 = 12_000
    /// Pages of a document that are shown; those after them are in the file only.
    public static let pagesMax = ProofDrawer.pagesMax
}

/// Why an uploaded file is not taken; told to the person who sent it.
public enum ProofRefusal: Error, Sendable, Hashable {
    /// The file has no content.
    case empty
    /// The content is none of ``ProofMediaType``.
    case unknownType
    /// The content begins as a picture and is none: damaged, or cut off before it says how large it is.
    case unreadable
    /// The picture is larger than ``ProofLimits/pixelsMax`` or ``ProofLimits/sideMax``.
    case tooManyPixels
    /// The file is larger than ``ProofLimits/fileBytesMax``.
    case tooLarge
    /// The file alone would fit, but the case has room for so many more bytes only.
    case tooManyBytesForCase(left: Int64)
}
