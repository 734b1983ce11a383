import Testing

@testable import Vault

struct ContactTests {
    @Test(arguments: [
        "13800138000", "+8613800138000", "+86 138-0013-8000", "0086 138 0013 8000", "86 13800138000",
        "１３８００１３８０００", "（+86）138 0013 8000", "138.0013.8000", " 138\u{2011}0013\u{2011}8000 ",
    ])
    func oneMainlandNumberHasOneForm(text: String) {
        #expect(ContactText.normalPhone(text) == "+8613800138000")
    }

    @Test func otherCountriesNeedTheirPrefix() {
        #expect(ContactText.normalPhone("+44 20 7946 0958") == "+442079460958")
        #expect(ContactText.normalPhone("0044 20 7946 0958") == "+442079460958")
        #expect(ContactText.normalPhone("020 7946 0958") == nil)
    }

    @Test(arguments: [
        "", "abc", "12345678901", "1380013800", "138001380000", "+1234567", "+1234567890123456", "++8613800138000",
        "138+00138000", "+0123456789", "13800138000x", "٠١٢٣٤٥٦٧٨٩٠",
    ])
    func whatIsNoNumberIsNone(text: String) {
        #expect(ContactText.normalPhone(text) == nil)
    }

    @Test func oneAddressHasOneForm() {
        for text in ["Li.Lei@Example.COM", " li.lei@example.com\n", "ｌｉ．ｌｅｉ＠ｅｘａｍｐｌｅ．ｃｏｍ"] {
            #expect(ContactText.normalEmail(text) == "li.lei@example.com")
        }
        #expect(ContactText.normalEmail("李雷@例子.中国") == "李雷@例子.中国")
    }

    @Test(arguments: [
        "", "a", "@b", "a@", "a@b@c", "a b@c", "a@b\nBcc: x", "a@b\u{0}",
        "<a@b>", "a,c@b", "a\u{202e}@b", "a\u{200b}@b",
    ])
    func whatIsNoAddressIsNone(text: String) {
        #expect(ContactText.normalEmail(text) == nil)
    }

    @Test func anAddressMayNotBeLongerThanTheStandardSays() {
        let domain = "@example.com"
        let longest = String(repeating: "a", count: ContactText.emailBytesMax - domain.utf8.count) + domain
        #expect(ContactText.normalEmail(longest) == longest)
        #expect(ContactText.normalEmail("a" + longest) == nil)
    }

    @Test func namesAreFoundWhateverTheSpacing() {
        #expect(ContactText.normalName("  Li\u{3000} Lei ") == "li lei")
        #expect(ContactText.normalName(" \n") == nil)
    }

    @Test func anIndexDependsOnKeyAndValueAlone() {
        let index = BlindIndex(key: Secret("one"))
        #expect(index.index("a@b.c") == BlindIndex(key: Secret("one")).index("a@b.c"))
        #expect(index.index("a@b.c") != BlindIndex(key: Secret("two")).index("a@b.c"))
        #expect(index.index("a@b.c") != index.index("a@b.d"))
        #expect(index.index("a@b.c").count == BlindIndex.indexBytes)
    }

    @Test func aCodeHashFitsOnlyItsRequestContactAndPurpose() {
        let hash = CodeHash(key: Secret("key"))
        let stored = hash.hash(purpose: "contact", request: "r1", contactIndex: [1, 2], code: "012345")
        #expect(hash.matches(stored, purpose: "contact", request: "r1", contactIndex: [1, 2], code: "012345"))
        #expect(!hash.matches(stored, purpose: "track", request: "r1", contactIndex: [1, 2], code: "012345"))
        #expect(!hash.matches(stored, purpose: "contact", request: "r2", contactIndex: [1, 2], code: "012345"))
        #expect(!hash.matches(stored, purpose: "contact", request: "r1", contactIndex: [1, 3], code: "012345"))
        #expect(!hash.matches(stored, purpose: "contact", request: "r1", contactIndex: [1, 2], code: "012346"))
        #expect(!hash.matches(stored, purpose: "contactr", request: "1", contactIndex: [1, 2], code: "012345"))
        #expect(
            !CodeHash(key: Secret("other")).matches(
                stored, purpose: "contact", request: "r1", contactIndex: [1, 2], code: "012345"))
    }
}
