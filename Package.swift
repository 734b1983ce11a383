// swift-tools-version: 6.2
import PackageDescription

// Declared before `package`: settings shared through a constant declared later do not apply.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .treatAllWarnings(as: .error),
]

let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let hummingbirdTesting = Target.Dependency.product(name: "HummingbirdTesting", package: "hummingbird")
let mustache = Target.Dependency.product(name: "Mustache", package: "swift-mustache")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let asyncHTTPClient = Target.Dependency.product(name: "AsyncHTTPClient", package: "async-http-client")
let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let configuration = Target.Dependency.product(name: "Configuration", package: "swift-configuration")
let serviceLifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioEmbedded = Target.Dependency.product(name: "NIOEmbedded", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let unixSignals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")

/// One library target of this package with the project's settings.
func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

/// The tests of one target.
func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: name, dependencies: dependencies, swiftSettings: strict)
}

let package = Package(
    name: "refund-portal",
    platforms: [.macOS(.v15)],
    products: [.executable(name: "refund-portal", targets: ["PortalCommand"])],
    dependencies: [
        .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", exact: "2.1.1"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/swift-server/async-http-client", exact: "1.37.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-configuration", exact: "1.4.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", exact: "2.37.6"),
        .package(url: "https://github.com/apple/swift-http-types", exact: "1.8.0"),
    ],
    targets: [
        .systemLibrary(name: "COpenSSL", pkgConfig: "libssl", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CLibPQ", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CQREncode", pkgConfig: "libqrencode", providers: [.apt(["libqrencode-dev"])]),
        .target(name: "CLinux"),

        module("RefundDomain"),
        module("Words"),
        module("Storage"),
        module("StorageSQLite", ["Storage", grdb, logging]),
        module("StoragePostgres", ["Storage", "CLibPQ", logging]),
        module("Vault", ["COpenSSL"]),
        module("RefundDesk", ["RefundDomain", "Storage", "Vault", logging]),
        module("Channels", ["RefundDomain", "Vault", asyncHTTPClient, nioCore, nioHTTP1, nioPosix]),
        module("SandboxBank", ["Vault", hummingbird, asyncHTTPClient, nioCore, logging, httpTypes, serviceLifecycle]),
        module("Statements", ["RefundDomain", "CZlib"]),
        module("Proofs", ["Vault", "CLinux", asyncHTTPClient, nioCore, nioHTTP1, nioPosix]),
        module("Messages", ["Words"]),
        module(
            "Web", ["Vault", "Words", "CZlib", hummingbird, mustache, logging, nioCore, nioHTTP1, nioSSL, httpTypes]),
        module(
            "Portal",
            [
                "RefundDomain", "RefundDesk", "Storage", "Vault", "Words", "Channels", "Proofs", "Messages", "Web",
                "Statements", "CQREncode", hummingbird, mustache, logging, nioCore, httpTypes, serviceLifecycle,
            ]),
        .executableTarget(
            name: "PortalCommand",
            dependencies: [
                "RefundDomain", "RefundDesk", "Storage", "StorageSQLite", "StoragePostgres", "Vault", "Words",
                "Channels",
                "Proofs", "Messages", "Web", "Statements", "Portal", "SandboxBank", "CQREncode", hummingbird,
                asyncHTTPClient,
                argumentParser, configuration, serviceLifecycle, unixSignals, logging, nioCore, nioPosix, nioHTTP1,
                httpTypes,
            ],
            swiftSettings: strict),
        .executableTarget(
            name: "BareServer", dependencies: [hummingbird], path: "Bench/BareServer", swiftSettings: strict),
        module(
            "Simulation",
            [
                "RefundDomain", "RefundDesk", "Storage", "StorageSQLite", "Vault", "Words", "Channels", "Messages",
                "Portal", "SandboxBank", logging,
            ]),
        .executableTarget(name: "Simulate", dependencies: ["Simulation", argumentParser], swiftSettings: strict),
        module(
            "TestSupport",
            [
                "RefundDomain", "RefundDesk", "Storage", "StorageSQLite", "StoragePostgres", "Vault", "Words",
                "Channels",
                "Proofs", "Messages", "Web", "Statements", "Portal", "SandboxBank", hummingbird, hummingbirdTesting,
                asyncHTTPClient, logging, nioCore, httpTypes, serviceLifecycle,
            ]),

        tests("RefundDomainTests", ["RefundDomain"]),
        tests("WordsTests", ["Words"]),
        tests("StorageTests", ["Storage", "StorageSQLite", "StoragePostgres", "TestSupport"]),
        tests("VaultTests", ["Vault", "COpenSSL"]),
        tests("RefundDeskTests", ["RefundDesk", "RefundDomain", "Storage", "Vault", "TestSupport"]),
        tests(
            "ChannelsTests",
            ["Channels", "RefundDomain", "Vault", "SandboxBank", "TestSupport", asyncHTTPClient, hummingbird, nioCore]),
        tests("SandboxBankTests", ["SandboxBank", "Vault", "TestSupport", logging, serviceLifecycle]),
        tests("StatementsTests", ["Statements", "RefundDomain", "CZlib"]),
        tests(
            "ProofsTests",
            ["Proofs", "RefundDomain", "Vault", "TestSupport", asyncHTTPClient, nioCore, nioHTTP1, nioPosix]),
        tests("MessagesTests", ["Messages", "Words"]),
        tests(
            "WebTests",
            [
                "Web", "Words", "Vault", hummingbird, hummingbirdTesting, httpTypes, nioCore, nioHTTP1, nioPosix,
                nioEmbedded, nioSSL, logging,
            ]),
        tests(
            "PortalTests",
            [
                "Portal", "Web", "RefundDesk", "RefundDomain", "Storage", "Vault", "Words", "Channels", "TestSupport",
                "SandboxBank", "Proofs", "Messages", "Statements", hummingbird, hummingbirdTesting, httpTypes, nioCore,
                nioHTTP1, asyncHTTPClient, serviceLifecycle, logging,
            ]),
        tests("SimulationTests", ["Simulation", "RefundDomain", "Storage", "TestSupport"]),
        tests("PortalCommandTests", ["PortalCommand", "TestSupport"]),
        tests("RepositoryTests", []),
    ]
)
