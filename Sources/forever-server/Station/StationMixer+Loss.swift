import ForeverMix

/// How the mix goes on where a track ends before its time: it is to be left, or its sound is lost.
extension StationMixer {
    /// The entry should fall silent: what comes next comes soon.
    func goOn(after left: Int) {
        guard let newest = timeline.entries.last else { return }
        if left == newest.index {
            decide(.soon)
        } else if left == newest.index - 1, canReplaceNewest {
            bringForward(newest, .soon)
        }
    }

    /// The entry has fallen silent: what comes next comes at once. False where nothing was found that could.
    func goOn(without lost: Int) -> Bool {
        guard let newest = timeline.entries.last else { return true }
        if lost == newest.index { return decide(.lost) }
        guard lost == newest.index - 1 else { return true }
        if mixedFrames + MixTimeline.settleFrames < newest.startFrame {
            // The next one is decided and has not begun. What took the one before may have taken it too.
            let isThere = cast[newest.trackID].map { (try? analyst.opener.open($0.track)) != nil } ?? false
            return isThere && bringForward(newest, .lost) || decide(.lost, replacing: newest.index)
        } else if let decision = timeline.decideToRise(notBefore: mixedFrames), let member = cast[newest.trackID] {
            carryOut(decision, with: member)
            tell()
        }
        return true
    }

    /// The next one is decided and has not begun: it begins earlier. False where it is not to be had any more.
    @discardableResult
    private func bringForward(_ newest: MixEntry, _ leaving: Leaving) -> Bool {
        guard let entry = crate[newest.trackID], let analysis = newestAnalysis else { return false }
        let left = timeline.entries.last { $0.index < newest.index }.flatMap { cast[$0.trackID] }
        follow(
            with: entry, analysis: analysis, reason: cast[newest.trackID]?.reason, leaving, replacing: newest.index,
            previous: left.flatMap { analyst.stored(of: $0.track, contentKey: $0.contentKey) })
        return true
    }
}
