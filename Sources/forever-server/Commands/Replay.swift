import ForeverCatalogue
import ForeverCodec
import ForeverCore
import ForeverMix
import ForeverRelay
import Foundation

/// An hour that was played, rendered again from the journal.
struct Replay {
    private let catalogue: Catalogue
    private let from: Int64
    private let frameCount: Int64
    private let format: StreamFormat
    private let stretch: JournalStretch

    /// Decisions looked at beyond the end: one of them may have taken the place of one before it. A wish can be changed for
    /// another again and again, but hardly this often before it is heard.
    private static let decisionsAfter = 16

    /// **Errors:** an epoch that the folder's journal does not know, or a position that nothing was decided for.
    init(folder: String, epoch: Epoch, position: StreamPosition, seconds: Double) throws {
        catalogue = try Catalogue(path: DataFiles(folder: folder).catalogue)
        guard let record = try catalogue.epoch(epoch.description),
            let format = StreamFormat(bitrateKbps: record.bitrateKbps)
        else { throw ReplayError.unknownEpoch(epoch) }
        guard !StationMemory.isFromCloud(record) else { throw ReplayError.soundCloud }
        self.format = format
        from = max(0, format.sample(at: position))
        frameCount = AudioFormat.frames(seconds)
        let decoder = JSONDecoder()
        let records = try catalogue.decisions(
            epoch: epoch.description, covering: position..<(position + format.bytes(seconds: seconds)), before: 2,
            after: Replay.decisionsAfter
        ).map { try decoder.decode(JournalRecord.self, from: $0.json) }
        stretch = JournalStretch(records, until: from + frameCount)
        let reaches = stretch.records.contains { record in record.timeline.entries.contains { $0.endFrame > from } }
        guard reaches else { throw ReplayError.nothingDecided(position) }
        if let other = stretch.records.first(where: {
            $0.timeline.settings.soundVersion != MixSettings.currentSoundVersion
        }) {
            throw ReplayError.otherSound(other.timeline.settings.soundVersion)
        }
    }

    /// Renders decision after decision, as it was played.
    func write(to output: String, progress: ProgressLine) throws {
        let opener = SoundOpener(crate: DemoCrate(seed: DemoShelf.crateSeed))
        let cast = stretch.records.reduce(into: [String: CastMember]()) { $0.merge($1.cast) { _, new in new } }
        let settings = stretch.records[0].timeline.settings
        let renderer = MixRenderer(settings: settings) { [catalogue] id in
            guard let track = cast[id]?.track else { throw UnknownTrack(id: id) }
            return try opener.open(try Replay.whereItIsNow(track, catalogue))
        }
        let failures = FailureList()
        renderer.onSourceFailure = { (failure: SourceFailure) in
            failures.lines.append("\(failure.trackID): \(failure.error)")
        }
        let writer = try AudioFileWriter(path: output, bitrateKbps: format.bitrateKbps)
        try OfflineRender(renderer: renderer, timeline: stretch.timeline(upTo:), from: from, frameCount: frameCount)
            .run(into: writer, progress: progress)
        for line in failures.lines { Program.say("silent: \(line)") }
    }

    /// A file may have moved since: its content says where it is now.
    private static func whereItIsNow(_ track: Track, _ catalogue: Catalogue) throws -> Track {
        guard case .file(let path) = track.origin, !FileManager.default.fileExists(atPath: path) else { return track }
        let copies = try catalogue.files(withContent: track.id)
        guard let copy = copies.first(where: { FileManager.default.fileExists(atPath: $0.path) }) else { return track }
        var moved = track
        moved.origin = .file(path: copy.path)
        return moved
    }

    private final class FailureList {
        var lines: [String] = []
    }
}

/// Why an hour cannot be rendered again.
enum ReplayError: Error, CustomStringConvertible {
    case unknownEpoch(Epoch)
    case nothingDecided(StreamPosition)
    /// An earlier build, or a later one, made other samples of the same decisions.
    case otherSound(Int)
    case soundCloud

    var description: String {
        switch self {
        case .unknownEpoch(let epoch): "the journal knows no epoch \(epoch)"
        case .soundCloud: "that was played from SoundCloud, which is heard live or not at all: nothing of it is kept"
        case .nothingDecided(let position): "the journal says nothing about position \(position)"
        case .otherSound(let version):
            "that hour was mixed by another build, whose sound has version \(version); "
                + "this one's is \(MixSettings.currentSoundVersion) and would not give the same samples"
        }
    }
}
