public import Hummingbird
public import RefundDesk
import RefundDomain
public import Web
public import Words

/// What is known about a request while it is answered, whoever asks.
public struct PortalContext: WebContext {
    public var coreContext: CoreRequestContextStorage
    public let connectionAddress: IPAddress?
    public var clientAddress: IPAddress?
    public var language: Language
    /// The token of the visitor's session as the browser sent it; whether it is good is for the desk to say.
    public var visitorToken: String?
    /// The token of a staff session as the browser sent it.
    public var staffToken: String?
    /// Who is signed in; set by ``StaffDoor`` only.
    public internal(set) var staff: StaffMember?

    public init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        connectionAddress = IPAddress(source)
        clientAddress = connectionAddress
        language = .standard
    }

    /// What tries of this client are counted by.
    var countingKey: String { clientAddress?.countingKey ?? "unknown" }
}

/// A request of somebody who is signed in as staff.
///
/// Routes are registered for the context they need: a page of reviewers cannot be reached with anything else.
public protocol SignedInContext: WebContext, ChildRequestContext where ParentContext == PortalContext {
    /// Who is signed in, with today's role.
    var member: StaffMember { get }
    /// The token of their session.
    var token: String { get }
}

/// A request of any member of staff, for what all of them may do: signing out.
public struct StaffContext: SignedInContext {
    public var coreContext: CoreRequestContextStorage
    public let connectionAddress: IPAddress?
    public var clientAddress: IPAddress?
    public var language: Language
    public let member: StaffMember
    public let token: String

    /// - Throws: ``RequestFault/notFound`` when nobody is signed in.
    public init(context: PortalContext) throws {
        guard let member = context.staff, let token = context.staffToken else { throw RequestFault.notFound }
        coreContext = context.coreContext
        connectionAddress = context.connectionAddress
        clientAddress = context.clientAddress
        language = context.language
        self.member = member
        self.token = token
    }
}

/// A request of somebody who works for one merchant.
public struct MerchantContext: SignedInContext {
    public var coreContext: CoreRequestContextStorage
    public let connectionAddress: IPAddress?
    public var clientAddress: IPAddress?
    public var language: Language
    public let member: StaffMember
    public let token: String
    /// The merchant whose pages these are.
    let merchant: MerchantScope

    /// - Throws: ``RequestFault/notFound`` for everybody else: that there are such pages is not told.
    public init(context: PortalContext) throws {
        let staff = try StaffContext(context: context)
        guard staff.member.role.isOfMerchant, let merchantID = staff.member.merchantID else {
            throw RequestFault.notFound
        }
        coreContext = staff.coreContext
        connectionAddress = staff.connectionAddress
        clientAddress = staff.clientAddress
        language = staff.language
        member = staff.member
        token = staff.token
        merchant = MerchantScope(merchantID)
    }
}

/// A request of somebody at the operator's support desk.
public struct SupportContext: SignedInContext {
    public var coreContext: CoreRequestContextStorage
    public let connectionAddress: IPAddress?
    public var clientAddress: IPAddress?
    public var language: Language
    public let member: StaffMember
    public let token: String
    /// Leave to read every merchant's cases.
    let everyMerchant: EveryMerchant

    /// - Throws: ``RequestFault/notFound`` for everybody else.
    public init(context: PortalContext) throws {
        let staff = try StaffContext(context: context)
        guard staff.member.role.seesSupportDesk else { throw RequestFault.notFound }
        coreContext = staff.coreContext
        connectionAddress = staff.connectionAddress
        clientAddress = staff.clientAddress
        language = staff.language
        member = staff.member
        token = staff.token
        everyMerchant = EveryMerchant()
    }
}

/// The merchant whose data a page may read. Only a signed-in member's request makes one, so no query can be asked
/// for another merchant by mistake.
struct MerchantScope: Sendable, Hashable {
    let merchantID: String

    fileprivate init(_ merchantID: String) {
        self.merchantID = merchantID
    }
}

/// Leave to read the cases of every merchant; only a request of the support desk makes one.
struct EveryMerchant: Sendable, Hashable {
    fileprivate init() {}
}

/// Whose cases a query may read.
enum CaseScope: Sendable, Hashable {
    case merchant(MerchantScope)
    case every(EveryMerchant)
}
