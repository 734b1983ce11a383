import Testing

@testable import Channels

struct StrictJSONTests {
    @Test func ordinaryDocumentsAreRead() throws {
        let json = try #require(
            StrictJSON(Array(#" {"a":[1,-2,"é\u00e9\ud83d\ude00\n"],"b":{"c":null,"d":true}} "#.utf8)))
        #expect(json["a"] == .array([.integer(1), .integer(-2), .string("éé😀\n")]))
        #expect(json["b"]?["c"] == .null)
        #expect(json["b"]?["d"] == .bool(true))
    }

    @Test(arguments: [
        "", " ", "{", "}", "[", "[1,]", "{\"a\"}", "{\"a\":1,}", "{\"a\":1,\"a\":1}", "{\"a\":1,\"\\u0061\":2}", "01",
        "-",
        "1.", ".5", "1e", "+1", "nul", "truefalse", "\"\u{1}\"", "\"\\x\"", "\"\\ud800\"", "\"\\ud800\\u0041\"",
        "\"\\udc00\"", "\"", "1 2", "\u{FEFF}1", "'a'", "{a:1}", "NaN",
    ])
    func whatIsNotStrictJSONIsRefused(text: String) {
        #expect(StrictJSON(Array(text.utf8)) == nil)
    }

    @Test(arguments: ["1.0", "1e2", "9223372036854775808", "-0.5"])
    func aNumberThatIsNoWholeOneIsNoAmount(text: String) {
        #expect(StrictJSON(Array(text.utf8)) == .otherNumber)
    }

    @Test func noBytesMakeItTrap() {
        let seeds = [
            #"{"id":"EV-1","amount":{"refund":601,"total":-0,"x":1e9},"list":[true,null,"\ud83d\ude00"]}"#,
            #"[{"a":[[[["\u0000\\"]]]]},12345678901234567890]"#,
        ].map { Array($0.utf8) }
        var state: UInt64 = 7
        let next = { (limit: Int) -> Int in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % limit
        }
        var read = 0
        for round in 0..<20_000 {
            var bytes = seeds[round % seeds.count]
            for _ in 0...next(3) {
                switch next(3) {
                case 0: bytes[next(bytes.count)] = UInt8(next(256))
                case 1: bytes.remove(at: next(bytes.count))
                default: bytes.insert(UInt8(next(256)), at: next(bytes.count))
                }
            }
            if StrictJSON(bytes) != nil { read += 1 }
        }
        #expect(read > 0 && read < 20_000)
    }

    @Test func badBytesAndDeepNestingAreRefused() {
        #expect(StrictJSON([0x22, 0xFF, 0x22]) == nil)
        #expect(StrictJSON([0x22, 0xC0, 0x80, 0x22]) == nil)
        #expect(StrictJSON(Array(repeating: UInt8(ascii: "["), count: 100_000)) == nil)
        let deep = { (count: Int) in
            Array((String(repeating: "[", count: count) + String(repeating: "]", count: count)).utf8)
        }
        #expect(StrictJSON(deep(StrictJSON.depthMax)) != nil)
        #expect(StrictJSON(deep(StrictJSON.depthMax + 1)) == nil)
    }
}
