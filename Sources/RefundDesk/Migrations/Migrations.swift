public import Storage

/// Every step of the schema, in order; shipped ones are frozen.
public let deskMigrations: [Migration] = [
    Migration(
        number: 1, name: "merchants, payments, cases, money, people",
        statements: Schema1.merchants + Schema1.payments + Schema1.cases + Schema1.money + Schema1.people
            + Schema1.records),
    Migration(
        number: 2, name: "the rest of a case's life", statements: Schema2.both, sqlite: Schema2.sqlite,
        postgres: Schema2.postgres),
    Migration(
        number: 3,
        name: "channels' files held against our refunds, banks by card prefixes, batches that people pay, what refunds "
            + "can do",
        statements: Schema3.reconciliation + Schema3.issuers + Schema3.payouts + Schema3.capabilities),
    Migration(number: 4, name: "what strangers must not do", statements: Schema4.staff + Schema4.uploads),
]
