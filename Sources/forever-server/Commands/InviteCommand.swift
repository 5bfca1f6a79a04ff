import ForeverHTTP
import ForeverRelay
import ForeverTLS
import Foundation

/// `forever-server invite`: one line that makes a relay of somebody's server.
struct InviteCommand {
    private let options: OptionValues
    private let files: DataFiles
    private let root: String
    private let isGuessed: Bool
    /// plain http to an address that may be on the open net
    private let isExposed: Bool

    init(_ options: OptionValues) throws(OptionError) {
        self.options = options
        files = DataFiles(options)
        if let name = options.text("name") { try RelaysCommand.check(name: name) }
        isGuessed = options.text("root-url") == nil
        let text = options.text("root-url") ?? "http://\(ProcessInfo.processInfo.hostName):8192"
        guard let address = HTTPAddress(text), address.target == "/" else {
            throw OptionError("--root-url must be an address without a path, not \"\(text)\"")
        }
        root = "\(address.scheme)://\(address.authority)"
        isExposed = address.scheme == "http" && !(IPAddress(address.host).map { PlainPath.isSafe($0) } ?? false)
    }

    func run() -> Int32 {
        guard DataFolder.make(files.folder) else {
            Program.say("forever-server invite: cannot write into the folder \(files.folder)")
            return 1
        }
        let now = Int64(Date().timeIntervalSince1970 * 1_000)
        let expires = now + Int64((options.number("expires") ?? 72) * 3_600_000)
        var random = SecureRandom()
        let invitation: RelayInvitation?
        do {
            invitation = try RelayKeyringFile(path: files.relays).change { keyring in
                keyring.invite(
                    name: options.text("name"), listenerLimit: options.integer("listener-limit"),
                    expiresAtMilliseconds: expires, wallMilliseconds: now, using: &random)
            }
        } catch {
            Program.say("forever-server invite: \(error)")
            return 1
        }
        guard let invitation else {
            Program.say("forever-server invite: \(RelayKeyring.invitationsMax) invitations are out already")
            return 1
        }
        let limit = invitation.listenerLimit.map { " --listener-limit \($0)" } ?? ""
        Terminal.line("forever-relay --root \(root) --invite \(invitation.code.text)\(limit)")
        Program.say("good for one relay, until \(RelaysCommand.date(expires)); whoever has this line can use it")
        if isGuessed { Program.say("\(root) is a guess: --root-url says how relays reach this station") }
        if isExposed {
            Program.say(
                "\(root) is plain http, which relays speak on this machine and in private networks only: elsewhere use https, "
                    + "or --insecure at both ends")
        }
        return 0
    }
}
