/// The parsers of what a network sends, each with the promises that hold for every input.
package enum FuzzTarget: String, CaseIterable, Sendable {
    case request, response, chunked, icy, mp3, json, events, proof

    /// Holds the parser to its promises with one input; bytes 0 and 1 choose, the rest is read.
    package func check(_ bytes: UnsafeRawBufferPointer) throws(BrokenPromise) {
        guard let input = FuzzInput(bytes) else { return }
        try check(input)
    }

    package func check(_ input: FuzzInput) throws(BrokenPromise) {
        try Canary.planted?.sing(self, input)
        switch self {
        case .request: try RequestPromises.check(input)
        case .response: try ResponsePromises.check(input)
        case .chunked: try ChunkedPromises.check(input)
        case .icy: try ICYPromises.check(input)
        case .mp3: try MP3Promises.check(input)
        case .json: try JSONPromises.check(input)
        case .events: try EventPromises.check(input)
        case .proof: try ProofPromises.check(input)
        }
    }
}
