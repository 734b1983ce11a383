import Foundation

/// How many files, connections among them, this process may have open; many systems start programs with room for 1,024.
public enum OpenFiles {
    /// For every connection that a listener takes by ``ServerLimits``, and as many again for everything else.
    public static let needed: UInt64 = 8192

    /// Raises the process's own limit as far as it is needed and the system allows.
    ///
    /// - Returns: the limit from now on.
    public static func raiseLimit() -> UInt64 {
        let kind = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        var limit = rlimit()
        guard getrlimit(kind, &limit) == 0 else { return 0 }
        var raised = limit
        raised.rlim_cur = max(limit.rlim_cur, min(rlim_t(needed), limit.rlim_max))
        return setrlimit(kind, &raised) == 0 ? UInt64(raised.rlim_cur) : UInt64(limit.rlim_cur)
    }
}
