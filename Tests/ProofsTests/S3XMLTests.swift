import Testing

@testable import Proofs

struct S3XMLTests {
    @Test func aRefusalIsRead() throws {
        let document = try #require(
            read(
                """
                <?xml version="1.0" encoding="UTF-8"?>
                <Error><Code>NoSuchKey</Code><Message>a &lt;b&gt; &#34;c&#x22; &amp; 退</Message><Empty a="/>"/></Error>

                """))
        #expect(document.name == "Error")
        #expect(document.text(of: "Code") == "NoSuchKey")
        #expect(document.text(of: "Message") == "a <b> \"c\" & 退")
        #expect(document.text(of: "Empty") == "")
        #expect(document.text(of: "Nothing") == nil)
    }

    @Test func aListIsRead() throws {
        let document = try #require(
            read("<L xmlns='http://s3/'><C><Key>a</Key></C><C><Key>b</Key></C><Truncated>true</Truncated ></L>"))
        #expect(document.children.filter { $0.name == "C" }.compactMap { $0.text(of: "Key") } == ["a", "b"])
        #expect(document.text(of: "Truncated") == "true")
    }

    @Test(arguments: [
        "", "text", "<", "<a", "<a>", "<a></b>", "<a></a>x", "<a></a><b></b>", "<a>&nothing;</a>", "<a>&lt</a>",
        "<a>&#xD800;</a>", "<a>&#99999999999;</a>", "<!DOCTYPE a [<!ENTITY e \"x\">]><a>&e;</a>", "<a><!-- --></a>",
        "<a><![CDATA[x]]></a>", "<a b=\"></a>", "<a <b/></a>", "<?xml", "{\"Code\":\"NoSuchKey\"}",
        String(repeating: "<a>", count: 9) + String(repeating: "</a>", count: 9),
    ])
    func whateverElseIsNoDocument(text: String) {
        #expect(read(text) == nil)
    }

    @Test func bytesThatAreNoTextAreNoDocument() {
        #expect(S3XML.read(Array("<a>".utf8) + [0xFF] + Array("</a>".utf8)) == nil)
    }

    private func read(_ text: String) -> S3Element? {
        S3XML.read(Array(text.utf8))
    }
}
