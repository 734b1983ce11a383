import Hummingbird
import Messages
import RefundDesk
import RefundDomain
import Web
import Words

/// The staff side of the portal: sign-in, the merchant's desk, the support desk.
struct StaffPages: Sendable {
    private let parts: PortalParts

    init(_ parts: PortalParts) {
        self.parts = parts
    }

    static var views: [any View.Type] {
        [
            SignInView.self, SignInCodeView.self, StaffHomeView.self, QueueView.self, ReviewView.self,
            NoteConfirmView.self, SupportSearchView.self, SupportQueueView.self, StuckView.self,
            JointView.self, SupportCaseView.self, BehalfView.self,
            PolicyView.self, PolicyFormView.self, PolicyVersionView.self, PoliciesView.self,
            ReconciliationView.self, DifferenceView.self, IssuersView.self, ChannelsView.self,
            PayoutsView.self, PayoutView.self, PayoutAnswerView.self,
            SignInRecoveryView.self, ProveView.self, JoinView.self, JoinOverView.self, RecoveryCodesView.self,
            AccountView.self, AuthenticatorView.self, PeopleView.self, PersonView.self,
        ]
    }

    static var words: [String] {
        let areas = StaffArea.allCases.filter { $0 != .none }.map { "staff.area.\($0.rawValue)" }
        let code =
            ["missing", "wrong", "expired"].map { "staff.code.\($0)" } + ["staff.code.label", "staff.code.hint"]
        let signIn = ["email", "password", "email.missing", "password.missing", "wrong"].map { "staff.sign-in.\($0)" }
        return areas + code + signIn + CaseWords.keys + EventWords.keys + CaseRails.keys + CasePanelWriter.keys
            + QueueWriter.keys + DecisionFormWriter.keys + DecisionInput.keys + DecisionLimits.keys
            + ProcessWriter.keys + ChangedWriter.keys + ["staff.back.queue"] + NotePost.keys + SupportWriter.keys
            + BehalfWriter.keys + SupportQueueRoutes.keys + StuckRoutes.keys + JointPage.keys + JointRoutes.keys
            + SupportActionWriter.keys
            + PolicyWords.keys + PolicyForm.keys + PolicyPage.keys + DifferenceWords.keys + IssuersRoutes.keys
            + ChannelsRoutes.keys + PayoutWords.keys + SignInRoutes.keys + ProveRoutes.keys + JoinRoutes.keys
            + NewPassword.keys + AccountPage.keys + PeoplePage.keys
            + MessageWriter.keys(of: ["staff-invite", "staff-reset"], media: ["subject", "email"])
    }

    func add(to router: Router<PortalContext>) {
        SignInRoutes(parts: parts).add(to: router)
        JoinRoutes(parts: parts).add(to: router)
        let inside = router.group().add(middleware: StaffDoor(parts: parts))
        ProveRoutes(parts: parts).add(to: inside)
        let everybody = inside.group(context: StaffContext.self)
        StaffHomeRoutes(parts: parts).add(to: everybody)
        AccountRoutes(parts: parts).add(to: everybody)
        PeopleRoutes(parts: parts).addSupport(to: everybody)
        let merchant = inside.group(context: MerchantContext.self)
        QueueRoutes(parts: parts).add(to: merchant)
        ReviewRoutes<MerchantContext>(parts: parts).add(to: merchant)
        SecondRoutes<MerchantContext>(parts: parts).add(to: merchant)
        MerchantNoteRoutes(parts: parts).add(to: merchant)
        ProofDownload(parts: parts).addMerchant(to: merchant)
        PolicyRoutes(parts: parts).addMerchant(to: merchant)
        ReconciliationRoutes(parts: parts).addMerchant(to: merchant)
        ChannelsRoutes(parts: parts).addMerchant(to: merchant)
        PeopleRoutes(parts: parts).addMerchant(to: merchant)
        let support = inside.group(context: SupportContext.self)
        SupportSearchRoutes(parts: parts).add(to: support)
        SupportCaseRoutes(parts: parts).add(to: support)
        SupportActionRoutes(parts: parts).add(to: support)
        MoneyActionRoutes(parts: parts).add(to: support)
        BehalfRoutes(parts: parts).add(to: support)
        JointRoutes(parts: parts).add(to: support)
        SupportQueueRoutes(parts: parts).add(to: support)
        StuckRoutes(parts: parts).add(to: support)
        ReviewRoutes<SupportContext>(parts: parts).add(to: support)
        SecondRoutes<SupportContext>(parts: parts).add(to: support)
        ProofDownload(parts: parts).addSupport(to: support)
        PolicyRoutes(parts: parts).addSupport(to: support)
        ReconciliationRoutes(parts: parts).addSupport(to: support)
        PayoutRoutes(parts: parts).add(to: support)
        IssuersRoutes(parts: parts).add(to: support)
        ChannelsRoutes(parts: parts).addSupport(to: support)
    }
}

/// The first page of those whose role has no pages of its own yet; everybody else goes on to theirs.
struct StaffHomeRoutes: Sendable {
    let parts: PortalParts

    func add(to routes: some RouterMethods<StaffContext>) {
        routes.get(RouterPath(Paths.staffHome), use: show)
    }

    func show(_ request: Request, _ context: StaffContext) async throws -> Response {
        let home = Destination.home(of: context.member.role).address
        guard home == Paths.staffHome else { return Pages.redirect(to: home) }
        let phrases = parts.phrases(context)
        let frame = try await parts.person(context.member).frame(phrases, switching: home, .none)
        return try parts.pages.html(StaffHomeView(frame: frame), to: request, in: context.language)
    }
}
