import Foundation
import NIOCore
import Synchronization
import TestSupport
import Testing
import Vault

@testable import Proofs

/// What the store does when S3 is slow, busy, cut off or gone. Pauses are noted and not waited for.
struct S3RetryTests {
    private final class Pauses: Sendable {
        private let noted = Mutex<[Duration]>([])
        private let first: Duration
        var all: [Duration] { noted.withLock { $0 } }
        var pace: S3Pace {
            S3Pace(
                random: { $0 }, wait: { pause in self.noted.withLock { $0.append(pause) } }, pauseFirst: first,
                pauseMax: max(first, .seconds(5)))
        }

        init(first: Duration = .milliseconds(200)) {
            self.first = first
        }
    }

    private static let quick = S3Limits(attemptsMax: 2, answerTimeout: .seconds(2), totalTimeMax: .seconds(20))

    @Test(
        arguments: [
            .refusal(503, "SlowDown"), .refusal(500, "InternalError"), .answer(502), .answer(504),
            .refusal(429, "TooManyRequests"), .refusal(400, "RequestTimeout"), .hangUp,
            .cutOff(200, body: [1], missing: 5),
        ] as [ScriptedServer.Step])
    func whatPassesIsTriedAgain(step: ScriptedServer.Step) async throws {
        let pauses = Pauses()
        try await ScriptedServer.run([step, step, .answer(204)]) { server in
            let answer = try await client(server, pauses).send(S3Request(method: .delete, key: "a"))
            #expect(answer.status == 204)
            #expect(answer.attempts == 3)
            #expect(server.requests == Array(repeating: "DELETE /proofs/a HTTP/1.1", count: 3))
            #expect(pauses.all == [.milliseconds(200), .milliseconds(400)])
        }
    }

    @Test(arguments: [ScriptedServer.Step.silence, .stall])
    func aSlowAnswerIsGivenUpAndAskedForAgain(step: ScriptedServer.Step) async throws {
        try await ScriptedServer.run([step, .answer(204)]) { server in
            let request = S3Request(method: .get, key: "a")
            let answer = try await client(server).send(request, limits: Self.quick)
            #expect(answer.attempts == 2)
        }
        try await ScriptedServer.run([step, step]) { server in
            let fault = await #expect(throws: ProofStoreFault.self) {
                try await client(server).send(S3Request(method: .get, key: "a"), limits: Self.quick)
            }
            #expect(fault == .system(reason: "S3 did not answer within 2 seconds"))
        }
    }

    @Test(
        arguments: [
            (.refusal(403, "AccessDenied"), "rights of the access key"), (.refusal(400, "InvalidArgument"), "refuses"),
            (.refusal(403, "ExpiredToken"), "AWS_SESSION_TOKEN"), (.answer(403), "keys, their rights"),
            (.refusal(301, "PermanentRedirect"), "region in PROOF_STORE_URL"), (.answer(307), "region"),
            (.refusal(400, "AuthorizationHeaderMalformed"), "region"), (.answer(501), "refuses the request"),
            (.refusal(403, "<b>x</b>\n!"), "keys, their rights"),
            (.answer(404, body: Array("<html>nginx</html>".utf8)), "endpoint in PROOF_STORE_URL"),
        ] as [(ScriptedServer.Step, String)])
    func whatDoesNotPassIsFinal(step: ScriptedServer.Step, word: String) async throws {
        try await ScriptedServer.run([step]) { server in
            let fault = await #expect(throws: ProofStoreFault.self) { try await store(server).delete(try .sample()) }
            guard case .system(let reason) = fault else {
                Issue.record("\(String(describing: fault))")
                return
            }
            #expect(reason.contains(word), "\(reason)")
            #expect(server.requests.count == 1)
        }
    }

    @Test(
        arguments: [
            .answer(507), .refusal(403, "QuotaExceeded"), .refusal(500, "XMinioStorageFull"),
        ] as [ScriptedServer.Step])
    func aFullStoreIsToldApart(step: ScriptedServer.Step) async throws {
        try await ScriptedServer.run([.refusal(404, "NoSuchKey"), step]) { server in
            await #expect(throws: ProofStoreFault.full) { try await store(server).put(try .sample()) { _ in } }
        }
    }

    @Test func aBusyStoreIsGivenUpAfterFiveTriesAndSaysWhy() async throws {
        let pauses = Pauses()
        try await ScriptedServer.run(Array(repeating: .refusal(503, "SlowDown"), count: 9)) { server in
            await #expect(throws: ProofStoreFault.system(reason: "S3 is not able to answer now (503 SlowDown)")) {
                try await store(server, pauses).delete(try .sample())
            }
            #expect(server.requests.count == S3Limits.standard.attemptsMax)
            #expect(pauses.all.count == S3Limits.standard.attemptsMax - 1)
        }
    }

    @Test func pausesGrowToALimitAndVaryByHalf() {
        let longest = S3Pace(random: { $0 }, wait: { _ in })
        let shortest = S3Pace(random: { _ in 0 }, wait: { _ in })
        #expect(longest.pause(after: 1) == .milliseconds(200))
        #expect(shortest.pause(after: 1) == .milliseconds(100))
        #expect(longest.pause(after: 4) == .milliseconds(1600))
        #expect(longest.pause(after: 400) == .seconds(5))
    }

    @Test func noPauseIsBegunThatWouldOutlastTheTime() async throws {
        let limits = S3Limits(attemptsMax: 5, answerTimeout: .seconds(60), totalTimeMax: .seconds(60))
        let pauses = Pauses(first: .seconds(3600))
        try await ScriptedServer.run([.answer(503)]) { server in
            let answer = try await client(server, pauses).send(S3Request(method: .delete, key: "a"), limits: limits)
            #expect(answer.refusal?.status == 503)
            #expect(server.requests.count == 1)
            #expect(pauses.all.isEmpty)
        }
    }

    @Test func aServerThatIsNotThereSaysSo() async throws {
        var gone: ScriptedServer?
        try await ScriptedServer.run([]) { gone = $0 }
        let store = try store(try #require(gone))
        let fault = await #expect(throws: ProofStoreFault.self) { try await store.check() }
        #expect(fault == .system(reason: "S3 cannot be reached: connection refused"))
    }

    /// The first try was carried out although its answer was lost: the second finds the name taken, by these bytes.
    @Test func aLostAnswerIsNotTakenForAnotherFile() async throws {
        let sha256 = Hex.encode(Digest.sha256([1, 2, 3] as [UInt8]))
        let found = ScriptedServer.Step.answer(
            206, headers: ["Content-Range: bytes 0-0/3", "x-amz-meta-sha256: \(sha256)"], body: [1])
        let lost: [ScriptedServer.Step] = [.refusal(404, "NoSuchKey"), .hangUp, .refusal(412, "PreconditionFailed")]
        try await ScriptedServer.run(lost + [found]) { server in
            try await store(server).put(try .sample()) { sink in try await sink.add([1, 2, 3]) }
            #expect(server.requests.count == 4)
        }
        try await ScriptedServer.run(lost + [found]) { server in
            await #expect(throws: ProofStoreFault.exists) {
                try await store(server).put(try .sample()) { sink in try await sink.add([3, 2, 1]) }
            }
            #expect(!server.requests.contains { $0.hasPrefix("DELETE") })
        }
    }

    @Test func anUploadWhoseEndIsUnknownIsRemoved() async throws {
        let tries = Array(repeating: ScriptedServer.Step.hangUp, count: S3Limits.standard.attemptsMax)
        try await ScriptedServer.run([.refusal(404, "NoSuchKey")] + tries + [.answer(204)]) { server in
            await #expect(throws: ProofStoreFault.self) {
                try await store(server).put(try .sample()) { sink in try await sink.add([1]) }
            }
            #expect(server.requests.last?.hasPrefix("DELETE /proofs/aa/") == true)
        }
    }

    /// S3 may begin to answer 200 before it knows how joining the parts ends.
    @Test func anErrorUnderStatus200IsAnError() async throws {
        let begin: [ScriptedServer.Step] = [
            .refusal(404, "NoSuchKey"), .answer(200, body: Array("<R><UploadId>u</UploadId></R>".utf8)),
            .answer(200, headers: ["ETag: \"a\""]), .answer(200, headers: ["ETag: \"b\""]),
        ]
        let end: [ScriptedServer.Step] = [.refusal(200, "InvalidPart"), .answer(204)]
        try await ScriptedServer.run(begin + end) { server in
            await #expect(throws: ProofStoreFault.system(reason: "S3 refuses the request (InvalidPart)")) {
                try await store(server).put(try .sample()) { sink in
                    try await sink.add([UInt8](repeating: 7, count: S3Upload.partBytes + 1))
                }
            }
            #expect(server.requests.last?.hasPrefix("DELETE") == true)
            #expect(server.requests.last?.contains("uploadId=u") == true)
        }
    }

    @Test func otherBytesThanStoredAreDamaged() async throws {
        let stored: [UInt8] = Array("what was stored".utf8)
        let head = ["ETag: \"a\"", "x-amz-meta-sha256: \(Hex.encode(Digest.sha256(stored)))"]
        let size = stored.count
        let look = ScriptedServer.Step.answer(206, headers: head + ["Content-Range: bytes 0-0/\(size)"], body: [0x77])
        var changed = stored
        changed[3] ^= 1
        let answers: [ScriptedServer.Step] = [
            .answer(206, headers: head, body: changed), .answer(206, headers: head, body: stored.dropLast()),
            .answer(200, headers: head, body: stored + [0]), .refusal(412, "PreconditionFailed"),
            .refusal(416, "InvalidRange"),
        ]
        for answer in answers {
            try await ScriptedServer.run([look, answer]) { server in
                await #expect(throws: ProofStoreFault.damaged, "\(answer)") {
                    for try await piece in try await store(server).open(try .sample()) { #expect(piece == stored) }
                }
            }
        }
        try await ScriptedServer.run([look, .answer(206, headers: head, body: stored)]) { server in
            for try await piece in try await store(server).open(try .sample()) { #expect(piece == stored) }
            #expect(server.requests.count == 2)
        }
    }

    @Test func whatIsNoListOfNamesIsRefused() async throws {
        for body in ["", "<html></html>", "<ListBucketResult>"] {
            try await ScriptedServer.run([.answer(200, body: Array(body.utf8))]) { server in
                await #expect(throws: ProofStoreFault.self) { try await store(server).names(after: nil, limit: 1) }
            }
        }
    }

    @Test func aStoreThatListsTheSameNamesForEverIsRefused() async throws {
        let names = "<Contents><Key>x</Key></Contents>"
        let page = "<ListBucketResult>\(names)<IsTruncated>true</IsTruncated></ListBucketResult>"
        let step = ScriptedServer.Step.answer(200, body: Array(page.utf8))
        try await ScriptedServer.run([step, step]) { server in
            await #expect(throws: ProofStoreFault.system(reason: "S3 lists the same names again")) {
                try await store(server).names(after: nil, limit: 1)
            }
        }
    }

    private func address(_ server: ScriptedServer) throws -> S3Address {
        try S3Address("s3://proofs?endpoint=http://127.0.0.1:\(server.port)&region=us-east-1")
    }

    private func client(_ server: ScriptedServer, _ pauses: Pauses = Pauses()) throws -> S3Client {
        S3Client(
            address: try address(server), credentials: try S3Server.credentials(), client: S3Server.client,
            pace: pauses.pace, now: S3ProofStore.systemClock)
    }

    private func store(_ server: ScriptedServer, _ pauses: Pauses = Pauses()) throws -> S3ProofStore {
        S3ProofStore(
            address: try address(server), credentials: try S3Server.credentials(), client: S3Server.client,
            pace: pauses.pace, now: S3ProofStore.systemClock)
    }
}
