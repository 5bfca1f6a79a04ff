import ForeverMix
import Foundation
import Testing

/// The planner with the spectra of both ends at hand: it sees what changes at once, and goes where less does.
@Suite struct SpectrumForecastTests {
    let planner = TransitionPlanner(settings: MixSettings())

    /// Rows of one level, but for what `change` adds (dB) in a band at a time (s).
    private func spectra(_ analysis: TrackAnalysis, change: (Double, Int) -> Float) -> EndSpectra {
        let count = Int((analysis.duration / EndSpectra.rowSeconds).rounded(.up))
        let bytes = (0..<count * EndSpectra.bandCount).map { at in
            let seconds = (Double(at / EndSpectra.bandCount) + 0.5) * EndSpectra.rowSeconds
            let level = -30 + change(seconds, at % EndSpectra.bandCount) - EndSpectra.floorDecibels
            return UInt8(max(0, min(255, level / EndSpectra.stepDecibels)))
        }
        let head = min(bytes.count, EndSpectra.rowsMax * EndSpectra.bandCount)
        return EndSpectra(
            beginning: PackedBytes(Array(bytes.prefix(head))), ending: PackedBytes(Array(bytes.dropFirst(head))),
            endingStart: Double(head / EndSpectra.bandCount) * EndSpectra.rowSeconds)
    }

    private func track(
        _ track: SyntheticTrack = SyntheticTrack(bars: 64), change: (Double, Int) -> Float = { _, _ in 0 }
    ) -> TrackAnalysis {
        var analysis = track.analysis
        analysis.spectra = spectra(analysis, change: change)
        return analysis
    }

    private func seconds(_ plan: TransitionPlan) -> ClosedRange<Double> {
        let start = AudioFormat.seconds(plan.outgoingFrame)
        return start...start + AudioFormat.seconds(plan.overlapFrames)
    }

    @Test func nothingChangesBetweenAlikeTracks() throws {
        let plan = planner.plan(from: track(), to: track(), notBefore: 0)
        #expect(try #require(plan.expectation.spectralJump) < 3.5)
        let unknown = planner.plan(
            from: SyntheticTrack(seconds: 60).analysis, to: SyntheticTrack(seconds: 60).analysis, notBefore: 0)
        #expect(unknown.expectation.spectralJump == nil)
    }

    /// A track that loses half of its bands ten bars before its end is left to one without them before that, or after.
    @Test func aChangeOfItsOwnIsLeftAlone() throws {
        let whole = SyntheticTrack(bars: 64)
        let dark = whole.analysis.downbeats[54]
        let from = track(whole) { seconds, band in seconds > dark && band >= 12 ? -30 : 0 }
        let to = track { _, band in band >= 12 ? -30 : 0 }
        func isHeard(_ plan: TransitionPlan) -> Bool {
            let overlap = seconds(plan)
            let most = overlap.lowerBound + 0.6 * (overlap.upperBound - overlap.lowerBound)
            return dark > overlap.lowerBound - 2 && dark < most
        }
        let plan = planner.plan(from: from, to: to, notBefore: 0)
        #expect(plan.kind == .beatMatched)
        #expect(try #require(plan.expectation.spectralJump) <= 6.5)
        #expect(!isHeard(plan))
        #expect(isHeard(planner.plan(from: track(whole), to: track(), notBefore: 0)))
    }

    /// Highs that only the incoming track has come up by as much every second.
    @Test func whatOneSideLacksComesUpSteadily() throws {
        let to = track { _, band in band >= 8 ? 0 : -10 }
        let from = track { _, band in band >= 14 ? -50 : 0 }
        let plan = planner.plan(from: from, to: to, notBefore: 0)
        #expect(plan.kind == .beatMatched)
        #expect(plan.fadeIn.shape == .steady && plan.fadeOut.shape == .steady)
        let alike = planner.plan(from: track(), to: track(), notBefore: 0)
        #expect(alike.fadeIn.shape == .equalPower)
    }

    /// What is foreseen of the corpus is what its renders show.
    @Test(arguments: [CorpusPair.tempo, CorpusPair.all.first { $0.description == "ambient intro" }!])
    func theForecastIsNearTheRender(_ pair: CorpusPair) throws {
        let mix = try CorpusMix(pair)
        let expected = try #require(mix.transition.expectation?.spectralJump)
        let measured = try #require(mix.reports.first?.spectralJump)
        #expect(abs(expected - measured) < 2)
    }

    /// A track plays alone for a while before it is left, though its middle would be the better place.
    @Test func aTrackIsNotLeftAtOnce() {
        let whole = SyntheticTrack(bars: 40)
        let dark = whole.analysis.downbeats[24]
        let from = track(whole) { seconds, band in seconds > dark && band >= 16 ? -16 : 0 }
        let free = planner.plan(from: from, to: track(), notBefore: 0)
        let earliest = seconds(free).lowerBound - 1
        let plan = planner.plan(from: from, to: track(), notBefore: AudioFormat.frames(earliest))
        #expect(seconds(plan).lowerBound > earliest + 6)
    }

    /// A fade in the middle of more bass than either side has turns the basses down.
    @Test func aBassThatStandsOutIsTurnedDown() throws {
        let unsure = SyntheticTrack(bars: 40, isTrusted: false)
        let from = track(unsure) { seconds, band in seconds > 40 && seconds < 46 && band < 7 ? 4 : 0 }
        let soon = AudioFormat.frames(40)
        let plan = planner.plan(from: from, to: track(unsure), notBefore: soon, isSoon: true)
        #expect(plan.style == .fade)
        let gain = try #require(plan.fadeOut.bassTrim).gain
        #expect(plan.fadeIn.bassTrim == plan.fadeOut.bassTrim)
        let even = planner.plan(from: track(unsure), to: track(unsure), notBefore: soon, isSoon: true)
        #expect(gain < (try #require(even.fadeOut.bassTrim)).gain)
    }

    /// Without a common tempo a fade begins and comes in on bar lines; with beats that nobody is sure of, on beats.
    @Test func fadesBeginOnALine() {
        func isOn(_ lines: [Double], _ seconds: Double) -> Bool { lines.contains { abs($0 - seconds) < 0.001 } }
        let (from, to) = (SyntheticTrack(tempo: 120).analysis, SyntheticTrack.rising.analysis)
        let unlike = planner.plan(from: from, to: to, notBefore: 0)
        #expect(unlike.style == .filterOut)
        #expect(isOn(from.downbeats, AudioFormat.seconds(unlike.outgoingFrame)))
        #expect(isOn(to.downbeats, AudioFormat.seconds(unlike.incomingFrame)))
        let unsure = SyntheticTrack(tempo: 97, isTrusted: false, hasDownbeats: false).analysis
        let fade = planner.plan(from: from, to: unsure, notBefore: 0)
        #expect(fade.style == .fade)
        #expect(isOn(from.downbeats, AudioFormat.seconds(fade.outgoingFrame)))
        #expect(isOn(unsure.beats, AudioFormat.seconds(fade.incomingFrame)))
        let soon = planner.plan(from: from, to: unsure, notBefore: AudioFormat.frames(20.1), isSoon: true)
        #expect(isOn(from.downbeats, AudioFormat.seconds(soon.outgoingFrame)))
    }

    /// A fade to a track of another colour takes its time, but where keys clash.
    @Test func keysThatClashAreSoonOverWith() {
        func fade(_ key: MusicalKey) -> TransitionPlan {
            let home = MusicalKey(pitchClass: 0, mode: .major)
            let from = track(SyntheticTrack(bars: 72, key: home, isTrusted: false))
            let to = track(SyntheticTrack(bars: 72, key: key, isTrusted: false)) { _, band in band % 2 == 0 ? -30 : 0 }
            return planner.plan(from: from, to: to, notBefore: 0)
        }
        let bar = 60 / 124.0 * 4
        let shortest = AudioFormat.frames(planner.settings.fadeSecondsMin + bar)
        let alike = fade(MusicalKey(pitchClass: 0, mode: .major))
        #expect(alike.overlapFrames > shortest, "\(alike.reason)")
        #expect(fade(MusicalKey(pitchClass: 6, mode: .major)).overlapFrames <= shortest)
    }
}
