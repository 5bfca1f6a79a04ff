import ForeverMix
import Foundation

/// `bench-mix`: what stretching and mixing cost, one stretch for tools that compare, and mixes beside each other.
enum Program {
    static func run(_ arguments: [String]) -> Int32 {
        do {
            switch arguments.first {
            case "speed": try Speed.measure()
            case "outlook":
                try OutlookAgreement.measure(crateSeed: arguments.dropFirst().first.flatMap { UInt64($0) } ?? 7)
            case "stretch" where arguments.count == 4:
                try StretchFile(source: arguments[1], map: arguments[3]).write(to: arguments[2])
            case "tracks" where arguments.count == 4:
                try DemoFiles.write(
                    to: arguments[1], count: Int(arguments[2]) ?? 8, seed: UInt64(arguments[3]) ?? 1)
            case "cost" where arguments.count >= 3:
                return try ProgramCost(
                    output: arguments[1], program: arguments[2], arguments: Array(arguments.dropFirst(3))
                ).measure()
            case "compare":
                guard let compare = Compare(Array(arguments.dropFirst())) else { return usage() }
                try compare.run()
            default: return usage()
            }
            return 0
        } catch {
            print("bench-mix: \(error)")
            return 1
        }
    }

    private static func usage() -> Int32 {
        print(
            """
            bench-mix speed
            bench-mix outlook [SEED]
            bench-mix stretch IN.f32 OUT.f32 MAP
            bench-mix tracks FOLDER COUNT SEED
            bench-mix cost OUT PROGRAM ARGUMENT...
            bench-mix compare NAME=MIX=PLAN [NAME=MIX]...
            """)
        return 2
    }
}
