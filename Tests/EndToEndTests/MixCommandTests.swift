import Foundation
import ForeverTestKit
import Testing

/// `forever-server mix`: the same music from the same seed, and a plan of it.
@Suite(.serialized) struct MixCommandTests {
    @Test func oneSeedGivesTheSameBytesAndAnotherGivesOthers() throws {
        let data = try TemporaryFolder()
        let first = try mix(data, name: "first.wav", seed: 7)
        let again = try mix(data, name: "again.wav", seed: 7)
        let other = try mix(data, name: "other.wav", seed: 8)
        #expect(first.count > 48000 * 8 * 50, "a minute of Float32 stereo")
        #expect(first == again)
        #expect(first != other)
        #expect(first.prefix(4).elementsEqual("RIFF".utf8))
    }

    @Test func thePlanNamesTracksAndTransitions() throws {
        let data = try TemporaryFolder()
        _ = try mix(
            data, name: "out.mp3", minutes: 7, seed: 3, more: ["--plan", data("plan.json"), "--plot", data("plots")])
        let bytes = try Data(contentsOf: URL(fileURLWithPath: data("plan.json")))
        let plan = try #require(try JSONSerialization.jsonObject(with: bytes) as? [String: Any])
        let tracks = try #require(plan["tracks"] as? [[String: Any]])
        let transitions = try #require(plan["transitions"] as? [[String: Any]])
        #expect(tracks.count >= 2)
        for track in tracks {
            #expect(track["path"] is String)
            #expect(track["beats"] is [Double] && track["downbeats"] is [Double])
            let map = try #require(track["map"] as? [[Double]])
            #expect(map.count >= 2 && map.allSatisfy { $0.count == 2 })
            #expect(zip(map, map.dropFirst()).allSatisfy { $0[0] < $1[0] && $0[1] < $1[1] }, "the map ascends")
        }
        #expect(transitions.count == tracks.count - 1)
        for transition in transitions {
            let start = try #require(transition["start"] as? Double)
            let end = try #require(transition["end"] as? Double)
            #expect(start < end)
            #expect(transition["out"] is Int && transition["in"] is Int && transition["kind"] is String)
        }
        let drawings = try FileManager.default.contentsOfDirectory(atPath: data("plots"))
        #expect(drawings.count == transitions.count)
        for name in drawings {
            let svg = try String(contentsOfFile: data("plots/" + name), encoding: .utf8)
            #expect(svg.hasSuffix("</svg>\n") && svg.contains("measured: "))
        }
    }

    /// Analyses run on all cores at once, and the mix does not know how many there are.
    @Test func oneCoreGivesTheSameBytesAsAll() throws {
        let folder = try TemporaryFolder()
        let taskset = ["/usr/bin/taskset", "/bin/taskset"].first { FileManager.default.isExecutableFile(atPath: $0) }
        guard let taskset, ProcessInfo.processInfo.activeProcessorCount > 1 else { return }
        func bytes(_ name: String, _ program: String, _ before: [String]) throws -> [UInt8] {
            let mix = ["mix", "-o", folder(name), "--minutes", "2", "--seed", "5", "--data", folder("d-" + name)]
            let done = try FinishedProgram(program, before + mix, seconds: 300)
            #expect(done.status == 0, "\(done.errorText)")
            return [UInt8](try Data(contentsOf: URL(fileURLWithPath: folder(name))))
        }
        let all = try bytes("all.wav", Programs.server, [])
        let one = try bytes("one.wav", taskset, ["-c", firstProcessor(), Programs.server])
        #expect(all.count > 48_000 * 8 * 100)
        #expect(all == one)
    }

    /// The lowest number of a processor that this process may run on.
    private func firstProcessor() throws -> String {
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("Cpus_allowed_list:") })
        return String(line.drop { !$0.isNumber }.prefix { $0.isNumber })
    }

    private func mix(
        _ data: TemporaryFolder, name: String, minutes: Int = 1, seed: Int, more: [String] = []
    ) throws -> [UInt8] {
        let arguments = ["mix", "-o", data(name), "--minutes", "\(minutes)", "--seed", "\(seed)", "--data", data("d")]
        let done = try FinishedProgram(Programs.server, arguments + more, seconds: 120)
        #expect(done.status == 0, "\(done.errorText)")
        #expect(done.errorText == "", "a pipe gets no progress: \(done.errorText)")
        return [UInt8](try Data(contentsOf: URL(fileURLWithPath: data(name))))
    }
}
