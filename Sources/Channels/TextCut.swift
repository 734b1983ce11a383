/// Texts for people that a channel takes only up to a length.
enum TextCut {
    /// As many whole characters as fit so many bytes of UTF-8; half a character would be no UTF-8.
    static func text(_ text: String, bytesMax: Int) -> String {
        var result = ""
        var bytes = 0
        for character in text {
            bytes += character.utf8.count
            guard bytes <= bytesMax else { break }
            result.append(character)
        }
        return result
    }
}
