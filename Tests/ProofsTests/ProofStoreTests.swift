import Testing

@testable import Proofs

/// What holds for every store.
struct ProofStoreTests {
    private struct Stop: Error {}

    @Test(arguments: StoreUnderTest.allCases)
    func aFileHasItsNameOnlyWhenItIsWhole(kind: StoreUnderTest) async throws {
        try await withStore(kind) { harness in
            let store = harness.store
            let name = try ProofName.sample()
            try await store.put(name) { sink in
                try await sink.add([1, 2, 3])
                await #expect(throws: ProofStoreFault.missing) { try await store.open(name) }
                #expect(try await store.names(after: nil, limit: 10).isEmpty)
            }
            #expect(try await store.names(after: nil, limit: 10) == [name])
        }
    }

    @Test(arguments: StoreUnderTest.allCases)
    func aFailedPutLeavesNothingBehind(kind: StoreUnderTest) async throws {
        try await withStore(kind) { harness in
            let store = harness.store
            await #expect(throws: Stop.self) {
                try await store.put(try ProofName.sample()) { sink in
                    try await sink.add([1, 2, 3])
                    throw Stop()
                }
            }
            let left = try await harness.files()
            #expect(left.isEmpty)
        }
    }

    @Test(arguments: StoreUnderTest.allCases)
    func aNameIsNeverUsedTwice(kind: StoreUnderTest) async throws {
        try await withStore(kind) { harness in
            let store = harness.store
            let name = try ProofName.sample()
            try await store.put(name) { sink in try await sink.add([1]) }
            await #expect(throws: ProofStoreFault.exists) {
                try await store.put(name) { sink in try await sink.add([2]) }
            }
            #expect(try await store.content(name) == [1])
            #expect(try await harness.files().count == 1)
        }
    }

    @Test(arguments: StoreUnderTest.allCases)
    func aRemovedFileIsMissingAndMayBeRemovedAgain(kind: StoreUnderTest) async throws {
        try await withStore(kind) { harness in
            let store = harness.store
            let name = try ProofName.sample()
            try await store.delete(name)
            try await store.put(name) { sink in try await sink.add([1]) }
            try await store.delete(name)
            try await store.delete(name)
            await #expect(throws: ProofStoreFault.missing) { try await store.open(name) }
            let left = try await harness.files()
            #expect(left.isEmpty)
        }
    }

    @Test(arguments: StoreUnderTest.allCases)
    func namesComeInOrderAndInPages(kind: StoreUnderTest) async throws {
        try await withStore(kind) { harness in
            let store = harness.store
            let names = try (0..<30).map { _ in try ProofName.random() }.sorted()
            for name in names { try await store.put(name) { _ in } }
            var listed: [ProofName] = []
            while true {
                let page = try await store.names(after: listed.last, limit: 7)
                #expect(page.count <= 7)
                guard !page.isEmpty else { break }
                listed += page
            }
            #expect(listed == names)
        }
    }
}
