import Testing

@testable import Vault

struct SealerTests {
    private let place = SealContext(table: "contact", column: "email", row: "42", tenant: "m1")

    @Test func whatWasSealedOpensInItsPlace() throws {
        for text in ["", "a", "某人@example.com", String(repeating: "x", count: 10_000)] {
            let sealed = try Sealer.seal(text, with: .sample(), context: place)
            #expect(sealed.count == text.utf8.count + Sealer.overheadBytes)
            #expect(Sealer.dataKeyID(of: sealed) == 7)
            #expect(try Sealer.openText(sealed, with: .sample(), context: place) == text)
        }
    }

    @Test func theSameValueNeverSealsToTheSameBytes() throws {
        let first = try Sealer.seal("13800138000", with: .sample(), context: place)
        let second = try Sealer.seal("13800138000", with: .sample(), context: place)
        #expect(first != second)
        #expect(Array(first.suffix(27)) != Array(second.suffix(27)))
    }

    @Test func everyChangedByteAndEveryCutIsFound() throws {
        let sealed = try Sealer.seal("person@example.com", with: .sample(), context: place)
        for position in sealed.indices {
            for bit in [UInt8(1), 0x80] {
                var changed = sealed
                changed[position] ^= bit
                #expect(throws: VaultFault.damaged) { try Sealer.open(changed, with: .sample(), context: place) }
            }
            #expect(throws: VaultFault.damaged) {
                try Sealer.open(Array(sealed.prefix(position)), with: .sample(), context: place)
            }
        }
        #expect(throws: VaultFault.damaged) { try Sealer.open(sealed + [0], with: .sample(), context: place) }
    }

    @Test(arguments: [
        SealContext(table: "staff", column: "email", row: "42", tenant: "m1"),
        SealContext(table: "contact", column: "name", row: "42", tenant: "m1"),
        SealContext(table: "contact", column: "email", row: "43", tenant: "m1"),
        SealContext(table: "contact", column: "email", row: "42", tenant: "m2"),
        SealContext(table: "contac", column: "temail", row: "42", tenant: "m1"),
        SealContext(table: "contact", column: "email", row: "42m", tenant: "1"),
    ])
    func aValueMovedToAnotherPlaceDoesNotOpen(elsewhere: SealContext) throws {
        let sealed = try Sealer.seal("person@example.com", with: .sample(), context: place)
        #expect(throws: VaultFault.damaged) { try Sealer.open(sealed, with: .sample(), context: elsewhere) }
    }

    @Test func anotherKeyDoesNotOpen() throws {
        let sealed = try Sealer.seal("person@example.com", with: .sample(), context: place)
        #expect(throws: VaultFault.damaged) { try Sealer.open(sealed, with: .sample(byte: 2), context: place) }
        #expect(throws: VaultFault.damaged) { try Sealer.open(sealed, with: .sample(id: 8), context: place) }
        #expect(Sealer.dataKeyID(of: []) == nil)
        #expect(Sealer.dataKeyID(of: [1, 0, 0, 0, 7]) == nil)
    }

    @Test func textThatIsNoUTF8IsDamaged() throws {
        let sealed = try Sealer.seal([0xff, 0xfe], with: .sample(), context: place)
        #expect(throws: VaultFault.damaged) { try Sealer.openText(sealed, with: .sample(), context: place) }
    }

    @Test func gcmRefusesWrongLengths() {
        let key = [UInt8](repeating: 0, count: 32)
        let nonce = [UInt8](repeating: 0, count: 12)
        #expect(throws: VaultFault.self) { try AESGCM.seal([], key: Array(key.dropLast()), nonce: nonce, aad: []) }
        #expect(throws: VaultFault.self) { try AESGCM.seal([], key: key, nonce: nonce + [0], aad: []) }
        #expect(throws: VaultFault.damaged) {
            try AESGCM.open(key: key, nonce: nonce, aad: [], ciphertextAndTag: Array(repeating: 0, count: 15))
        }
    }

    /// McGrew and Viega, "The Galois/Counter Mode of Operation", test case 14.
    @Test func gcmOfAPublishedMessage() throws {
        let zeros = [UInt8](repeating: 0, count: 32)
        let sealed = try AESGCM.seal(Array(zeros.prefix(16)), key: zeros, nonce: Array(zeros.prefix(12)), aad: [])
        #expect(Hex.encode(sealed) == "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919")
    }
}
