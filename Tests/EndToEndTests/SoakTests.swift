import ForeverTestKit
import Foundation
import Testing

/// `forever-soak` for a short while: a network of real servers under faults, and whether it would see it break.
@Suite(.serialized) struct SoakTests {
    private static let program = Programs.beside("forever-soak")

    private func soak(_ arguments: [String], seconds: Double) throws -> FinishedProgram {
        try FinishedProgram(Self.program, arguments, seconds: seconds)
    }

    @Test func nothingBreaksInASeededMinute() throws {
        let place = try TemporaryFolder()
        let file = place("soak.pem")
        let made = try FinishedProgram(
            Programs.neededTool("openssl"),
            ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
                + ["-keyout", file, "-out", file, "-subj", "/CN=soak", "-addext", "subjectAltName=IP:127.0.0.1"])
        #expect(made.status == 0, "\(made.errorText)")
        let minute = try soak(
            ["--seconds", "70", "--listeners", "60", "--relays", "3", "--lead", "12", "--seed", "10"]
                + ["--certificate", file], seconds: 240)
        #expect(minute.status == 0, "\(minute.outputText)\n\(minute.errorText)")
    }

    @Test func aRootKilledAtAnyMomentGoesOnUnheard() throws {
        let music = try TemporaryFolder()
        var arguments = ["--restarts", "3", "--listeners", "16", "--relays", "1", "--lead", "12", "--seed", "3"]
        if let ffmpeg = Programs.tool("ffmpeg") {
            // Short files: a seek into one, and a transition, is never far.
            for (number, hertz) in [220, 262, 330].enumerated() {
                let sound = "0.4*sin(2*PI*\(hertz)*t)*exp(-8*mod(t,0.5))+0.2*sin(2*PI*55*t)*exp(-20*mod(t,0.5))"
                let input = ["-f", "lavfi", "-i", "aevalsrc='\(sound)|\(sound)':s=44100:d=\(30 + 3 * number)"]
                _ = try FinishedProgram(ffmpeg, ["-v", "error", "-nostdin"] + input + [music("\(hertz).mp3")])
            }
            arguments += ["--library", music.path]
        }
        let restarts = try soak(arguments, seconds: 240)
        #expect(restarts.status == 0, "\(restarts.outputText)\n\(restarts.errorText)")
    }

    @Test func whatIsPlantedIsFound() throws {
        let canaries = ["byte": "wrong byte", "skip": "wrong byte", "cut": "ended by itself", "silence": "was silent"]
        let soaks = try canaries.map { canary, finding in
            let arguments = ["--seconds", "40", "--listeners", "8", "--relays", "1", "--seed", "1", "--lead", "12"]
            return (finding, try RunningProgram(Self.program, arguments + ["--canary", canary]))
        }
        for (finding, soak) in soaks {
            #expect(try soak.status(withinSeconds: 120) == 1)
            #expect(soak.outputText.contains(finding), "\(finding): \(soak.outputText)")
        }
    }
}
