/// What players met with, added up.
struct Counts {
    /// Requests for the stream, and those that brought sound.
    var connections = 0
    var heardConnections = 0
    /// Answers without sound by status.
    var answers: [Int: Int] = [:]
    /// Connections that the other side ended.
    var cuts = 0
    /// Silences, excused or not.
    var gaps = 0
    var skips = 0
    var mapsLookedUp = 0
    /// Bytes of sound held against the reference, and those that nothing was there for when the connection ended.
    var compared: Int64 = 0
    var uncompared = 0
    /// From the last byte of a connection to the first of the next.
    var returnSeconds: [Double] = []
    /// How far live was from its place when a connection began, by kind of server.
    var liveErrorSeconds: [String: [Double]] = [:]
    var faults: [String: Int] = [:]
}
