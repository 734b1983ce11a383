import Proofs

/// Why the scanner cannot be used, in words for operators.
struct ScannerFault: Error {
    let reason: String
}

/// Whether what people are shown of uploads can be drawn on this machine.
enum DrawingState {
    /// `ok`, or in words what is not as it should be.
    static var words: String { warning ?? "ok" }

    static var warning: String? {
        if let obstacle = ProofDrawer.obstacle { return obstacle }
        return ProofDrawer.isCutOff ? nil : "works, but this system lets its child processes have the network"
    }
}
