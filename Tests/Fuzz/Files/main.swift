import ForeverCodec
import ForeverMix
import ForeverTestKit
import Foundation

// forever-mutate FOLDER COUNT SEED: breaks the files of a folder a little, COUNT times, and opens and analyses what
// comes out. Ends with 1 where one takes too long or gives what makes no sense; a crash is the sanitizer's to report.

/// CPU time that a broken file of some seconds may take. **Units:** s.
let secondsMax = 60.0

let arguments = CommandLine.arguments
guard arguments.count == 4, let count = Int(arguments[2]), let seed = UInt64(arguments[3]) else {
    print("forever-mutate FOLDER COUNT SEED")
    exit(2)
}
let folder = URL(fileURLWithPath: arguments[1])
let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted().filter { !$0.hasPrefix(".") }
let files = try names.map { [UInt8](try Data(contentsOf: folder.appendingPathComponent($0))) }
let scratch = folder.appendingPathComponent(".broken")
var mutation = FileMutation(seed: seed)
var (analysed, refused) = (0, 0)
for round in 0..<count {
    let which = round % files.count
    let bytes = mutation.next(files[which])
    // The name is kept from round to round, so that what broke the program is still there.
    try Data(bytes).write(to: scratch)
    let began = clock()
    do {
        let file = try AudioFile(path: scratch.path)
        _ = try? FFmpegTagReader().tags(atPath: scratch.path)
        _ = try? FFmpegTagReader().cover(atPath: scratch.path)
        let analysis = try TrackAnalyzer().analyze(file)
        guard analysis.loudness.isFinite, analysis.beats.allSatisfy({ $0 >= 0 && $0 <= analysis.duration }) else {
            print("round \(round), \(names[which]): a result that makes no sense; the file is \(scratch.path)")
            exit(1)
        }
        analysed += 1
    } catch is CodecError {
        refused += 1
    }
    let seconds = Double(clock() - began) / Double(CLOCKS_PER_SEC)
    guard seconds < secondsMax else {
        print("round \(round), \(names[which]): \(Int(seconds)) s; the file is \(scratch.path)")
        exit(1)
    }
}
print("\(count) broken files: \(analysed) analysed, \(refused) refused")
