import ForeverRelay
import Foundation

/// `forever-server relays`: who may relay, and what becomes of them. A running station takes it up within seconds.
struct RelaysCommand {
    private enum Action {
        case list
        case change(String, done: String, (inout RelayMember) -> Void)
    }

    private let action: Action
    private let file: RelayKeyringFile
    private let asJSON: Bool

    init(_ options: OptionValues) throws(OptionError) {
        file = RelayKeyringFile(path: DataFiles(options).relays)
        asJSON = options.flag("json")
        action = try Self.action(options.arguments)
    }

    private static func action(_ words: [String]) throws(OptionError) -> Action {
        switch (words.first ?? "list", words.count) {
        case ("list", 0...1): return .list
        case ("name", 3):
            let name = words[2]
            try check(name: name)
            return .change(words[1], done: "is called \(name)") { $0.name = name }
        case ("limit", 3):
            if words[2] == "none" {
                return .change(words[1], done: "has no limit but its own") { $0.listenerLimit = nil }
            }
            guard let limit = Int(words[2]), (0...1_000_000).contains(limit) else {
                throw OptionError("limit must be a whole number from 0 to 1000000, or none, not \"\(words[2])\"")
            }
            return .change(words[1], done: "may have \(limit) listeners") { $0.listenerLimit = limit }
        case ("account", 3):
            if words[2] == "none" {
                return .change(words[1], done: "shares its transfer with nobody") { $0.account = nil }
            }
            let name = words[2]
            try check(name: name)
            return .change(words[1], done: "shares the transfer of \(name)") { $0.account = name }
        case ("revoke", 2):
            return .change(words[1], done: "is revoked: it gets no sound and no listeners") { $0.isRevoked = true }
        case ("restore", 2):
            return .change(words[1], done: "may relay again") {
                $0.isRevoked = false
                $0.distrust = nil
            }
        default:
            throw OptionError(
                """
                relays takes: list, name ID NAME, limit ID N|none, account ID NAME|none, revoke ID, restore ID
                Try: forever-server relays --help
                """
            )
        }
    }

    /// **Errors:** a name that would not fit on a line.
    static func check(name: String) throws(OptionError) {
        guard !name.isEmpty, name.utf8.count <= RelayKeyring.nameBytesMax,
            !name.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
        else { throw OptionError("a name has 1 to \(RelayKeyring.nameBytesMax) bytes on one line") }
    }

    func run() -> Int32 {
        do {
            switch action {
            case .list: list(try file.load())
            case .change(let word, let done, let body): return try change(word, done, body)
            }
            return 0
        } catch {
            Program.say("forever-server relays: \(error)")
            return 1
        }
    }

    private func change(_ word: String, _ done: String, _ body: (inout RelayMember) -> Void) throws -> Int32 {
        let found = try file.change { keyring in
            let found = keyring.matching(word)
            if found.count == 1 { keyring.change(found[0].id, body) }
            return found
        }
        guard found.count == 1 else {
            Program.say(
                found.isEmpty
                    ? "forever-server relays: no relay has the id or name \"\(word)\""
                    : "forever-server relays: \(found.count) relays are called \"\(word)\": say which by its id")
            return 1
        }
        Terminal.line("\(found[0].name ?? found[0].id) \(done)")
        return 0
    }

    // MARK: Showing

    private func list(_ keyring: RelayKeyring) {
        let now = Int64(Date().timeIntervalSince1970 * 1_000)
        let open = keyring.openInvitations(wallMilliseconds: now)
        if asJSON {
            let json: JSONValue = [
                "relays": .array(keyring.members.map(Self.json)),
                "invitations": .array(
                    open.map {
                        [
                            "id": .string($0.id), "name": .text($0.name),
                            "listenerLimit": $0.listenerLimit.map { .count($0) } ?? .null,
                            "expiresAtMilliseconds": .integer($0.expiresAtMilliseconds),
                        ]
                    }),
            ]
            return Terminal.line(json.line)
        }
        for member in keyring.members {
            let limit = member.listenerLimit.map { "at most \($0) listeners" } ?? "no limit"
            Terminal.line(
                "\(member.id)  \(member.name ?? "-")  \(limit)  since \(Self.date(member.joinedAtMilliseconds))  \(Self.state(member))"
            )
        }
        for invitation in open {
            Terminal.line(
                "invitation \(invitation.id)  \(invitation.name ?? "-")  until \(Self.date(invitation.expiresAtMilliseconds))"
            )
        }
        if keyring.members.isEmpty, open.isEmpty {
            Terminal.line("no relay has a key of its own; forever-server invite makes one possible")
        }
    }

    private static func state(_ member: RelayMember) -> String {
        if member.isRevoked { return "revoked" }
        return member.distrust.map { "dropped: \($0)" } ?? "welcome"
    }

    private static func json(_ member: RelayMember) -> JSONValue {
        [
            "id": .string(member.id), "name": .text(member.name),
            "listenerLimit": .count(member.listenerLimit), "account": .text(member.account),
            "joinedAtMilliseconds": .integer(member.joinedAtMilliseconds), "revoked": .bool(member.isRevoked),
            "distrust": .text(member.distrust), "hasOwnKey": .bool(member.key != nil),
        ]
    }

    static func date(_ milliseconds: Int64) -> String {
        Date(timeIntervalSince1970: Double(milliseconds) / 1_000).ISO8601Format()
    }
}
