import Testing

@testable import RefundDesk

@Suite struct PayoutCellTests {
    @Test(arguments: [
        ("=1+1", "'=1+1"), ("+8613800138000", "'+8613800138000"), ("-1", "'-1"), ("@sum", "'@sum"),
        (" =1", "' =1"), ("\t=1", "' =1"), ("＝1", "'＝1"), ("=a,\"b\"", "\"'=a,\"\"b\"\"\""), ("50.00", "50.00"),
        ("a,b", "\"a,b\""), ("a\r\nb", "a  b"), ("", ""), ("a=b", "a=b"),
    ])
    func noSpreadsheetRunsACell(_ value: String, _ cell: String) {
        #expect(PayoutText.cell(value) == cell)
    }
}
