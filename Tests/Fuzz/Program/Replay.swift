#if !FUZZ
    import ForeverFuzz
    import Glibc

    /// Without libFuzzer: runs the inputs named, `forever-fuzz TARGET FILE...`. Exit status 1 when a promise is broken.
    @main struct Replay {
        static func main() {
            let arguments = CommandLine.arguments
            guard arguments.count > 2, let target = FuzzTarget(rawValue: arguments[1]) else {
                let names = FuzzTarget.allCases.map(\.rawValue).joined(separator: "|")
                print("usage: forever-fuzz \(names) FILE...")
                exit(2)
            }
            var isBroken = false
            for path in arguments[2...] {
                guard let bytes = read(path) else {
                    print("\(path): cannot be read")
                    exit(2)
                }
                do throws(BrokenPromise) {
                    try bytes.withUnsafeBufferPointer { buffer throws(BrokenPromise) in
                        try target.check(UnsafeRawBufferPointer(buffer))
                    }
                } catch {
                    print("\(path): \(error)")
                    isBroken = true
                }
            }
            exit(isBroken ? 1 : 0)
        }

        private static func read(_ path: String) -> [UInt8]? {
            guard let file = fopen(path, "r") else { return nil }
            defer { fclose(file) }
            var bytes: [UInt8] = []
            while true {
                let byte = getc(file)
                if byte == EOF { return bytes }
                bytes.append(UInt8(truncatingIfNeeded: byte))
            }
        }
    }
#endif
