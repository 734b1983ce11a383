internal import AsyncHTTPClient
internal import NIOCore
internal import NIOHTTP1

/// Signs, sends and sends again what one bucket is asked.
struct S3Client: Sendable {
    let address: S3Address
    private let signer: S3Signer
    private let exchange: S3Exchange
    private let pace: S3Pace
    private let now: @Sendable () -> Int64

    /// - Parameter now: seconds since 1970 UTC.
    init(
        address: S3Address, credentials: S3Credentials, client: HTTPClient, pace: S3Pace,
        now: @escaping @Sendable () -> Int64
    ) {
        self.address = address
        signer = S3Signer(region: address.region, credentials: credentials)
        exchange = S3Exchange(client: client)
        self.pace = pace
        self.now = now
    }

    /// Sends a request until there is an answer that another try would not better.
    ///
    /// Every request may run twice: one name always gets the same bytes, and a removal removes once.
    ///
    /// - Throws: ``ProofStoreFault/system(reason:)`` when no try is answered; what was asked may have been done.
    /// - Returns: the last answer, a refusal too.
    func send(_ request: S3Request, limits: S3Limits = .standard) async throws(ProofStoreFault) -> S3Answer {
        let start = ContinuousClock.now
        for attempt in 1..<limits.attemptsMax {
            let left = limits.totalTimeMax - (ContinuousClock.now - start)
            let outcome = await once(request, attempt: attempt, timeout: min(limits.answerTimeout, left))
            let pause = pace.pause(after: attempt)
            let hasTime = limits.totalTimeMax - (ContinuousClock.now - start) > pause
            guard S3Client.isPassing(outcome), hasTime, await waited(pause) else { return try S3Client.answer(outcome) }
        }
        let left = limits.totalTimeMax - (ContinuousClock.now - start)
        return try S3Client.answer(
            await once(request, attempt: limits.attemptsMax, timeout: min(limits.answerTimeout, left)))
    }

    /// Sends a request and gives its answer where it was done.
    ///
    /// - Throws: what the refusal means.
    func done(_ request: S3Request, limits: S3Limits = .standard) async throws(ProofStoreFault) -> S3Answer {
        let answer = try await send(request, limits: limits)
        if let refusal = answer.refusal { throw refusal.fault }
        return answer
    }

    private func once(
        _ request: S3Request, attempt: Int, timeout: Duration
    ) async -> Result<S3Answer, S3Exchange.Lost> {
        let path = address.path(of: request.key)
        let query = S3Encoding.query(request.query)
        let headers = signer.headers(
            for: S3Signer.Parts(
                method: request.method.rawValue, path: path, query: query, host: address.host,
                headers: request.headers, bodySHA256: request.bodySHA256),
            at: now())
        do {
            var answer = try await exchange.send(
                request, url: address.url(path: path, query: query), headers: headers, timeout: timeout)
            answer.attempts = attempt
            return .success(answer)
        } catch {
            return .failure(error)
        }
    }

    /// False when the task was cancelled meanwhile.
    private func waited(_ pause: Duration) async -> Bool {
        do { try await pace.wait(pause) } catch { return false }
        return !Task.isCancelled
    }

    private static func isPassing(_ outcome: Result<S3Answer, S3Exchange.Lost>) -> Bool {
        switch outcome {
        case .success(let answer): answer.refusal?.isPassing ?? false
        case .failure: true
        }
    }

    private static func answer(
        _ outcome: Result<S3Answer, S3Exchange.Lost>
    ) throws(ProofStoreFault) -> S3Answer {
        switch outcome {
        case .success(let answer): return answer
        case .failure(let lost): throw .system(reason: "S3 \(lost.reason)")
        }
    }
}

/// How long and how often a request is tried.
struct S3Limits: Sendable {
    /// Tries, the first included.
    let attemptsMax: Int
    /// From sending one try to the last byte of its answer; enough for one part over 10 Mbit/s.
    let answerTimeout: Duration
    /// All tries and the pauses between them.
    let totalTimeMax: Duration

    /// For the work of the store.
    static let standard = S3Limits(attemptsMax: 5, answerTimeout: .seconds(20), totalTimeMax: .seconds(60))
    /// For whoever asks whether the store works, and for tidying up: soon or not at all.
    static let short = S3Limits(attemptsMax: 1, answerTimeout: .seconds(3), totalTimeMax: .seconds(3))
}

/// How long to wait between tries.
struct S3Pace: Sendable {
    /// A number from 0 to the one given.
    let random: @Sendable (Int64) -> Int64
    let wait: @Sendable (Duration) async throws -> Void
    /// The longest first pause.
    var pauseFirst = Duration.milliseconds(200)
    /// The longest of all.
    var pauseMax = Duration.seconds(5)

    /// Real pauses with real jitter.
    static let standard = S3Pace(random: { Int64.random(in: 0...$0) }, wait: { try await Task.sleep(for: $0) })

    /// Doubles with each try; a random half of it keeps many servers from coming back together.
    func pause(after attempt: Int) -> Duration {
        let most = min(pauseMax, pauseFirst * (1 << min(attempt - 1, 10)))
        let half = most / 2
        return half + .microseconds(random(half.microseconds))
    }
}

extension Duration {
    fileprivate var microseconds: Int64 {
        components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000
    }
}
