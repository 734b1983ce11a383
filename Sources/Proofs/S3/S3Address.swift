/// Which bucket of which S3-compatible store keeps the proofs, and where in it.
public struct S3Address: Sendable, Hashable {
    /// How a request names the bucket.
    public enum Style: String, Sendable, Hashable, CaseIterable {
        /// `https://HOST/BUCKET/KEY`, which every store understands.
        case path
        /// `https://BUCKET.HOST/KEY`, as Amazon recommends and some stores demand.
        case host
    }

    /// The bucket's name.
    public let bucket: String
    /// Where the store listens.
    public let endpoint: S3Endpoint
    /// The region that signatures are made for, such as `cn-north-1`; `auto` or any word where a store has none.
    public let region: String
    /// How requests name the bucket.
    public let style: Style
    /// What all keys begin with: empty, or folders with a slash at the end.
    public let prefix: String

    static let prefixBytesMax = 512
    private static let bucketLength = 3...63
    private static let regionLengthMax = 64
    private static let scheme = "s3://"

    /// Reads `s3://BUCKET?endpoint=https://HOST[:PORT]&region=REGION[&style=path|host][&prefix=FOLDER/…]`; the values
    /// may be percent-encoded. Plain `http` is taken for an endpoint on this machine only.
    ///
    /// - Throws: ``S3SettingFault``, whose reason says which part is wrong and never repeats a value.
    public init(_ text: String) throws(S3SettingFault) {
        guard text.hasPrefix(S3Address.scheme) else { throw S3SettingFault("it does not begin with s3://") }
        let parts = text.dropFirst(S3Address.scheme.count)
            .split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let settings = try S3Address.settings(parts.dropFirst().first ?? "")
        bucket = try S3Address.checkedBucket(parts.first ?? "")
        guard let endpoint = settings["endpoint"] else { throw S3SettingFault("endpoint is missing") }
        self.endpoint = try S3Endpoint(endpoint)
        guard let region = settings["region"] else { throw S3SettingFault("region is missing") }
        self.region = try S3Address.checkedRegion(region)
        guard let style = Style(rawValue: settings["style"] ?? Style.path.rawValue) else {
            throw S3SettingFault("style is neither path nor host")
        }
        self.style = style
        prefix = try S3Address.checkedPrefix(settings["prefix"] ?? "")
        if style == .host { try checkHostStyle() }
    }

    /// The `Host` of a request.
    var host: String {
        style == .host ? "\(bucket).\(endpoint.authority)" : endpoint.authority
    }

    /// The encoded path of an object, or of the bucket itself.
    func path(of key: String?) -> String {
        let inBucket = "/" + S3Encoding.path(key ?? "")
        return style == .host ? inBucket : "/\(bucket)" + (key == nil ? "" : inBucket)
    }

    /// The address of a path.
    func url(path: String, query: String) -> String {
        "\(endpoint.scheme)://\(host)\(path)" + (query.isEmpty ? "" : "?\(query)")
    }

    private static func settings(_ query: Substring) throws(S3SettingFault) -> [String: String] {
        var settings: [String: String] = [:]
        for pair in query.split(separator: "&", omittingEmptySubsequences: true) {
            let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = sides.first, sides.count == 2, let value = S3Encoding.decode(sides[1]) else {
                throw S3SettingFault("the part after ? is not NAME=VALUE pairs")
            }
            guard ["endpoint", "region", "style", "prefix"].contains(name) else {
                throw S3SettingFault(
                    "only endpoint, region, style and prefix can stand after ?; keys belong into "
                        + "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY")
            }
            guard settings.updateValue(value, forKey: String(name)) == nil else {
                throw S3SettingFault("\(name) stands there twice")
            }
        }
        return settings
    }

    private static func checkedBucket(_ bucket: Substring) throws(S3SettingFault) -> String {
        guard !bucket.isEmpty else { throw S3SettingFault("the bucket is missing: s3://BUCKET?…") }
        guard !bucket.contains("/") else {
            throw S3SettingFault("a path follows the bucket; a folder in it is given with prefix=")
        }
        let isPlain = bucket.utf8.allSatisfy { S3Encoding.isLowerOrDigit($0) || $0 == 0x2D || $0 == 0x2E }
        let ends = [bucket.utf8.first, bucket.utf8.last].compactMap { $0 }
        guard isPlain, ends.allSatisfy(S3Encoding.isLowerOrDigit), bucketLength.contains(bucket.utf8.count),
            !bucket.contains("..")
        else {
            throw S3SettingFault("the bucket is not 3 to 63 lower-case letters, digits, hyphens and dots")
        }
        return String(bucket)
    }

    private static func checkedRegion(_ region: String) throws(S3SettingFault) -> String {
        let isPlain = region.utf8.allSatisfy { S3Encoding.isLowerOrDigit($0) || $0 == 0x2D }
        guard isPlain, (1...regionLengthMax).contains(region.utf8.count) else {
            throw S3SettingFault("region is not lower-case letters, digits and hyphens")
        }
        return region
    }

    private static func checkedPrefix(_ prefix: String) throws(S3SettingFault) -> String {
        guard !prefix.isEmpty else { return "" }
        let folders = (prefix.hasSuffix("/") ? String(prefix.dropLast()) : prefix)
            .split(separator: "/", omittingEmptySubsequences: false)
        // Servers and proxies shorten `//`, `.` and `..`, and the signature would no longer fit.
        guard folders.allSatisfy({ !$0.isEmpty && $0 != "." && $0 != ".." }) else {
            throw S3SettingFault("prefix is not folder names with one slash between them")
        }
        guard prefix.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }), prefix.utf8.count <= prefixBytesMax else {
            throw S3SettingFault("prefix has control characters or more than \(prefixBytesMax) bytes")
        }
        return folders.joined(separator: "/") + "/"
    }

    private func checkHostStyle() throws(S3SettingFault) {
        guard endpoint.hasName else { throw S3SettingFault("style=host needs a host name as endpoint, not an address") }
        guard endpoint.scheme == "http" || !bucket.contains(".") else {
            throw S3SettingFault("no certificate fits a bucket with a dot under style=host; use style=path")
        }
    }
}

/// Why an S3 setting cannot be used.
public struct S3SettingFault: Error, Sendable, Hashable {
    /// A sentence for whoever runs the portal; it names the part at fault and holds no value.
    public let reason: String

    init(_ reason: String) {
        self.reason = reason
    }
}
