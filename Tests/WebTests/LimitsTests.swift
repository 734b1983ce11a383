import NIOCore
import NIOEmbedded
import NIOHTTP1
import Synchronization
import Testing

@testable import Web

@Suite struct AddressTests {
    @Test(arguments: [
        ("192.0.2.1", "192.0.2.1"), ("::ffff:192.0.2.1", "192.0.2.1"), ("2001:db8::1", "2001:db8:0:0:0:0:0:1"),
        ("[::1]", "0:0:0:0:0:0:0:1"),
    ])
    func anAddressIsRead(text: String, description: String) {
        #expect(IPAddress(text)?.description == description)
    }

    @Test(arguments: [
        "", "localhost", "1.2.3", "1.2.3.4.5", "01.2.3.4", "1.2.3.4:80", "fe80::1%eth0", "::g", "[]", "1.2.3.4\n",
    ])
    func whatIsNoAddressIsRefused(text: String) {
        #expect(IPAddress(text) == nil)
    }

    @Test(arguments: [
        ("10.0.0.0/8", "10.255.1.1", true), ("10.0.0.0/8", "11.0.0.1", false), ("10.0.0.0/9", "10.128.0.1", false),
        ("192.0.2.7", "192.0.2.7", true), ("192.0.2.7", "192.0.2.8", false), ("0.0.0.0/0", "8.8.8.8", true),
        ("0.0.0.0/0", "2001:db8::1", false), ("2001:db8::/33", "2001:db8:7fff::1", true),
        ("2001:db8::/33", "2001:db8:8000::1", false), ("::/0", "1.2.3.4", true),
    ])
    func aNetworkKnowsItsAddresses(network: String, address: String, isInside: Bool) throws {
        #expect(try #require(IPNetwork(network)).contains(try #require(IPAddress(address))) == isInside)
    }

    @Test(arguments: ["", "10.0.0.0/33", "::/129", "10.0.0.0/-1", "10.0.0.0/", "10.0.0.0/8/8", "x/8", "10.0.0.0/999"])
    func whatIsNoNetworkIsRefused(text: String) {
        #expect(IPNetwork(text) == nil)
    }

    @Test func oneHouseholdIsCountedOnce() throws {
        let key = { (text: String) in IPAddress(text)?.countingKey }
        #expect(key("2001:db8:1:2::1") == key("2001:db8:1:2:ffff::9"))
        #expect(key("2001:db8:1:2::1") != key("2001:db8:1:3::1"))
        #expect(key("192.0.2.1") != key("192.0.2.2"))
    }

    @Test func aStrangersWordAboutTheClientDoesNotCount() throws {
        let proxies = TrustedProxies([try #require(IPNetwork("10.0.0.0/8"))])
        let stranger = IPAddress("203.0.113.5")
        #expect(proxies.client(connection: stranger, forwarded: ["1.1.1.1"]) == stranger)
        let proxy = IPAddress("10.0.0.1")
        #expect(proxies.client(connection: proxy, forwarded: ["1.1.1.1", "2.2.2.2"]) == IPAddress("2.2.2.2"))
        #expect(proxies.client(connection: proxy, forwarded: ["1.1.1.1, rubbish"]) == proxy)
        #expect(proxies.client(connection: proxy, forwarded: []) == proxy)
        #expect(proxies.client(connection: nil, forwarded: ["1.1.1.1"]) == nil)
    }
}

@Suite struct BudgetTests {
    private let budget = Budget("codes", triesMax: 3, seconds: 60)

    @Test func tryNumberFourWaitsUntilTheWindowHasMoved() throws {
        let time = Mutex<Int64>(6000)
        let budgets = Budgets { time.withLock(\.self) }
        for _ in 1...3 { try budgets.spend(budget, by: "a") }
        #expect(throws: RequestFault.tooMany(retryAfterSeconds: 60)) { try budgets.spend(budget, by: "a") }
        try budgets.spend(budget, by: "b")
        try budgets.spend(Budget("other", triesMax: 1, seconds: 60), by: "a")
        time.withLock { $0 = 6061 }
        try budgets.spend(budget, by: "a")
        time.withLock { $0 = 6200 }
        for _ in 1...3 { try budgets.spend(budget, by: "a") }
    }

    @Test func aWindowsEdgeGivesNoSecondHelping() throws {
        let time = Mutex<Int64>(6059)
        let budgets = Budgets { time.withLock(\.self) }
        for _ in 1...3 { try budgets.spend(budget, by: "a") }
        time.withLock { $0 = 6060 }
        #expect(throws: RequestFault.self) { try budgets.spend(budget, by: "a") }
    }

    @Test func aForgivenTryIsForgotten() throws {
        let budgets = Budgets { 0 }
        for _ in 1...3 { try budgets.spend(budget, by: "a") }
        budgets.forgive(budget, by: "a")
        #expect(throws: Never.self) { try budgets.spend(budget, by: "a") }
    }

    @Test func aFloodOfAddressesNeitherFillsTheMemoryNorFreesWhoIsBlocked() throws {
        let time = Mutex<Int64>(6000)
        let budgets = Budgets { time.withLock(\.self) }
        for _ in 1...3 { try budgets.spend(budget, by: "blocked") }
        for _ in 1...2 { try budgets.spend(budget, by: "busy") }
        for number in 0..<Budgets.countersMax + 10 { try budgets.spend(budget, by: "\(number)") }
        #expect(budgets.count <= Budgets.countersMax)
        #expect(throws: RequestFault.self) { try budgets.spend(budget, by: "blocked") }
        // What the flood frees: whoever had tries left has them all again.
        for _ in 1...3 { try budgets.spend(budget, by: "busy") }
        #expect(throws: RequestFault.self) { try budgets.spend(budget, by: "busy") }
    }

    @Test func aTableFullOfBlockedAddressesLetsNobodyNewInAndAgesLikeAnyOther() throws {
        let time = Mutex<Int64>(6000)
        let budgets = Budgets { time.withLock(\.self) }
        let once = Budget("once", triesMax: 1, seconds: 60)
        for number in 0..<Budgets.countersMax { try budgets.spend(once, by: "\(number)") }
        for _ in 1...3 {
            #expect(throws: RequestFault.tooMany(retryAfterSeconds: 1)) { try budgets.spend(once, by: "new") }
        }
        #expect(throws: RequestFault.self) { try budgets.spend(once, by: "7") }
        #expect(budgets.count == Budgets.countersMax)
        time.withLock { $0 = 6200 }
        try budgets.spend(once, by: "new")
        #expect(budgets.count == 1)
    }
}

@Suite struct OpenFilesTests {
    @Test func theLimitIsRaisedAndNeverLowered() {
        let first = OpenFiles.raiseLimit()
        #expect(first > 0)
        #expect(OpenFiles.raiseLimit() == first)
        #expect(OpenFiles.needed >= UInt64(ServerLimits().connectionsMax) * 2)
    }
}

@Suite struct ConnectionGuardTests {
    private func channel() throws -> EmbeddedChannel {
        let channel = EmbeddedChannel(handler: ConnectionGuard(pace: BodyPace()))
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        return channel
    }

    private func head(_ uri: String = "/", _ version: HTTPVersion = .http1_1) -> HTTPServerRequestPart {
        .head(HTTPRequestHead(version: version, method: .POST, uri: uri, headers: ["Host": "a"]))
    }

    private func received(_ channel: EmbeddedChannel) throws -> HTTPRequestHead? {
        guard case .head(let head)? = try channel.readInbound(as: HTTPServerRequestPart.self) else { return nil }
        return head
    }

    @Test func aDrippingBodyIsGivenUpAfterTheGraceTime() throws {
        let channel = try channel()
        try channel.writeInbound(head())
        for _ in 1...29 {
            try channel.writeInbound(HTTPServerRequestPart.body(ByteBuffer(string: "x")))
            channel.embeddedEventLoop.advanceTime(by: .seconds(1))
        }
        try channel.throwIfErrorCaught()
        channel.embeddedEventLoop.advanceTime(by: .seconds(1))
        #expect(throws: RequestFault.tooSlow) { try channel.throwIfErrorCaught() }
        #expect(channel.isActive)
        channel.embeddedEventLoop.advanceTime(by: .seconds(5))
        #expect(!channel.isActive)
    }

    @Test func aSteadyUploadMayGoOnUntilTheEndOfItsTime() throws {
        let channel = try channel()
        try channel.writeInbound(head())
        for _ in 1...119 {
            try channel.writeInbound(HTTPServerRequestPart.body(ByteBuffer(repeating: 0, count: 9000)))
            channel.embeddedEventLoop.advanceTime(by: .seconds(1))
        }
        try channel.throwIfErrorCaught()
        channel.embeddedEventLoop.advanceTime(by: .seconds(1))
        #expect(throws: RequestFault.tooSlow) { try channel.throwIfErrorCaught() }
    }

    @Test func aFinishedBodyIsNoLongerWatched() throws {
        let channel = try channel()
        try channel.writeInbound(head())
        try channel.writeInbound(HTTPServerRequestPart.end(nil))
        channel.embeddedEventLoop.advanceTime(by: .seconds(600))
        try channel.throwIfErrorCaught()
        #expect(channel.isActive)
    }

    @Test func anOldConnectionIsClosedAfterItsAnswer() throws {
        let channel = try channel()
        try channel.writeInbound(head("/", .http1_0))
        #expect(try received(channel)?.headers["Connection"] == ["close"])
        try channel.writeInbound(head("/"))
        #expect(try received(channel)?.headers["Connection"] == [])
    }

    @Test func aWholeAddressInTheRequestLineLosesItsHost() throws {
        let channel = try channel()
        try channel.writeInbound(head("http://evil.example/"))
        #expect(try received(channel)?.headers["Host"] == [])
        try channel.writeInbound(head("/find"))
        #expect(try received(channel)?.headers["Host"] == ["a"])
    }
}
