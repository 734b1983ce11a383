import HTTPTypes
import Testing

@testable import Portal

@Suite struct UrgencyTests {
    @Test(arguments: [
        (HTTPRequest.Method.get, "/cases/RF-7K3M-Q9TX-D/record", Urgency.export),
        (.get, "/support/payouts/b1/file/csv", .export), (.get, "/merchant/cases/RF-7K3M-Q9TX-D/proof/p1", .export),
        (.get, "/support/cases", .search), (.get, "/merchant/queue", .search), (.get, "/support/queue", .search),
        (.post, "/request/proof", .upload), (.post, "/cases/RF-7K3M-Q9TX-D/proof", .upload),
        (.post, "/support/payouts/b1/answers", .upload), (.get, "/request/proof", .newRequest),
        (.get, "/find", .newRequest), (.post, "/request/check", .newRequest), (.get, "/", .page),
        (.get, "/cases/RF-7K3M-Q9TX-D", .page), (.post, "/staff/sign-in", .page),
        (.post, "/merchant/cases/RF-7K3M-Q9TX-D/approve", .page), (.post, "/callbacks/wechatpay/x", .machine),
        (.post, "/api/v1/cases", .machine),
    ])
    func whatCanWaitIsKnownByItsAddress(_ method: HTTPRequest.Method, _ path: String, _ urgency: Urgency) {
        #expect(Urgency(method, path) == urgency)
    }

    @Test func whatCanWaitLongestIsRefusedFirstAndMachinesNever() {
        let ceilings = Urgency.allCases.map { $0.ceiling ?? .max }
        #expect(ceilings == ceilings.sorted() && Set(ceilings).count == ceilings.count)
        #expect(Urgency.page.ceiling == 256)
        #expect(Urgency.machine.ceiling == nil)
    }
}
