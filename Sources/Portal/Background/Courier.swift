public import Channels
public import Logging
public import Messages
public import RefundDesk
import RefundDomain
public import ServiceLifecycle
import Storage

/// The worker: takes what is due from the outbox and does it, as long as it runs.
///
/// It may be killed at any moment and any number of them may run: a job is claimed with a fencing number, what is sent
/// is written down before the call, and an answer that nobody heard is asked for again with the same refund number.
public struct Courier: Service {
    private let desk: Desk
    private let book: ChannelBook
    private let post: MessagePost
    private let publicURL: String
    private let logger: Logger

    /// Jobs that one worker does side by side; a slow channel must not keep the others waiting.
    static let hands = 4
    /// How long a worker that has nothing to do rests at most: it is told of a job that is to be done at once, but not
    /// of one whose time has come. Not all workers look at the same moment.
    static let restMilliseconds: ClosedRange<Int64> = 250...500
    /// Seconds until a job is tried again after a fault of our own; doubled each time.
    static let faultSeconds: Int64 = 5
    static let faultSecondsMax: Int64 = 3600

    /// - Parameter publicURL: the address that people and channels see, without a final slash.
    public init(
        desk: Desk, book: ChannelBook, writer: MessageWriter, sender: any MessageSender, publicURL: String,
        logger: Logger
    ) {
        self.desk = desk
        self.book = book
        self.post = MessagePost(desk: desk, writer: writer, sender: sender, publicURL: publicURL)
        self.publicURL = publicURL
        self.logger = logger
    }

    /// Works until shutdown; a job that was begun is finished first.
    public func run() async throws {
        await withTaskGroup(of: Void.self) { group in
            var busy = 0
            while !Task.isShuttingDownGracefully, !Task.isCancelled {
                if busy == Courier.hands {
                    await group.next()
                    busy -= 1
                }
                // Listened to before looking, so that nothing comes in between.
                let hints = desk.store.announcements.listen(to: Desk.jobTopic)
                if let job = await nextJob() {
                    busy += 1
                    group.addTask { await perform(job) }
                } else {
                    await Courier.rest(until: hints)
                }
            }
        }
    }

    /// Does everything that is due by the desk's clock, and ends.
    public func workUntilIdle() async {
        while await workOnce() {}
    }

    /// Does one job that is due.
    ///
    /// - Returns: false when there is none, or the database cannot be asked.
    package func workOnce() async -> Bool {
        guard let job = await nextJob() else { return false }
        await perform(job)
        return true
    }

    /// A job in our hands; nil when there is none, or the database cannot be asked.
    private func nextJob() async -> Job? {
        do {
            return try await desk.claimJob()
        } catch {
            logger.error("no job could be taken", metadata: ["fault": "\(type(of: error))"])
            return nil
        }
    }

    /// Rests until something is to be done at once, or for a while. Shutdown ends the rest; the loop then ends by
    /// itself.
    static func rest(until hints: AsyncStream<Void>) async {
        let longest = Duration.milliseconds(Int64.random(in: Courier.restMilliseconds))
        await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { try? await Task.sleep(for: longest) }
                group.addTask { for await _ in hints { break } }
                await group.next()
                group.cancelAll()
            }
        }
    }

    private func perform(_ job: Job) async {
        do {
            switch job.kind {
            case .sendMovement: try await send(job)
            case .queryMovement: try await ask(job)
            case .retryFunds: try await desk.retryFunds(job)
            case .sendMessage: try await post.deliver(job)
            case .sendInvitation: try await post.deliverInvitation(job)
            case .lapseOffer, .expireDraft, .followQuestion, .escalate, .closeEnded, .followPayee:
                try await desk.keepTime(job)
            case .closeCase: try await desk.closeCase(job)
            case .checkArrival: try await desk.checkArrival(job)
            case .examineProof: break  // Another lane's: ``ExaminationRoom``.
            }
        } catch {
            await putOff(job, after: error)
        }
    }

    /// Sends a movement: written down first, called once, the answer through the one door.
    private func send(_ job: Job) async throws {
        let publicURL = publicURL
        let sending = try await desk.beginSend(job) { channel, name in
            CallbackRoutes.address(publicURL, channel, name)
        }
        guard let sending else { return }
        // A worker that was stopped for longer leaves the movement to the query that is planned for such a case.
        guard desk.clock() < sending.callBefore else { return }
        let answer: ChannelAnswer
        do {
            answer = try await client(sending.channel, sending.accountID).refund(sending.order)
        } catch let fault as AccountFault {
            answer = unusable(sending.accountID, fault, .refusedOperator)
        }
        warn(about: answer, movementID: sending.movementID)
        try await desk.recordOutcome(answer, of: sending.movementID, from: .call(attempt: sending.attempt))
    }

    /// Asks what became of a movement.
    private func ask(_ job: Job) async throws {
        guard let asking = try await desk.beginQuery(job) else { return }
        let answer: ChannelAnswer
        do {
            answer = try await client(asking.channel, asking.accountID).query(asking.order)
        } catch let fault as AccountFault {
            answer = unusable(asking.accountID, fault, .unknown)
        }
        warn(about: answer, movementID: asking.movementID)
        try await desk.recordOutcome(answer, of: asking.movementID, from: .query(job))
    }

    /// Made anew for each call, so that changed settings count at once.
    ///
    /// - Throws: ``AccountFault`` also when a certificate has ended: an order by it would be refused, or its answer not
    ///   believed.
    private func client(_ channel: Channel, _ accountID: String) async throws -> any ChannelClient {
        let settings = try await desk.channelSettings(accountID: accountID)
        if let fault = ChannelBook.outdated(settings: settings, at: desk.clock()) { throw fault }
        return try book.client(of: channel, settings: settings)
    }

    private func unusable(_ accountID: String, _ fault: AccountFault, _ verdict: ChannelVerdict) -> ChannelAnswer {
        logger.error("channel account cannot be used", metadata: ["account": "\(accountID)", "key": "\(fault.key)"])
        return ChannelAnswer(verdict: verdict, code: "account settings", verified: false)
    }

    private func warn(about answer: ChannelAnswer, movementID: String) {
        guard let alert = answer.alert else { return }
        logger.warning(
            "channel answer not believed", metadata: ["movement": "\(movementID)", "alert": "\(alert.rawValue)"])
    }

    /// A job is never given up here: it comes back later each time, and people see what has been waiting long.
    private func putOff(_ job: Job, after error: any Error) async {
        logger.error(
            "job put off",
            metadata: ["job": "\(job.id)", "kind": "\(job.kind.rawValue)", "fault": "\(type(of: error))"])
        var seconds = Courier.faultSeconds
        for _ in 1..<max(job.attempts, 1) where seconds < Courier.faultSecondsMax { seconds *= 2 }
        do {
            try await desk.postpone(job, seconds: min(seconds, Courier.faultSecondsMax))
        } catch {
            // The claim runs out by itself; the fault was logged above.
        }
    }
}
