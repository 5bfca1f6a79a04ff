import ForeverRelay
import Glibc

/// `forever-server`: reads the arguments and starts the command they name.
enum Program {
    /// The process's exit status: 0 done, 1 the work failed, 2 the arguments are wrong.
    static func run(arguments: [String]) -> Int32 {
        // Whoever reads our words may go away; the music goes on.
        signal(SIGPIPE, SIG_IGN)
        do throws(OptionError) {
            let outcome = try ServerOptions.all.parse(
                arguments, environment: DataFolder.environment(), readFile: { DataFolder.contents(of: $0) })
            switch outcome {
            case .print(let text):
                Terminal.line(text)
                return 0
            case .run(let options):
                return try start(options)
            }
        } catch {
            say("forever-server: \(error)")
            return OptionError.exitStatus
        }
    }

    private static func start(_ options: OptionValues) throws(OptionError) -> Int32 {
        switch options.command {
        case "analyze": return try AnalyzeCommand(options).run()
        case "mix": return try MixCommand(options).run()
        case "order": return try OrderCommand(options).run()
        case "invite": return try InviteCommand(options).run()
        case "relays": return try RelaysCommand(options).run()
        case "backup", "restore": return try BackupCommand(options).run()
        default: return try ServeCommand(options).run()
        }
    }

    /// What is said of a track or file that cannot be played; its name once, also where the error names it.
    static func passedOver(_ name: String, _ error: any Error) -> String {
        let words = "\(error)"
        return words.hasPrefix(name) ? "passed over: \(words)" : "passed over: \(name): \(words)"
    }

    /// What is said of a file of corrections that cannot be read: what held before holds on.
    static func notUsed(_ path: String, _ error: any Error) -> String { "not used: \(path): \(error)" }

    /// A line for the person or the log behind standard error.
    static func say(_ line: String) {
        Terminal.toError(line + "\n")
    }
}
