import ForeverHTTP

/// A listener that came before the first sound, for the moment until it is there.
struct WaitingListener {
    /// Who come later are told to try again.
    static let countMax = 1_024
    /// Who waited so long are told to try again.
    static let nanosecondsMax: Int64 = 5_000_000_000

    let request: Request
    let responder: Responder
    let sinceNanoseconds: Int64
}
