/// Takes server-sent events out of bytes that come in any pieces (HTML standard, "event stream interpretation"). Pure.
package struct EventStreamReader {
    /// A timeline is some 20 kB.
    package static let messageBytesMax = 1 << 20

    package struct Message: Hashable {
        package var event: String
        package var data: [UInt8]
    }

    private let bytesMax: Int

    package init(messageBytesMax: Int = Self.messageBytesMax) { bytesMax = messageBytesMax }

    private var line: [UInt8] = []
    private var event = ""
    private var data: [UInt8]?
    private var endedWithReturn = false
    private var isFirstLine = true
    private var isRefused = false

    /// The messages that are complete now; nil when one is larger than allowed, and from then on. What was complete
    /// before that one in the same piece still comes, and the nil with the next piece.
    package mutating func append(_ bytes: UnsafeRawBufferPointer) -> [Message]? {
        if isRefused { return nil }
        var messages: [Message] = []
        for byte in bytes {
            let follows = endedWithReturn && byte == 0x0A
            endedWithReturn = byte == 0x0D
            if follows { continue }
            guard byte == 0x0A || byte == 0x0D else {
                guard line.count + (data?.count ?? 0) < bytesMax else {
                    isRefused = true
                    return messages.isEmpty ? nil : messages
                }
                line.append(byte)
                continue
            }
            if let message = endLine() { messages.append(message) }
            line.removeAll(keepingCapacity: true)
        }
        return messages
    }

    private mutating func endLine() -> Message? {
        if isFirstLine, line.starts(with: [0xEF, 0xBB, 0xBF]) { line.removeFirst(3) }  // a byte order mark
        isFirstLine = false
        if line.isEmpty {
            defer {
                event = ""
                data = nil
            }
            return data.map { Message(event: event.isEmpty ? "message" : event, data: $0) }
        }
        let colon = line.firstIndex(of: UInt8(ascii: ":")) ?? line.count
        var value = line[min(colon + 1, line.count)...]
        if value.first == 0x20 { value = value.dropFirst() }
        switch String(decoding: line[..<colon], as: UTF8.self) {
        case "event": event = String(decoding: value, as: UTF8.self)
        case "data":
            if data == nil { data = Array(value) } else { data! += [0x0A] + value }
        default: break  // comments, ids, retry times
        }
        return nil
    }
}
