import ForeverHTTP
import Glibc

/// The soak as a program.
enum Program {
    /// The exit status: 0 when nothing broke, 1 when something did, 2 for wrong arguments.
    static func run(_ words: [String]) -> Int32 {
        let options: SoakOptions
        do throws(SoakError) {
            options = try SoakOptions(words)
        } catch {
            say("\(error)")
            return 2
        }
        if options.wantsHelp {
            print(SoakOptions.help)
            return 0
        }
        signal(SIGPIPE, SIG_IGN)
        DescriptorLimit.raise()
        // Whatever happens, it ends; and its servers with it.
        alarm(UInt32(options.restarts.map { Double($0) * 40 } ?? options.seconds) + 240)
        var generator = SystemRandomNumberGenerator()
        let seed = options.seed ?? UInt64.random(in: 1...999_999, using: &generator)
        if options.wantsPlan {
            for fault in NetworkSoak.plan(options, seed: seed).faults {
                print("\(Report.text(fault.atSeconds)) s: \(fault)")
            }
            return 0
        }
        do throws(SoakError) {
            let place = try Workplace(folder: options.folder)
            let hasBroken = try soak(options, seed: seed, place)
            place.clear(hasBroken: hasBroken)
            if hasBroken { say("what the servers said is in \(place.folder)") }
            return hasBroken ? 1 : 0
        } catch {
            say("seed \(seed): \(error)")
            return 1
        }
    }

    private static func soak(_ options: SoakOptions, seed: UInt64, _ place: Workplace) throws(SoakError) -> Bool {
        let loop: EventLoop
        do throws(SystemError) { loop = try EventLoop() } catch { throw SoakError("\(error)") }
        let soak = try Soak(options, seed: seed, loop: loop, place: place, say: say)
        say("seed \(seed), files in \(place.folder)")
        if let restarts = options.restarts {
            try RestartSoak(soak: soak, place: place).run(restarts)
        } else {
            try NetworkSoak(soak: soak).run()
        }
        soak.stop()
        return !soak.findings.isEmpty
    }

    private static func say(_ text: String) {
        let line = Array("forever-soak: \(text)\n".utf8)
        _ = write(STDERR_FILENO, line, line.count)
    }
}
