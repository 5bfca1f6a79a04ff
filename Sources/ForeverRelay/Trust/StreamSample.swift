import ForeverHTTP

/// A piece of a relay's stream as any listener gets it, held against the station's own, frame by frame and byte for byte.
/// Pure but for the ring that it looks into.
package struct StreamSample {
    /// Enough for one altered byte in that many to be seen. **Units:** bytes of sound.
    package static let bytesWanted: Int64 = 100_000
    /// What is granted beyond the sound's own length: a relay may be just waking. **Units:** s.
    package static let spareSeconds = 10.0

    private let ring: StreamRing
    /// of the next whole frame
    private var position: StreamPosition = 0
    private var pending: [UInt8] = []
    /// bytes that were compared
    package private(set) var bytes: Int64 = 0

    package init(ring: StreamRing) { self.ring = ring }

    /// How long the whole may take. **Units:** s.
    package var secondsMax: Double { Double(Self.bytesWanted) / Double(ring.format.byteRate) + Self.spareSeconds }

    /// Reads the head; nil when sound follows that can be compared. `isFull`: it had said that it takes nobody.
    package mutating func begin(_ head: ResponseHead, isFull: Bool) -> InspectionPlan.SampleOutcome? {
        guard case .sound(let place) = StreamReply(head) else {
            return isFull ? .open("it is full") : .poor("it answers a listener \(head.status)")
        }
        guard place.epoch == ring.epoch else { return .open("it plays another epoch") }
        guard place.format == ring.format, place.position == ring.format.frameFloor(place.position) else {
            return .altered("it begins where the station has no frame")
        }
        position = place.position
        return nil
    }

    /// Compares what came; nil as long as more is wanted.
    package mutating func take(_ piece: UnsafeRawBufferPointer) -> InspectionPlan.SampleOutcome? {
        pending += piece
        let size = Int(ring.format.frameBytes)
        var start = 0
        defer { pending.removeFirst(start) }
        while pending.count - start >= size {
            if let outcome = judge(pending[start..<start + size]) { return outcome }
            start += size
            position += Int64(size)
            bytes += Int64(size)
            if bytes >= Self.bytesWanted { return .good }
        }
        return nil
    }

    private func judge(_ frame: ArraySlice<UInt8>) -> InspectionPlan.SampleOutcome? {
        guard position + Int64(frame.count) <= ring.edge else {
            return .altered("it sends what the station has not mixed yet, at \(position)")
        }
        guard position >= ring.oldest else { return .poor("it is too far behind, at \(position) of \(ring.oldest)") }
        if isOwn(frame, at: position) { return nil }
        // An honest relay lets a slow listener, and one over a gap, skip to a later frame: that is a frame of ours as well.
        var other = position + Int64(frame.count)
        while other + Int64(frame.count) <= ring.edge {
            if isOwn(frame, at: other) { return .open("it skipped") }
            other += Int64(frame.count)
        }
        return .altered("it sends another frame than the station at position \(position)")
    }

    private func isOwn(_ frame: ArraySlice<UInt8>, at position: StreamPosition) -> Bool {
        ring.withBytes(at: position, count: frame.count) { $0.elementsEqual(frame) } ?? false
    }

    /// What it came to when nothing more comes.
    package func ended(_ reason: String) -> InspectionPlan.SampleOutcome {
        .poor(bytes == 0 ? "it sends no sound: \(reason)" : "it is too slow, \(bytes) bytes of sound: \(reason)")
    }
}
