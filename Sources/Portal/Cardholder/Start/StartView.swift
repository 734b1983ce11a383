import Web

struct StartView: View {
    static let template = "cardholder/start"
    static let sample = StartView(frame: .sample)

    let frame: Frame
}
