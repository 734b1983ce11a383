public import NIOCore
public import Vault

/// Opens stored proofs.
public struct ProofReader: Sendable {
    private let store: any ProofStore

    /// A reader of a store.
    public init(store: any ProofStore) {
        self.store = store
    }

    /// Finds a stored proof.
    ///
    /// - Parameter fileKey: the key that ``ProofIntake`` gave with it.
    /// - Throws: ``ProofStoreFault/missing`` when it is gone.
    public func open(_ name: ProofName, fileKey: Secret) async throws(ProofStoreFault) -> OpenedProof {
        OpenedProof(sealed: try await store.open(name), fileKey: fileKey)
    }
}

/// A stored proof, ready to be handed out.
public struct OpenedProof: Sendable {
    let sealed: ProofBytes
    let fileKey: Secret

    /// Hands out the clear content piece by piece.
    ///
    /// Every piece is genuine when it is given; that the file is whole is known when this returns. Whoever passes
    /// pieces on must break off, and not end properly, when this throws.
    ///
    /// - Throws: ``ProofStoreFault/damaged`` when the file or the key is not what was stored, or what `take` throws.
    public func forEachPiece(_ take: (ByteBuffer) async throws -> Void) async throws {
        var opener = FileOpener(key: fileKey)
        for try await piece in sealed {
            let clear: [UInt8]
            do { clear = try opener.add(piece) } catch { throw ProofStoreFault.damaged }
            if !clear.isEmpty { try await take(ByteBuffer(bytes: clear)) }
        }
        let rest: [UInt8]
        do { rest = try opener.finish() } catch { throw ProofStoreFault.damaged }
        if !rest.isEmpty { try await take(ByteBuffer(bytes: rest)) }
    }
}
