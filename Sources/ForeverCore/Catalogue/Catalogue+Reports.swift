import Foundation

/// What was found out besides the analysis: fingerprints by content, reports by decision.
extension Catalogue {
    /// Stores what is said of the transition that a decision made. The oldest beyond `retention.reportsPerEpochMax` go.
    public func storeTransitionReport(_ json: Data, epoch: String, sequence: Int64) throws(CatalogueError) {
        try Catalogue.checkSize(json)
        try access { (database) throws(CatalogueError) in
            try database.transaction { () throws(CatalogueError) in
                guard
                    let id = try database.first(
                        "SELECT id FROM epoch WHERE name = ?", .text(epoch), row: { $0.integer(0) })
                else { throw .unknownEpoch(epoch) }
                try database.run(
                    """
                    INSERT INTO transition_report (epoch, sequence, json) VALUES (?, ?, ?)
                    ON CONFLICT (epoch, sequence) DO UPDATE SET json = excluded.json
                    """, .integer(id), .integer(sequence), .blob(json))
                try database.run(
                    "DELETE FROM transition_report WHERE epoch = ? AND sequence <= ?", .integer(id),
                    .integer(sequence - Int64(retention.reportsPerEpochMax)))
            }
        }
    }

    /// The latest reports of an epoch, by the number of their decision, the oldest of them first.
    public func transitionReports(
        epoch: String, count: Int
    ) throws(CatalogueError) -> [(sequence: Int64, json: Data)] {
        try access { (database) throws(CatalogueError) in
            try database.rows(
                """
                SELECT sequence, json FROM transition_report
                WHERE epoch = (SELECT id FROM epoch WHERE name = ?) ORDER BY sequence DESC LIMIT ?
                """, .text(epoch), .integer(Int64(max(0, count)))
            ) { ($0.integer(0), $0.blob(1)) }.reversed()
        }
    }

    /// The latest reports of all epochs, the newest first.
    public func latestTransitionReports(count: Int) throws(CatalogueError) -> [TransitionReportRecord] {
        try access { (database) throws(CatalogueError) in
            try database.rows(
                """
                SELECT epoch.name, epoch.bitrate_kbps, report.sequence, report.json
                FROM transition_report AS report JOIN epoch ON epoch.id = report.epoch
                ORDER BY report.epoch DESC, report.sequence DESC LIMIT ?
                """, .integer(Int64(max(0, count)))
            ) {
                TransitionReportRecord(
                    epoch: $0.text(0), bitrateKbps: Int($0.integer(1)), sequence: $0.integer(2), json: $0.blob(3))
            }
        }
    }

    /// Stores what a content's sound is recognised by, as that version of the analyser makes it, and the content that
    /// it was found to be the same sound as.
    public func storeFingerprint(
        _ words: Data, forContent key: String, version: Int, sameAs other: String? = nil
    ) throws(CatalogueError) {
        try Catalogue.checkSize(words)
        try access { (database) throws(CatalogueError) in
            try database.transaction { () throws(CatalogueError) in
                try database.run(
                    """
                    INSERT INTO fingerprint (content, version, words, same_as) VALUES (?, ?, ?, ?)
                    ON CONFLICT (content, version) DO UPDATE SET words = excluded.words, same_as = excluded.same_as
                    """, .text(key), .integer(Int64(version)), .blob(words), .optional(other))
            }
        }
    }

    public func fingerprint(forContent key: String, version: Int) throws(CatalogueError) -> Data? {
        try access { (database) throws(CatalogueError) in
            try database.first(
                "SELECT words FROM fingerprint WHERE content = ? AND version = ?", .text(key), .integer(Int64(version))
            ) { $0.blob(0) }
        }
    }

    /// The content whose sound this one was found to be the same as; nil where it was found to be none's.
    public func sameSound(asContent key: String, version: Int) throws(CatalogueError) -> String? {
        try access { (database) throws(CatalogueError) in
            try database.first(
                "SELECT same_as FROM fingerprint WHERE content = ? AND version = ?", .text(key),
                .integer(Int64(version))
            ) { $0.optionalText(0) } ?? nil
        }
    }
}
