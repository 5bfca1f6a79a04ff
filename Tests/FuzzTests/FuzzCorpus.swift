import Foundation
import ForeverFuzz
import ForeverTestKit

/// The committed inputs of `Tests/Corpus/fuzz`.
enum FuzzCorpus {
    struct Input: Sendable {
        let name: String
        let bytes: [UInt8]
    }

    static func inputs(of target: FuzzTarget) -> [Input] {
        let folder = URL(filePath: Programs.repository).appending(path: "Tests/Corpus/fuzz/\(target.rawValue)")
        let files = (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)) ?? []
        return files.sorted { $0.path < $1.path }.map { file in
            Input(name: file.lastPathComponent, bytes: [UInt8]((try? Data(contentsOf: file)) ?? Data()))
        }
    }
}
