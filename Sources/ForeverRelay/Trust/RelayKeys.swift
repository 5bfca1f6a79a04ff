import ForeverHTTP

/// Makes a keyed digest of a message: HMAC-SHA-256, handed in by the program, since this module knows no cryptography.
public typealias KeyedDigest = @Sendable (_ message: [UInt8], _ key: [UInt8]) -> [UInt8]

/// What each relay must sign with, at a running root: the keyring, as its file has it, and the shared token.
///
/// **Thread:** the loop's.
public final class RelayKeys {
    /// How often the file is looked at. **Units:** s.
    public static let lookSeconds: Int64 = 5
    /// The loop waits for the file's lock no longer than this many times 5 ms.
    static let lockTriesMax = 10

    public private(set) var keyring: RelayKeyring
    /// Called when relays may have become unwelcome, or welcome again.
    public var onChange: (() -> Void)?
    private let shared: MessageSigner?
    private let digest: KeyedDigest?
    private let file: RelayKeyringFile?
    private let say: (String) -> Void
    private var stamp: WholeFile.Stamp?
    private var lastComplaint: String?

    /// - shared: signs with the token that all relays may share; nil: there is none
    /// - digest: nil: relays cannot have keys of their own
    /// - file: nil: the keyring is empty and stays in memory
    /// - say: words for the operator
    public init(
        shared: MessageSigner? = nil, digest: KeyedDigest? = nil, file: RelayKeyringFile? = nil,
        say: @escaping (String) -> Void = { _ in }
    ) {
        self.shared = shared
        self.digest = digest
        self.file = file
        self.say = say
        keyring = RelayKeyring()
        guard let file else { return }
        stamp = file.stamp
        do throws(RelayKeyringFile.Failure) {
            keyring = try file.load()
        } catch {
            say("\(error)")
            // The station goes on the air all the same; what was there can be mended by hand.
            guard case .damaged = error, let aside = WholeFile.setAside(file.path) else { return }
            say("it is set aside as \(aside); relays with keys of their own must be invited again, or it mended")
        }
    }

    /// What this relay signs with; nil when it may not come.
    public func signer(for id: String) -> MessageSigner? {
        guard let member = keyring[id] else { return shared }
        guard member.isWelcome else { return nil }
        guard let key = member.key?.bytes else { return shared }
        guard let digest else { return nil }
        return { digest($0, key) }
    }

    /// Whose transfer a relay shares: what the operator says of one with a key of its own, since a stranger could claim to be on
    /// anybody's account and use it up; else what it says itself.
    func account(of id: String, claimed: String?) -> String? {
        guard claimed != nil, let member = keyring[id], member.key != nil else { return claimed }
        return member.account
    }

    /// Takes up what the command line has changed since, if anything.
    public func refresh() {
        guard let file else { return }
        let present = file.stamp
        guard present != stamp else { return }
        do throws(RelayKeyringFile.Failure) {
            take(try file.load())
            stamp = present
            lastComplaint = nil
        } catch {
            // What is known goes on being true until the file can be read.
            complain("\(error): relays stay as they were")
        }
    }

    /// Redeems an invitation. **Errors:** a refusal in words, or that the file could not be written.
    func redeem(
        _ request: RelayJoin.Request, wallMilliseconds: Int64, using generator: inout some RandomNumberGenerator
    ) -> Result<RelayJoin.Reply, JoinRefusal>? {
        guard let digest else { return .failure(.unknown) }
        refresh()
        // Strangers may ask what they like: the file is only touched for who holds an invitation.
        var trial = keyring
        do throws(JoinRefusal) {
            var random = generator
            _ = try trial.redeem(request, wallMilliseconds: wallMilliseconds, using: &random, digest: digest)
        } catch {
            return .failure(error)
        }
        var random = generator
        defer { generator = random }
        return change { keyring in
            do throws(JoinRefusal) {
                return .success(
                    try keyring.redeem(
                        request, wallMilliseconds: wallMilliseconds, using: &random, digest: digest))
            } catch {
                return .failure(error)
            }
        }
    }

    /// Drops a relay until the operator restores it.
    func distrust(_ id: String, at url: String, because reason: String, wallMilliseconds: Int64) {
        let isWritten: Void? = change {
            $0.distrust(id, at: url, because: reason, wallMilliseconds: wallMilliseconds)
        }
        guard isWritten == nil else { return }
        // Also when the disk is full.
        keyring.distrust(id, at: url, because: reason, wallMilliseconds: wallMilliseconds)
        onChange?()
    }

    /// Changes the keyring in its file, or in memory without one; nil when the file cannot be written.
    private func change<Value>(_ body: (inout RelayKeyring) -> Value) -> Value? {
        guard let file else {
            var changed = keyring
            let value = body(&changed)
            take(changed)
            return value
        }
        do throws(RelayKeyringFile.Failure) {
            var after: RelayKeyring?
            let value = try file.change(orElse: keyring, lockTriesMax: Self.lockTriesMax) { keyring in
                let value = body(&keyring)
                after = keyring
                return value
            }
            stamp = file.stamp
            if let after { take(after) }
            return value
        } catch {
            complain("\(error)")
            return nil
        }
    }

    private func take(_ changed: RelayKeyring) {
        guard changed != keyring else { return }
        keyring = changed
        onChange?()
    }

    private func complain(_ words: String) {
        if words != lastComplaint { say(words) }
        lastComplaint = words
    }
}
