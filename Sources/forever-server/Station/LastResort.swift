import ForeverCore

/// What plays when nothing has been analysed and the music would end: any track at all, rather another than the same.
package enum LastResort {
    package static func trackID(after current: CastMember?, crate: Crate, seed: UInt64) -> String? {
        var generator = SeededGenerator(seed: seed)
        let ids = [false, true].flatMap { generator.shuffled(crate.playable(limit: 64, standIns: $0)) }
        return ids.first { $0 != current?.track.id } ?? ids.first
    }
}
