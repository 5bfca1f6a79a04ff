import ForeverRelay
import ForeverTestKit
import Foundation
import Testing

@Suite struct RelayKeyringFileTests {
    private let folder: TemporaryFolder
    private var file: RelayKeyringFile { RelayKeyringFile(path: folder("relays.json")) }

    init() throws { folder = try TemporaryFolder() }

    private func invite(_ keyring: inout RelayKeyring, _ name: String) -> RelayInvitation {
        var random = SeededGenerator(UInt64(name.hashValue.magnitude))
        return keyring.invite(
            name: name, listenerLimit: 7, expiresAtMilliseconds: 1_000, wallMilliseconds: 0, using: &random)!
    }

    private func mode(_ path: String) -> Int? {
        (try? FileManager.default.attributesOfItem(atPath: path))?[.posixPermissions] as? Int
    }

    @Test func whatIsWrittenIsReadAgain() throws {
        #expect(try file.load() == RelayKeyring(), "no file is no relay")
        var written = RelayKeyring()
        try file.change { keyring in
            let invitation = invite(&keyring, "attic")
            var random = SeededGenerator(5)
            let request = RelayJoin.Request(
                code: invitation.code, nonce: RelayProof.Nonce(using: &random), digest: TestWorld.digest)
            _ = try? keyring.redeem(request, wallMilliseconds: 1, using: &random, digest: TestWorld.digest)
            _ = invite(&keyring, "cellar")
            keyring.distrust(
                "0123456789abcdef0123456789abcdef", at: "http://r:1", because: "one byte", wallMilliseconds: 3)
            written = keyring
        }
        #expect(written.members.count == 2 && written.invitations.count == 2)
        #expect(try file.load() == written)
        #expect(mode(file.path) == 0o600 && mode(file.path + ".lock") == 0o600)
    }

    @Test func twoThatChangeAtOnceLoseNothing() async throws {
        let file = self.file
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 0..<2 {
                group.addTask {
                    for number in 0..<20 { try file.change { _ = invite(&$0, "\(writer) \(number)") } }
                }
            }
            try await group.waitForAll()
        }
        #expect(Set(try file.load().invitations.map(\.name)).count == 40)
    }

    @Test(arguments: ["", "{", "[]", "{\"version\":1,\"invitations\":[],\"relays\":[{\"id\":\"x\"}]}"])
    func theCommandLineLeavesADamagedFileAlone(text: String) throws {
        _ = try folder.write(text.utf8, to: "relays.json")
        #expect(throws: RelayKeyringFile.Failure.self) { try file.change { _ = invite(&$0, "attic") } }
        #expect(try String(contentsOfFile: file.path, encoding: .utf8) == text)
    }

    @Test func aStationThatStartsSetsADamagedFileAsideAndSaysSo() throws {
        _ = try folder.write("{".utf8, to: "relays.json")
        var said: [String] = []
        let keys = RelayKeys(digest: TestWorld.digest, file: file) { said.append($0) }
        #expect(keys.keyring == RelayKeyring())
        #expect(said.count == 2 && said[0].contains("damaged") && said[1].contains("relays.json.damaged-1"))
        #expect(try String(contentsOfFile: folder("relays.json.damaged-1"), encoding: .utf8) == "{")
        #expect(throws: Never.self) { try file.change { _ = invite(&$0, "attic") } }
    }

    @Test func aRunningStationKeepsWhatItKnowsWhileTheFileIsDamaged() throws {
        try file.change { _ = invite(&$0, "attic") }
        var said: [String] = []
        let keys = RelayKeys(digest: TestWorld.digest, file: file) { said.append($0) }
        let known = keys.keyring
        _ = try folder.write("no list".utf8, to: "relays.json")
        keys.refresh()
        keys.refresh()
        #expect(keys.keyring == known && said.count == 1, "said once: \(said)")
    }

    @Test func aFileOfALaterVersionIsNotTouched() throws {
        let text = "{\"version\":99,\"relays\":{}}"
        _ = try folder.write(text.utf8, to: "relays.json")
        #expect(throws: RelayKeyringFile.Failure.newer(file.path)) { try file.load() }
        #expect(throws: RelayKeyringFile.Failure.newer(file.path)) {
            try file.change(orElse: RelayKeyring()) { _ = invite(&$0, "attic") }
        }
        #expect(try String(contentsOfFile: file.path, encoding: .utf8) == text)
    }

    @Test func whoHoldsTheLockIsNotWaitedForForEver() throws {
        let fd = open(file.path + ".lock", O_RDWR | O_CREAT, 0o600)
        #expect(flock(fd, LOCK_EX) == 0)
        #expect(throws: RelayKeyringFile.Failure.busy(file.path)) {
            try file.change(lockTriesMax: 2) { _ = invite(&$0, "attic") }
        }
        close(fd)
        #expect(throws: Never.self) { try file.change { _ = invite(&$0, "attic") } }
    }

    @Test func aStationWithoutATokenMakesOneOnce() throws {
        let path = folder("relay-token")
        let first = try RelayToken.own(path) { [UInt8](repeating: 0xAB, count: $0) }
        let second = try RelayToken.own(path) { [UInt8](repeating: 0xCD, count: $0) }
        #expect(first.isNew && !second.isNew && first.token == second.token)
        #expect(first.token == Array(String(repeating: "ab", count: 32).utf8))
        #expect(mode(path) == 0o600)
    }
}
