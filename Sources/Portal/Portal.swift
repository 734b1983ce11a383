public import Channels
public import Hummingbird
public import Proofs
public import RefundDesk
public import RefundDomain
public import Vault
public import Web
import Words

/// What the portal is made of.
public struct PortalParts: Sendable {
    public let desk: Desk
    public let pages: Pages
    public let assets: Assets
    /// The address that people see; also the only origin that forms are taken from.
    public let origin: WebOrigin
    public let proxies: TrustedProxies
    public let passwords: PasswordWorkshop
    /// What a new password has to be.
    public let passwordRules: PasswordRules
    /// Where uploaded files lie sealed.
    public let proofStore: any ProofStore
    /// Whether uploaded files are scanned for viruses.
    public let scansUploads: Bool
    /// Whom to call about money that is with a bank.
    public let issuers: IssuerDirectory
    /// What only the demo has; nil outside it.
    public let demo: DemoParts?
    /// How many may follow their cases live.
    public let live: LiveLimits
    /// Microseconds since any fixed point, never going back.
    public let ticks: @Sendable () -> Int64

    public init(
        desk: Desk, pages: Pages, assets: Assets, origin: WebOrigin, proxies: TrustedProxies,
        passwords: PasswordWorkshop, passwordRules: PasswordRules = .lengthOnly, proofStore: any ProofStore,
        scansUploads: Bool = false, issuers: IssuerDirectory = .empty, demo: DemoParts? = nil,
        live: LiveLimits = LiveLimits(), ticks: @escaping @Sendable () -> Int64
    ) {
        self.desk = desk
        self.pages = pages
        self.assets = assets
        self.origin = origin
        self.proxies = proxies
        self.passwords = passwords
        self.passwordRules = passwordRules
        self.proofStore = proofStore
        self.scansUploads = scansUploads
        self.issuers = issuers
        self.demo = demo
        self.live = live
        self.ticks = ticks
    }

    var cookies: Web.Cookies { Web.Cookies(isSecure: origin.isSecure) }
    var choice: LanguageChoice { LanguageChoice(cookies: cookies) }
}

/// The portal's pages behind their middleware.
public struct Portal: Sendable {
    private let parts: PortalParts
    private let channels: ChannelBook

    /// Checks every template against its view and every word that code uses, so that a mistake stops the start.
    ///
    /// - Parameter channels: reads the notices that channels send.
    /// - Throws: ``TemplateFault``, ``VocabularyFault``.
    public init(_ parts: PortalParts, channels: ChannelBook) throws {
        try parts.pages.templates.check(Portal.views)
        try parts.pages.vocabulary.require(Portal.words)
        self.parts = parts
        self.channels = channels
    }

    /// Every view of the portal.
    static var views: [any View.Type] {
        [ErrorView.self, LastView.self, DemoMessagesView.self] + CardholderPages.views + StaffPages.views
    }

    /// The keys of all words that code uses and no template names.
    static var words: [String] { ErrorView.keys + CardholderPages.words + StaffPages.words }

    /// The requests of one address: a hundred a second, which is what a whole telephone network behind one address may
    /// ask for, and a fiftieth of what two cores answer.
    static let requestBudget = Budget("requests", triesMax: 6000, seconds: 60)

    /// The answers to what no route ever sees.
    ///
    /// - Throws: ``TemplateFault``.
    public func lastAnswers() throws -> LastAnswers {
        try parts.pages.lastAnswers(isSecure: parts.origin.isSecure)
    }

    /// All routes; middleware comes first, because it applies only to what is added after it.
    public func router() -> Router<PortalContext> {
        let router = routes()
        router.refuseOtherMethods()
        return router
    }

    /// What is answered with something else than that it is not there.
    func routes() -> Router<PortalContext> {
        let router = Router(context: PortalContext.self, options: .autoGenerateHeadEndpoints)
        guardDoors(of: router)
        parts.assets.add(to: router)
        CardholderPages(parts).add(to: router)
        StaffPages(parts).add(to: router)
        CallbackRoutes(desk: parts.desk, book: channels).add(to: router)
        if let demo = parts.demo {
            DemoMessagesRoutes(parts: parts, demo: demo).add(to: router)
        }
        return router
    }

    private func guardDoors(of router: Router<PortalContext>) {
        let pages = parts.pages
        let choice = parts.choice
        router.add(middleware: SecurityHeaders(isSecure: parts.origin.isSecure))
        router.add(middleware: AccessLog(clock: parts.ticks))
        router.add(
            middleware: ErrorPages { answer, request, context in
                try pages.errorPage(answer, request, context, choice: choice) { language in
                    pages.vocabulary[language].text("layout.portal")
                }
            })
        router.add(middleware: HostRule(origin: parts.origin))
        router.add(middleware: OriginRule(origin: parts.origin, exemptPrefixes: Paths.machinePrefixes))
        router.add(middleware: Visitor(choice: choice, proxies: parts.proxies))
        router.add(middleware: LoadShedding { Urgency($0.method, $0.uri.path).ceiling })
        let microseconds = parts.ticks
        router.add(
            middleware: RequestRate(
                Portal.requestBudget, in: Budgets { microseconds() / 1_000_000 }, exemptPrefixes: Paths.machinePrefixes)
        )
        router.add(middleware: Sessions(cookies: parts.cookies))
        router.add(middleware: RefusalAnswers())
    }
}
