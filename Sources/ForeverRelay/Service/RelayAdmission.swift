/// What becomes of a relay that wants to pull from here.
public enum RelayAdmission: Hashable, Sendable {
    case welcome
    /// 302: it should pull from there
    case elsewhere(PullSource)
    /// 503: nobody has room, here least of all
    case full
}
