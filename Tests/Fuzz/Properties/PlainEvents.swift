/// The HTML standard's event stream, read line by line from a whole text: written apart from `EventStreamReader`.
enum PlainEvents {
    struct Message: Hashable {
        var event: String
        var data: [UInt8]
    }

    static func read(_ text: [UInt8]) -> [Message] {
        var bytes = text[...]
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes = bytes.dropFirst(3) }
        var messages: [Message] = []
        var event = ""
        var data: [UInt8] = []
        while let end = bytes.firstIndex(where: { $0 == 10 || $0 == 13 }) {
            let line = bytes[..<end]
            let pair = bytes[end] == 13 && end + 1 < bytes.endIndex && bytes[end + 1] == 10
            bytes = bytes[(end + (pair ? 2 : 1))...]
            if line.isEmpty {
                if !data.isEmpty {
                    let name = event.isEmpty ? "message" : event
                    messages.append(Message(event: name, data: Array(data.dropLast())))
                }
                event = ""
                data = []
                continue
            }
            let name = line.prefix { $0 != UInt8(ascii: ":") }
            var value = line[name.endIndex...].dropFirst()
            if value.first == 32 { value = value.dropFirst() }
            if name.elementsEqual("event".utf8) { event = String(decoding: value, as: UTF8.self) }
            if name.elementsEqual("data".utf8) { data += value + [10] }
        }
        return messages
    }
}
