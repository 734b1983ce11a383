import Testing

@testable import StoragePostgres

@Suite struct PostgresAddressTests {
    @Test(arguments: [
        ("mysql://a@b/c", "postgres://"), ("postgres://portal@127.0.0.1/", "name the database"),
        ("postgres://portal@127.0.0.1/x?sslmod=disable", "cannot be read"),
        ("postgres://portal@db.example/x?sslmode=require", "verify-full"),
        ("postgres://portal@127.0.0.1,db.example/x?sslmode=disable", "verify-full"),
        ("postgres://portal@127.0.0.1/x?pool_max_conns=1", "pool_max_conns"),
        ("postgres://portal@127.0.0.1/x?pool_max_conns=many", "pool_max_conns"),
        ("postgres://portal:%zz@127.0.0.1/x", "cannot be read"),
    ])
    func whatDoesNotFitIsRefusedInWordsThatSayWhatToDo(_ url: String, _ words: String) {
        do {
            Issue.record("\(try PostgresAddress(url)) was taken")
        } catch {
            #expect(error.description.contains(words), "\(error)")
        }
    }

    @Test func aPasswordIsNeverSaid() throws {
        let address = try PostgresAddress("postgres://portal:hush%21@127.0.0.1:5433/portal?pool_max_conns=4")
        #expect(address.description == "postgres://portal@127.0.0.1:5433/portal")
        #expect(address.connectionsMax == 4)
        do {
            Issue.record("\(try PostgresAddress("postgres://portal:hush!@127.0.0.1:port/portal?nonsense=hush!"))")
        } catch {
            #expect(!error.description.contains("hush"))
        }
    }

    @Test func anotherMachineIsOnlyTrustedByItsCertificate() throws {
        let far = try PostgresAddress("postgres://portal@db.example/portal")
        #expect(far.parameters["sslmode"] == "verify-full")
        let near = try PostgresAddress("postgres://portal@[::1]/portal?sslmode=disable")
        #expect(near.parameters["sslmode"] == "disable")
        let pooler = try PostgresAddress("postgres://portal@127.0.0.1:6432/portal?listen_host=db.example")
        #expect(pooler.listening.parameters["host"] == "db.example")
        #expect(pooler.listening.parameters["port"] == "5432")
        #expect(pooler.listening.parameters["sslmode"] == "verify-full")
    }
}
