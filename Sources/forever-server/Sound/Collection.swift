import ForeverCodec
import ForeverCore
import ForeverMix

/// Tracks named on a command line: files, folders or the demo crate, found but not analysed.
struct Collection {
    /// A track and what its stored analysis is found by.
    struct Item: Sendable {
        var track: Track
        var contentKey: String
    }

    private(set) var items: [Item] = []
    /// What the sidecar files beside the tracks say, by content.
    private(set) var sidecars: [String: Correction] = [:]
    /// What was passed over, in words.
    private(set) var problems: [String] = []
    private var keys: Set<String> = []

    /// Everything below `libraries`, or the demo crate where none is named.
    init(libraries: [String], orElse crate: DemoCrate, progress: ProgressLine) {
        if libraries.isEmpty {
            self.init(crate: crate)
        } else {
            self.init(libraries: libraries) { progress.show("scanning: \($0) tracks") }
            progress.clear()
        }
    }

    /// The demo crate.
    init(crate: DemoCrate) {
        items = crate.tracks.map { Item(track: DemoShelf.track($0), contentKey: DemoShelf.contentKey($0)) }
    }

    /// Files in the order given, each once.
    init(files: [String]) {
        for path in files { add(path) }
    }

    /// Everything playable below some folders, in the scanner's order; equal files once.
    init(libraries: [String], progress: (Int) -> Void) {
        for finding in LibraryScanner(roots: libraries) {
            switch finding {
            case .file(let file): add(file.path, keepsNever: false)
            case .problem(let problem): problems.append("passed over: \(problem)")
            }
            progress(items.count)
        }
    }

    /// - keepsNever: also a track that is never to be played: whoever names a file wants it
    private mutating func add(_ path: String, keepsNever: Bool = true) {
        let sidecar = Sidecars(besides: path)
        var correction: Correction?
        do throws(CorrectionError) {
            correction = try sidecar?.read()
        } catch {
            problems.append(Program.notUsed(sidecar?.path ?? path, error))
        }
        if correction?.neverPlay == true, !keepsNever { return }
        do {
            let item = try Collection.item(path: path)
            guard keys.insert(item.contentKey).inserted else { return }
            items.append(item)
            sidecars[item.contentKey] = correction
        } catch {
            problems.append(Program.passedOver(path, error))
        }
    }

    /// The track in a file, from its tags and its content. **Errors:** why it cannot be read.
    static func item(path: String) throws -> Item {
        let tags = try FileTagReader().tags(atPath: path)
        let key = try ContentKey(ofFileAtPath: path)
        return Item(track: Track(path: path, tags: tags, contentKey: key), contentKey: key.text)
    }
}
