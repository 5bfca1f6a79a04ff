import ForeverHTTP

/// The sources that a relay knew last, in its folder: a relay that is started while the root is away asks the others.
///
/// Tickets lie there as they travelled, masked, so there is no secret in the file. **Thread:** the loop's. **Cost:** writes
/// a small file when the sources are others than before, else once a minute for their fresh tickets.
final class SourceMemory {
    static let bytesMax = 16_384
    static let renewNanoseconds: Int64 = 60_000_000_000

    private let file: KeptFile
    private var kept: [PullSource] = []
    private var keptNanoseconds: Int64?

    init(folder: String) { file = KeptFile(path: folder + "/sources.json", bytesMax: Self.bytesMax) }

    /// What was kept; nothing when the file is damaged or of no use. `root` is where the root is now.
    func load(root: HTTPAddress) -> [PullSource] {
        var json: JSONValue?
        guard
            case .bytes = file.read(isGood: { bytes in
                json = try? JSONParser.parse(bytes)
                return json?["child"]?.string != nil && json?["sources"]?.array != nil
            }), let json, let child = json["child"]?.string, RelayProof.isID(child)
        else { return [] }
        let sources = json["sources"]?.array ?? []
        return sources.prefix(SourceList.sourcesMax).compactMap { PullSource($0, child: child, root: root) }
    }

    /// Keeps what the root said to the relay with this id.
    func keep(_ sources: [PullSource], child: String, now: Int64) {
        let isSame = sources.count == kept.count && zip(sources, kept).allSatisfy { $0.isSame(as: $1) }
        if isSame, let keptNanoseconds, now - keptNanoseconds < Self.renewNanoseconds { return }
        kept = sources
        keptNanoseconds = now
        let json: JSONValue = ["child": .string(child), "sources": .array(sources.map(\.json))]
        // A disk that is full costs the memory and nothing else.
        try? file.write(json.bytes)
    }
}
