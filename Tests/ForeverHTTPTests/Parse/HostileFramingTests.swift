import ForeverHTTP
import Testing

/// Peers that keep every rule of the syntax and send framing without end.
@Suite struct HostileFramingTests {
    /// What becomes of a body of chunks of so many bytes with such an extension.
    private func error(chunks: Int, bytes: Int, extension text: String) -> ParseError? {
        let data = String(repeating: "x", count: bytes)
        let chunk = Array("\(String(bytes, radix: 16));\(text)\r\n\(data)\r\n".utf8)
        var decoder = ChunkedDecoder()
        do throws(ParseError) {
            for _ in 0..<chunks {
                try chunk.withUnsafeBufferPointer { buffer throws(ParseError) in
                    _ = try decoder.decode(UnsafeRawBufferPointer(buffer)) { _ in }
                }
            }
            return nil
        } catch {
            return error
        }
    }

    @Test func extensionsAreBoundedByTheBodyTheyComeWith() {
        let text = String(repeating: "a", count: 1_000)
        #expect(error(chunks: 4, bytes: 1, extension: text) == nil)
        #expect(error(chunks: 10_000, bytes: 1, extension: text) == .chunkOverhead)
        #expect(error(chunks: 10_000, bytes: 100, extension: "signature=0123456789") == nil)
    }

    @Test func interimRepliesAreBoundedTogether() {
        var reader = ReplyReader(method: .GET, headBytesMax: 1_000, headerCountMax: 10)
        let interim = Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)
        var taken = 0
        var error: ParseError?
        while error == nil && taken < 10_000 {
            do throws(ParseError) {
                try interim.withUnsafeBufferPointer { buffer throws(ParseError) in
                    try reader.take(UnsafeRawBufferPointer(buffer)) { _ in }
                }
                taken += 1
            } catch let refusal {
                error = refusal
            }
        }
        #expect(taken == 1_000 / interim.count)
    }
}
