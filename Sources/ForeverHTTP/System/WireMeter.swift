/// Counts what the connections of one loop put on the wire: exactly when they end, and while they are open by looking at a few
/// of them now and then.
///
/// **Thread:** the loop's.
public final class WireMeter {
    /// Connections looked at by one `look`.
    public static let looksMax = 16

    /// in the order in which they are looked at
    private var open: [(fd: Int32, counted: WireTraffic)] = []
    private var places: [Int32: Int] = [:]
    private var next = 0
    private var sum = WireTraffic()

    public init() {}

    /// All that was counted so far.
    public var total: WireTraffic { sum }
    /// Connections that it watches.
    public var openCount: Int { open.count }

    /// A connection has begun.
    public func opened(_ fd: Int32) {
        guard fd >= 0 else { return }
        if let place = places[fd] {
            // Whoever had this number before went without a word.
            open[place].counted = WireTraffic()
            return
        }
        places[fd] = open.count
        open.append((fd, WireTraffic()))
    }

    /// A connection is about to be closed; its descriptor still is its own.
    public func ending(_ fd: Int32) {
        guard let place = places[fd] else { return }
        if let traffic = WireTraffic(fd: fd, isEnding: true) { sum = sum + (traffic - open[place].counted) }
        remove(place)
    }

    /// Somebody else counts a connection from now on, from its beginning.
    public func handedOver(_ fd: Int32) {
        guard let place = places[fd] else { return }
        sum = sum - open[place].counted
        remove(place)
    }

    /// Looks at the next few. To be called about once a second.
    public func look() {
        for _ in 0..<min(Self.looksMax, open.count) {
            if next >= open.count { next = 0 }
            if let traffic = WireTraffic(fd: open[next].fd) {
                sum = sum + (traffic - open[next].counted)
                open[next].counted = traffic
            }
            next += 1
        }
    }

    private func remove(_ place: Int) {
        places[open[place].fd] = nil
        let last = open.removeLast()
        guard place < open.count else { return }
        open[place] = last
        places[last.fd] = place
    }
}
