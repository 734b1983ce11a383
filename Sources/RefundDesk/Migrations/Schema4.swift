/// The fourth schema: what strangers must not do, one file a topic.
enum Schema4 {}
