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
    public let merchantID: String

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
        self.merchantID = merchantID
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
    }
}
