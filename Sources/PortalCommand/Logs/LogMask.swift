/// The last net under everything that is logged: digits that look like a card or a mobile number are hidden.
///
/// Code must not log them in the first place; this catches what a library or an error text lets through.
enum LogMask {
    private static let cardDigits = 13...19
    private static let mobileDigits = 11
    private static let hidden = "[hidden]"

    /// The text with runs of 13 to 19 digits that pass the Luhn check (ISO/IEC 7812-1), and runs of 11 digits that
    /// begin like a Chinese mobile number, replaced. Single spaces and hyphens inside a run do not hide it.
    static func masked(_ text: String) -> String {
        let bytes = Array(text.utf8)
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var position = 0
        while position < bytes.count {
            guard isDigit(bytes[position]) else {
                result.append(bytes[position])
                position += 1
                continue
            }
            let end = endOfRun(in: bytes, from: position)
            let run = bytes[position..<end]
            if isSensitive(run.filter(isDigit)) {
                result += Array(hidden.utf8)
            } else {
                result += run
            }
            position = end
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static func endOfRun(in bytes: [UInt8], from start: Int) -> Int {
        var end = start
        while end < bytes.count {
            if isDigit(bytes[end]) {
                end += 1
            } else if isSeparator(bytes[end]), end + 1 < bytes.count, isDigit(bytes[end + 1]) {
                end += 2
            } else {
                break
            }
        }
        return end
    }

    private static func isSensitive(_ digits: [UInt8]) -> Bool {
        if digits.count == mobileDigits {
            return digits[0] == UInt8(ascii: "1") && digits[1] >= UInt8(ascii: "3")
        }
        return cardDigits.contains(digits.count) && passesLuhn(digits)
    }

    private static func passesLuhn(_ digits: [UInt8]) -> Bool {
        var sum = 0
        for (place, digit) in digits.reversed().enumerated() {
            let value = Int(digit - UInt8(ascii: "0"))
            let doubled = place.isMultiple(of: 2) ? value : value * 2
            sum += doubled > 9 ? doubled - 9 : doubled
        }
        return sum.isMultiple(of: 10)
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    private static func isSeparator(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "-")
    }
}
