import ForeverHTTP

/// What the connections of a fan-out have put on the wire: exact for those that have ended, and for the open ones what the last
/// few that were looked at say of all. Pure.
///
/// Looking at a connection is a system call, and there may be ten thousand. But all of them get the same bytes at the same
/// pace, so what a byte of sound costs on the wire is nearly the same for each, and a few tell it.
struct WireEstimate {
    /// Connections whose measures are averaged.
    static let samplesMax = 64

    private struct Sample {
        var soundBytes: Int64
        var traffic: WireTraffic
    }

    private var samples: [Sample]
    private var next = 0
    private var sampled = Sample(soundBytes: 0, traffic: WireTraffic())
    private var ended = WireTraffic()
    private var highest = WireTraffic()

    init() {
        samples = Array(
            repeating: Sample(soundBytes: 0, traffic: WireTraffic()), count: Self.samplesMax)
    }

    /// An open connection was looked at: so much sound, so much on the wire.
    mutating func looked(soundBytes: Int64, _ traffic: WireTraffic) {
        let old = samples[next]
        samples[next] = Sample(soundBytes: soundBytes, traffic: traffic)
        sampled.soundBytes += soundBytes - old.soundBytes
        sampled.traffic = sampled.traffic + traffic - old.traffic
        next = (next + 1) % Self.samplesMax
    }

    /// A connection has ended; nil for one that could not be looked at.
    mutating func ended(soundBytes: Int64, _ traffic: WireTraffic?) {
        ended = ended + (traffic ?? estimate(soundBytes))
    }

    /// What so much sound is on the wire.
    private func estimate(_ soundBytes: Int64) -> WireTraffic {
        guard sampled.soundBytes > 0 else {
            // Nobody was looked at yet: full segments of Ethernet, an acknowledgement for every second one.
            return WireTraffic(sentBytes: soundBytes * 1_514 / 1_448, receivedBytes: soundBytes * 66 / 2_896)
        }
        let share = Double(soundBytes) / Double(sampled.soundBytes)
        return WireTraffic(
            sentBytes: Int64(Double(sampled.traffic.sentBytes) * share),
            receivedBytes: Int64(Double(sampled.traffic.receivedBytes) * share))
    }

    /// All that went over the wire, given the sound that open connections have got so far. Never less than it was.
    mutating func total(openSoundBytes: Int64) -> WireTraffic {
        let sum = ended + estimate(openSoundBytes)
        highest = WireTraffic(
            sentBytes: max(highest.sentBytes, sum.sentBytes),
            receivedBytes: max(highest.receivedBytes, sum.receivedBytes))
        return highest
    }
}
