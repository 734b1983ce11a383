/// An ISO 4217 currency and how many digits its minor unit has.
public struct Currency: Sendable, Hashable {
    /// Three capital letters, for example `CNY`.
    public let code: String
    /// Digits after the decimal point: 2 for CNY, 0 for JPY, 3 for KWD.
    public let digits: Int
    /// The sign put before amounts, for example `¥`; the code and a space where there is none of its own.
    public let sign: String

    private init(_ code: String, digits: Int, sign: String) {
        self.code = code
        self.digits = digits
        self.sign = sign
    }

    public static let cny = Currency("CNY", digits: 2, sign: "¥")
    public static let usd = Currency("USD", digits: 2, sign: "$")
    public static let eur = Currency("EUR", digits: 2, sign: "€")
    public static let hkd = Currency("HKD", digits: 2, sign: "HK$")
    public static let jpy = Currency("JPY", digits: 0, sign: "JPY ")
    public static let kwd = Currency("KWD", digits: 3, sign: "KWD ")

    /// Every currency the portal knows.
    public static let all: [Currency] = [.cny, .usd, .eur, .hkd, .jpy, .kwd]

    /// The currency of a code in capital letters, or nil for one we do not know; `RMB`, as slips print it, is CNY.
    public init?(code: String) {
        let wanted = code == "RMB" ? "CNY" : code
        guard let known = Currency.all.first(where: { $0.code == wanted }) else { return nil }
        self = known
    }

    /// How many minor units make one major unit: 100 for CNY, 1 for JPY.
    public var minorPerMajor: Int64 {
        var result: Int64 = 1
        for _ in 0..<digits { result *= 10 }
        return result
    }
}
