/// Which target may import which other, as drawn in Docs/Architecture.md.
enum Arrows {
    /// Folder of each target, the inner ones of nested targets first.
    static let folders: [(path: String, target: String)] = [
        ("Sources/ForeverCore/Catalogue/", "ForeverCatalogue"),
        ("Sources/ForeverCore/", "ForeverCore"),
        ("Sources/ForeverMix/Codec/", "ForeverCodec"),
        ("Sources/ForeverMix/", "ForeverMix"),
        ("Sources/ForeverHTTP/TLS/", "ForeverTLS"),
        ("Sources/ForeverHTTP/", "ForeverHTTP"),
        ("Sources/ForeverRelay/", "ForeverRelay"),
        ("Sources/forever-server/", "forever-server"),
        ("Sources/forever-relay/", "forever-relay"),
    ]

    /// What a target may import of ours and of the C shims; the system's own modules are everybody's.
    static let allowed: [String: Set<String>] = [
        "ForeverCore": [],
        "ForeverCatalogue": ["ForeverCore", "CSQLite"],
        "ForeverMix": [],
        "ForeverCodec": ["ForeverMix", "CFFmpeg"],
        "ForeverHTTP": ["CLinux"],
        "ForeverTLS": ["ForeverHTTP", "COpenSSL"],
        "ForeverRelay": ["ForeverHTTP"],
        "forever-server": [
            "ForeverCore", "ForeverCatalogue", "ForeverMix", "ForeverCodec", "ForeverHTTP", "ForeverTLS",
            "ForeverRelay",
        ],
        "forever-relay": ["ForeverHTTP", "ForeverRelay", "ForeverTLS"],
    ]

    /// Targets that must stay small in memory and may import no more of Foundation than FoundationEssentials.
    static let withoutFoundation: Set = ["ForeverHTTP", "ForeverTLS", "ForeverRelay", "forever-relay"]

    static let foundationModules: Set = [
        "Foundation", "FoundationNetworking", "FoundationXML", "FoundationInternationalization", "Dispatch",
    ]

    static func target(ofFile path: String) -> String? {
        folders.first { path.hasPrefix($0.path) }?.target
    }

    /// The module that an `import` line names, or nil when `line` is none.
    static func importedModule(_ line: String) -> String? {
        var words = line.split(separator: " ", omittingEmptySubsequences: true)
        let modifiers: Set = ["public", "package", "internal", "private", "fileprivate"]
        while let word = words.first, word.hasPrefix("@") || modifiers.contains(String(word)) { words.removeFirst() }
        guard words.first == "import", words.count >= 2 else { return nil }
        let kinds: Set = ["struct", "class", "enum", "protocol", "func", "var", "let", "typealias"]
        let name = kinds.contains(String(words[1])) && words.count > 2 ? words[2] : words[1]
        return name.split(whereSeparator: { ".;".contains($0) }).first.map(String.init)
    }

    /// What is wrong when `target` imports `module`; nil when nothing is.
    static func objection(target: String, module: String) -> String? {
        let ours = module.hasPrefix("Forever") || ["CFFmpeg", "CSQLite", "COpenSSL", "CLinux"].contains(module)
        if ours && !allowed[target, default: []].contains(module) {
            return "\(target) imports \(module): Docs/Architecture.md draws no such arrow"
        }
        if foundationModules.contains(module) && withoutFoundation.contains(target) {
            return "\(target) imports \(module): a relay must stay small, use Glibc or FoundationEssentials"
        }
        return nil
    }
}
