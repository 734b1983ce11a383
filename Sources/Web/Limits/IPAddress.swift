import Foundation

/// An IPv4 or IPv6 address as its 16 bytes; IPv4 in its mapped form (RFC 4291, 2.5.5.2).
public struct IPAddress: Sendable, Hashable, CustomStringConvertible {
    public let bytes: [UInt8]

    private static let mappedPrefix: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]

    /// Reads `192.0.2.1` or `2001:db8::1`, also in brackets; nil for names, zones, ports and anything else.
    public init?(_ text: some StringProtocol) {
        var text = String(text)
        if text.hasPrefix("["), text.hasSuffix("]") { text = String(text.dropFirst().dropLast()) }
        guard !text.isEmpty, text.utf8.count <= 45 else { return nil }
        var four = in_addr()
        var six = in6_addr()
        if inet_pton(AF_INET, text, &four) == 1 {
            bytes = IPAddress.mappedPrefix + withUnsafeBytes(of: &four) { Array($0) }
        } else if inet_pton(AF_INET6, text, &six) == 1 {
            bytes = withUnsafeBytes(of: &six) { Array($0) }
        } else {
            return nil
        }
    }

    /// Whether this is an IPv4 address.
    public var isFour: Bool { bytes.starts(with: IPAddress.mappedPrefix) }

    /// Whether this is this machine itself.
    public var isLoopback: Bool {
        isFour ? bytes.dropFirst(12).first == 127 : bytes.dropLast().allSatisfy { $0 == 0 } && bytes.last == 1
    }

    /// What tries are counted by: the whole IPv4 address, or the /64 that one IPv6 household has to itself.
    public var countingKey: String {
        let counted = isFour ? bytes.suffix(4) : bytes.prefix(8)
        return counted.map { String($0, radix: 16) }.joined(separator: ".")
    }

    public var description: String {
        if isFour { return bytes.suffix(4).map { String($0) }.joined(separator: ".") }
        let groups = stride(from: 0, to: bytes.count, by: 2).map { place in
            String(bytes[place...].prefix(2).reduce(0) { $0 << 8 | Int($1) }, radix: 16)
        }
        return groups.joined(separator: ":")
    }
}

/// A network in the form `10.0.0.0/8` or `2001:db8::/32`; an address alone is a network of one.
public struct IPNetwork: Sendable, Hashable {
    private let address: IPAddress
    /// Leading bits of the 128 that are the network's.
    private let bits: Int

    /// Reads a network; nil when the address or the length does not make sense.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), let first = parts.first, let address = IPAddress(first) else { return nil }
        let own = address.isFour ? 32 : 128
        guard let length = parts.count == 2 ? IPNetwork.length(parts[1]) : own, length <= own else { return nil }
        self.address = address
        bits = 128 - own + length
    }

    /// Whether an address lies in this network.
    public func contains(_ other: IPAddress) -> Bool {
        for (place, pair) in zip(address.bytes, other.bytes).enumerated() {
            let counted = min(max(bits - place * 8, 0), 8)
            let mask = UInt8(truncatingIfNeeded: 0xFF00 >> counted)
            guard pair.0 & mask == pair.1 & mask else { return false }
        }
        return true
    }

    private static func length(_ text: Substring) -> Int? {
        guard (1...3).contains(text.utf8.count), text.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
        return Int(text)
    }
}

/// The proxies whose word about the client's address counts.
public struct TrustedProxies: Sendable, Hashable {
    private let networks: [IPNetwork]

    /// - Parameter networks: Empty when people connect directly.
    public init(_ networks: [IPNetwork]) {
        self.networks = networks
    }

    /// The client's address: the connection's own, or the nearest one in `X-Forwarded-For` that no trusted proxy has.
    ///
    /// - Parameter forwarded: Every `X-Forwarded-For` value in order; each proxy adds at the end.
    public func client(connection: IPAddress?, forwarded: [String]) -> IPAddress? {
        guard let connection, isTrusted(connection) else { return connection }
        var nearest = connection
        for entry in forwarded.flatMap({ $0.split(separator: ",") }).reversed() {
            guard let address = IPAddress(entry.filter { $0 != " " && $0 != "\t" }) else { return nearest }
            nearest = address
            guard isTrusted(address) else { return nearest }
        }
        return nearest
    }

    func isTrusted(_ address: IPAddress) -> Bool {
        networks.contains { $0.contains(address) }
    }
}
