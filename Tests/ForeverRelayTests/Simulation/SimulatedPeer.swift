import ForeverRelay

/// One connection's other end: how it reads, and what became of it.
struct SimulatedPeer {
    enum Manner: Hashable {
        /// reads everything at once, on a network without fault
        case healthy
        /// reads so many thousandths of what the stream brings
        case slow(Int)
        /// reads everything, then nothing for a while, again and again
        case dozing
        /// reads like a healthy one until some moment, then never again
        case stalling(atMilliseconds: Int64)
        /// never reads
        case deaf
        /// is gone at some moment; sends fail with this
        case vanishing(atMilliseconds: Int64, error: Int32)

        var isHealthy: Bool { self == .healthy }
    }

    let fd: Int32
    let kind: ListenerKind
    let manner: Manner
    let name: ListenerName?
    /// nil for a plain connection
    let channel: SimulatedChannel?
    let joinedNanoseconds: Int64
    var witness: StreamWitness
    /// when its kernel last took something
    var takenNanoseconds: Int64
    /// when there was last nothing for it
    var calmNanoseconds: Int64 = 0
    /// a dozing one reads, or sleeps, until then
    var turnNanoseconds: Int64 = 0
    var isAwake = true
    /// what a slow one may still read
    var allowance = 0.0
}
