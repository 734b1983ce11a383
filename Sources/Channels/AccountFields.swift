/// Reads the values of an account's JSON one by one.
struct AccountFields {
    private let json: StrictJSON

    /// Which characters a value may have.
    enum Alphabet {
        case digits
        case hexadecimal
        /// Letters, digits, `_` and `-`.
        case token
        case anything
    }

    /// What `timeout_seconds` is when it is not given.
    static let timeoutSecondsDefault: Int64 = 15

    init(_ json: StrictJSON) {
        self.json = json
    }

    /// Reads an account's JSON.
    ///
    /// - Parameter names: every key that the channel knows.
    /// - Throws: ``AccountFault`` for anything but one object, and for the first key beyond those.
    init(json bytes: [UInt8], names: Set<String>) throws(AccountFault) {
        guard let json = StrictJSON(bytes), case .object(let members) = json else { throw AccountFault.notJSON }
        for key in members.keys.sorted() where !names.contains(key) {
            throw AccountFault(key: key, problem: "is not a key of this channel")
        }
        self.json = json
    }

    func required(
        _ key: String, _ bytes: ClosedRange<Int>, _ alphabet: Alphabet
    ) throws(AccountFault) -> String {
        guard let value = try text(key, bytes, alphabet) else { throw AccountFault(key: key, problem: "is missing") }
        return value
    }

    /// A text, or nil when the key is absent.
    func text(_ key: String, _ bytes: ClosedRange<Int>, _ alphabet: Alphabet) throws(AccountFault) -> String? {
        guard let member = json[key] else { return nil }
        guard let value = member.text else { throw AccountFault(key: key, problem: "must be a text") }
        guard bytes.contains(value.utf8.count) else {
            throw AccountFault(key: key, problem: "must be \(bytes.lowerBound) to \(bytes.upperBound) bytes long")
        }
        guard value.utf8.allSatisfy({ AccountFields.has(alphabet, $0) }) else {
            throw AccountFault(key: key, problem: "has a character that cannot be part of it")
        }
        return value
    }

    func whole(_ key: String) throws(AccountFault) -> Int64? {
        guard let member = json[key] else { return nil }
        guard let value = member.whole else { throw AccountFault(key: key, problem: "must be a whole number") }
        return value
    }

    func literal(_ key: String, _ wanted: String) throws(AccountFault) {
        guard let value = json[key]?.text, sameBytes(value, wanted) else {
            throw AccountFault(key: key, problem: "must be \"\(wanted)\"")
        }
    }

    /// Yes or no; nil when the key is absent.
    func flag(_ key: String) throws(AccountFault) -> Bool? {
        guard let member = json[key] else { return nil }
        guard case .bool(let value) = member else { throw AccountFault(key: key, problem: "must be true or false") }
        return value
    }

    /// `base_url`: where the channel listens.
    ///
    /// - Parameter path: may end the address, as a channel's test environment has it.
    func base(default address: String, path: String = "") throws(AccountFault) -> BaseAddress {
        guard let base = BaseAddress(try text("base_url", 1...300, .anything) ?? address, path: path) else {
            throw AccountFault(
                key: "base_url", problem: "must be https://host[:port] without a path; http:// on this machine only")
        }
        return base
    }

    /// `timeout_seconds`: how long one call may take.
    func timeout() throws(AccountFault) -> Duration {
        let seconds = try whole("timeout_seconds") ?? Self.timeoutSecondsDefault
        guard (1...30).contains(seconds) else {
            throw AccountFault(key: "timeout_seconds", problem: "must be 1 to 30")
        }
        return .seconds(seconds)
    }

    private static func has(_ alphabet: Alphabet, _ byte: UInt8) -> Bool {
        let isDigit = (48...57).contains(byte)
        switch alphabet {
        case .digits: return isDigit
        case .hexadecimal: return isDigit || (65...70).contains(byte) || (97...102).contains(byte)
        case .token:
            return isDigit || (65...90).contains(byte) || (97...122).contains(byte) || byte == 0x2D || byte == 0x5F
        case .anything: return true
        }
    }
}
