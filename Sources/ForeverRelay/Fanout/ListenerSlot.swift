/// Who a connection belongs to, which decides how far it may read.
public enum ListenerKind: UInt8, Sendable {
    /// hears live
    case listener
    /// a relay with credentials: reads up to the mixing edge, and is never made to skip, only dropped
    case relay
}

/// All there is of one connection: a descriptor and a position. No queue, no timer, no event.
struct ListenerSlot {
    var fd: Int32
    var kind: ListenerKind
    /// whether it counts as a listener by now
    var isCounted = false
    /// it was too far behind after its last send: at the next it skips
    var isOverdue = false
    var agent = AgentFamily.other
    /// the source its position belongs to
    var sourceSerial: UInt32
    /// the next byte of the stream it gets
    var position: StreamPosition
    /// bytes of sound its kernel took
    var sentBytes: Int64 = 0
    var joinedNanoseconds: Int64
    /// when its kernel last took something, or there was nothing for it
    var progressNanoseconds: Int64
    var icy: ICYInterleaver
    /// its position map; -1 for none
    var map: Int32 = -1
    /// its place in its address's count; -1 for none
    var addressNumber: Int32 = -1
    /// its place among the protected channels; -1 for a plain connection
    var channel: Int32 = -1
    /// the relay it is; none for a listener
    var owner = RelayTag.none
}
