import ForeverRelay
import ForeverTestKit
import Foundation
import Testing
import forever_server

@Suite struct OperatorTokenTests {
    @Test func oneIsMadeForItsUserOnlyAndKept() throws {
        let folder = try TemporaryFolder()
        let files = DataFiles(folder: folder.path)
        var said: [String] = []
        _ = try OperatorToken(nil, files: files) { said.append($0) }
        let attributes = try FileManager.default.attributesOfItem(atPath: files.operatorToken)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        #expect(said.count == 1)
        let text = String(decoding: folder.bytes(of: "operator-token"), as: UTF8.self)
        let again = try OperatorToken(nil, files: files) { said.append($0) }
        #expect(said.count == 1)
        #expect(again.admits("Bearer " + text))
        // A file that is named and not there is made; one with too little in it is refused.
        _ = try OperatorToken(folder("mine"), files: files) { said.append($0) }
        #expect(folder.bytes(of: "mine").count > 60 && folder.bytes(of: "mine") != folder.bytes(of: "operator-token"))
        try folder.write("short".utf8, to: "short")
        #expect(throws: OptionError.self) { try OperatorToken(folder("short"), files: files) { _ in } }
    }

    @Test(arguments: [
        ("Bearer 0123456789abcdef0123", true), ("bearer  0123456789abcdef0123 ", true),
        ("Bearer 0123456789abcdef0124", false), ("Bearer 0123456789abcdef012", false), ("Bearer ", false),
        ("0123456789abcdef0123", false), ("Basic 0123456789abcdef0123", false), (nil, false),
    ])
    func onlyTheTokenItselfIsAdmitted(field: String?, admits: Bool) throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("0123456789abcdef0123\n".utf8, to: "token")
        let token = try OperatorToken(path, files: DataFiles(folder: folder.path)) { _ in }
        #expect(token.admits(field) == admits)
    }
}
