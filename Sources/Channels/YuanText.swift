import RefundDomain

/// Amounts as some channels write them: yuan with two decimals, as text.
///
/// Text is taken apart digit by digit and never passes through a floating-point number, which cannot hold ¥0.57.
enum YuanText {
    /// Digits before the point; more than any amount here has.
    private static let wholeDigitsMax = 10

    /// `12.30` for 1230 fen; nil for another currency than CNY.
    static func write(_ amount: Money) -> String? {
        amount.currency == .cny ? amount.decimal : nil
    }

    /// 1230 fen for `12.30`, `12.3` and `0012.300`; nil for signs, blanks, a third decimal that is not zero.
    static func read(_ text: String) -> Money? {
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard let whole = parts.first, (1...wholeDigitsMax).contains(whole.utf8.count), isDigits(whole) else {
            return nil
        }
        let decimals = parts.count == 2 ? parts[1] : "00"
        guard (1...8).contains(decimals.utf8.count), isDigits(decimals),
            decimals.dropFirst(2).allSatisfy({ $0 == "0" }),
            let yuan = Int64(whole), let fen = Int64((decimals + "0").prefix(2))
        else { return nil }
        return Money(minor: yuan * 100 + fen, currency: .cny)
    }

    private static func isDigits(_ text: some StringProtocol) -> Bool {
        text.utf8.allSatisfy { (48...57).contains($0) }
    }
}
