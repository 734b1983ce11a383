import Storage
import Testing

@Suite struct SQLTextTests {
    @Test(arguments: [
        ("a = $1", "a = X1"), ("$10,$1", "X10,X1"), ("'$1'$2'$3'", "'$1'X2'$3'"),
        ("'it''s $1' || $2", "'it''s $1' || X2"),
        ("\"$1\"$2", "\"$1\"X2"), ("-- $1\n$2", "-- $1\nX2"), ("/* $1 */$2", "/* $1 */X2"), ("1-$1", "1-X1"),
        ("1/$1", "1/X1"), ("'never closed $1", "'never closed $1"), ("/* $1", "/* $1"), ("-", "-"), ("", ""),
        ("/*/$1*/$2", "/*/$1*/X2"), ("付$1款", "付X1款"), ("a--$1", "a--$1"), ("(($1)-$2)", "((X1)-X2)"),
    ])
    func valuesAreFoundOutsideQuotesAndComments(_ sql: String, _ expected: String) {
        #expect(SQLText.replacingWords(in: sql) { $0.hasPrefix("$") ? "X" + $0.dropFirst() : nil } == expected)
    }
}
