import ForeverCore

/// What plays when nothing has been analysed and the music would end: any track at all, rather another than the same.
package enum LastResort {
    package static func trackID(after current: CastMember?, crate: Crate, seed: UInt64) -> String? {
        var generator = SeededGenerator(seed: seed)
        let letIn = [false, true].flatMap { generator.shuffled(crate.playable(limit: 64, standIns: $0)) }
        // Rather a track against the rules than silence.
        let ids =
            letIn.isEmpty ? generator.shuffled(crate.playable(limit: 64, standIns: false, evenRefused: true)) : letIn
        return ids.first { $0 != current?.track.id } ?? ids.first
    }
}
