import ForeverCore
import ForeverTestKit
import Foundation
import Synchronization
import Testing

/// Tokens: asked for, kept, renewed, and never too often.
@Suite struct CloudTokenTests {
    private let urn = CloudURN(.tracks, "1")!
    private let songs = (1...5).map { FakeTrack($0, title: "Song \($0)", seconds: 200, media: .noise(parts: 6)) }

    @Test func aTokenIsGrantedOnceAndRefreshedAfterThat() throws {
        let scene = try CloudScene()
        scene.fake.put(songs)
        let client = try scene.client()
        for _ in 0..<5 {
            for _ in 0..<3 { _ = try client.track(urn) }
            scene.clock.advance(3_600)
        }
        #expect(scene.fake.counts.grants == 1)
        #expect(scene.fake.counts.refreshes == 4)
        #expect(scene.fake.counts.unauthorized == 0, "renewed before it was over")
    }

    @Test func theTokenSurvivesARestartInAFileForItsOwnerOnly() throws {
        let scene = try CloudScene()
        scene.fake.put(songs)
        do { _ = try scene.client().track(urn) }
        var status = stat()
        #expect(stat(scene.tokenPath, &status) == 0 && status.st_mode & 0o777 == 0o600)
        for _ in 0..<3 { _ = try scene.client().track(urn) }
        #expect(scene.fake.counts.grants == 1)
        #expect(
            !String(decoding: scene.folder.bytes(of: "soundcloud-token"), as: UTF8.self).contains(
                FakeCloud.clientSecret))
    }

    @Test func twoKeepersOfOneTokenAreRefused() throws {
        let scene = try CloudScene()
        let first = try scene.client()
        #expect(throws: TokenFileError.taken(scene.tokenPath)) { try scene.client() }
        withExtendedLifetime(first) {}
    }

    @Test func anotherClientOrABrokenFileBeginsAnew() throws {
        let scene = try CloudScene()
        scene.fake.put(songs)
        for bytes in [
            Array("{".utf8), Array(#"{"clientID":"another","grants":{"timesSeconds":[]},"plays":{"plays":0}}"#.utf8),
        ] {
            try scene.folder.write(bytes, to: "soundcloud-token")
            _ = try scene.client().track(urn)
        }
        #expect(scene.fake.counts.grants == 2)
    }

    @Test func manyAtOnceRenewOnce() async throws {
        let scene = try CloudScene()
        scene.fake.put(songs)
        let client = try scene.client()
        _ = try client.track(urn)
        scene.clock.advance(3_600)
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<6 {
                group.addTask { [urn] in
                    await withCheckedContinuation { (done: CheckedContinuation<Void, Never>) in
                        Thread.detachNewThread {
                            #expect(throws: Never.self) { try client.track(urn) }
                            done.resume()
                        }
                    }
                }
            }
        }
        #expect(scene.fake.counts.refreshes == 1 && scene.fake.counts.reusedRefreshTokens == 0)
    }

    @Test func aTokenThatIsOverEarlyIsRenewedAndTheQuestionAskedAgain() throws {
        let scene = try CloudScene()
        scene.fake.put(songs)
        let client = try scene.client()
        _ = try client.track(urn)
        scene.fake.forgetTokens()
        #expect(try client.track(urn).title == "Song 1")
        #expect(scene.fake.counts.refreshes == 1 && scene.fake.counts.unauthorized == 1)
    }

    @Test func aRefreshTokenUsedByAnotherLeadsToOneGrant() throws {
        let scene = try CloudScene()
        scene.fake.put(songs)
        let client = try scene.client()
        _ = try client.track(urn)
        scene.fake.useUpRefreshTokens()
        scene.clock.advance(3_600)
        #expect(try client.track(urn).title == "Song 1")
        #expect(scene.fake.counts.grants == 2 && scene.fake.counts.reusedRefreshTokens == 1)
    }

    @Test func wrongCredentialsAreSaidAndNotTriedForEver() throws {
        let scene = try CloudScene()
        let json =
            scene.fake.settingsJSON.replacing(FakeCloud.clientSecret, with: "wrongSecret") + #","from":["genre: x"]}"#
        let client = CloudClient(
            settings: try CloudSettings(file: Array(json.utf8), environment: [:]), transport: URLSessionTransport(),
            clock: scene.clock, file: try TokenFile(path: scene.tokenPath), say: { _ in })
        #expect(scene.problem { () throws(CloudProblem) in try client.track(urn) } == .credentialsRefused(status: 401))
        for _ in 0..<100 { _ = scene.problem { () throws(CloudProblem) in try client.track(urn) } }
        #expect(scene.fake.log.count { $0.path == "/oauth/token" } <= CloudLimits.grantsPerHourMax)
    }

    @Test func aLoopOfRestartsDoesNotUseUpTheGrants() throws {
        let scene = try CloudScene()
        scene.fake.put(songs)
        scene.fake.change { $0.tokenReply = .json(500, "") }
        for _ in 0..<40 {
            let client = try scene.client()
            _ = scene.problem { () throws(CloudProblem) in try client.track(urn) }
        }
        #expect(scene.fake.log.count <= CloudLimits.grantsPerHourMax)
        scene.fake.change { $0.tokenReply = nil }
        scene.clock.advance(3_600)
        #expect(try scene.client().track(urn).title == "Song 1")
    }

    @Test func troubleOfTheTokenHostIsNoTracksFault() throws {
        let scene = try CloudScene()
        let client = try scene.client()
        let replies: [(FakeReply, Int)] = [
            (.json(200, "{}"), 200), (FakeAnswers.error(404), 404), (FakeReply(405), 405), (.json(422, "{}"), 422),
        ]
        for (reply, status) in replies {
            scene.fake.change { $0.tokenReply = reply }
            #expect(scene.problem { () throws(CloudProblem) in try client.track(urn) } == .outage(status: status))
        }
    }
}
