import Foundation

/// The benchmark as a program.
enum Program {
    /// The exit status: 0 when all was measured, whatever came out; 1 when something could not; 2 for wrong arguments.
    static func run(_ words: [String]) -> Int32 {
        let options: Options
        do throws(BenchError) {
            options = try Options(words)
        } catch {
            say("\(error)")
            return 2
        }
        if options.wantsHelp {
            print(Options.help)
            return 0
        }
        do throws(BenchError) {
            let place = try Workplace()
            defer { place.clear() }
            stopOnSignals(place)
            try measure(options, place)
            return 0
        } catch {
            say("\(error)")
            return 1
        }
    }

    private static func measure(_ options: Options, _ place: Workplace) throws(BenchError) {
        var table = Table()
        if options.parts != [.mission] {
            _ = try place.runningStation()
            // At first it mixes its lead and looks at its crate: nobody's measuring time.
            sleep(settleSeconds)
        }
        let shared = options.parts.intersection(Part.ofOneRun)
        if !shared.isEmpty {
            try CostPart(parts: shared, place: place, say: say).run(rounds: options.rounds, into: &table)
        }
        if options.parts.contains(.connect) {
            try ConnectPart(place: place, say: say).run(rounds: options.rounds, into: &table)
        }
        if options.parts.contains(.tls) {
            try TLSPart(place: place, say: say).run(rounds: options.rounds, into: &table)
        }
        if options.parts.contains(.arrivals) {
            try ArrivalsPart(place: place, say: say).run(rounds: options.rounds, into: &table)
        }
        if options.parts.contains(.tenThousand) {
            try TenThousandPart(place: place, say: say).run(into: &table)
        }
        if options.parts.contains(.churn) {
            try ChurnPart(seconds: options.longSeconds, place: place, say: say).run(into: &table)
        }
        if options.parts.contains(.mission) {
            // Alone: no second station mixes beside it.
            place.stopStation()
            try MissionPart(seconds: options.longSeconds, place: place, say: say).run(into: &table)
        }
        let facts = Machine.facts
        print("\n" + facts.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }.joined(separator: ", ") + "\n")
        print(table.markdown)
        if !table.spoilt.isEmpty {
            print(
                "\nIn \(table.spoilt.count) of \(table.runs.count) runs other work kept the server waiting: repeat them."
            )
        }
        guard let file = options.json else { return }
        if file == "-" { return print(table.json(facts)) }
        do {
            try table.json(facts).write(toFile: file, atomically: true, encoding: .utf8)
        } catch {
            throw BenchError("cannot write \(file): \(error)")
        }
    }

    private static let settleSeconds: UInt32 = 10

    private static func say(_ text: String) { FileHandle.standardError.write(Data("forever-bench: \(text)\n".utf8)) }

    nonisolated(unsafe) private static var signals: [any DispatchSourceSignal] = []

    /// An interrupted run leaves no files; its children end by themselves when the driver does.
    private static func stopOnSignals(_ place: Workplace) {
        let folder = place.folder
        for number in [SIGINT, SIGTERM] {
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                try? FileManager.default.removeItem(atPath: folder)
                exit(128 + number)
            }
            source.activate()
            signals.append(source)
        }
    }
}
