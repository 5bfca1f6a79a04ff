import Foundation

/// Epochs, anchors and the journal of decisions: on the disk when the call returns.
extension Catalogue {
    /// The epoch begun last, nil before the first.
    public func currentEpoch() throws(CatalogueError) -> EpochRecord? {
        try access { (database) throws(CatalogueError) in
            try database.first(
                "SELECT name, bitrate_kbps, created_ms, settings FROM epoch ORDER BY id DESC LIMIT 1",
                row: Catalogue.epochRecord)
        }
    }

    /// All epochs that are kept, the first begun first.
    public func epochs() throws(CatalogueError) -> [EpochRecord] {
        try access { (database) throws(CatalogueError) in
            try database.rows(
                "SELECT name, bitrate_kbps, created_ms, settings FROM epoch ORDER BY id", row: Catalogue.epochRecord)
        }
    }

    /// The epoch of that name, as long as it is kept.
    public func epoch(_ name: String) throws(CatalogueError) -> EpochRecord? {
        try access { (database) throws(CatalogueError) in
            try database.first(
                "SELECT name, bitrate_kbps, created_ms, settings FROM epoch WHERE name = ?", .text(name),
                row: Catalogue.epochRecord)
        }
    }

    /// Begins an epoch, which becomes the current one; the oldest beyond `retention.epochsMax` is forgotten.
    public func beginEpoch(_ record: EpochRecord) throws(CatalogueError) {
        try Catalogue.checkSize(record.settings)
        try access { (database) throws(CatalogueError) in
            try database.transaction(durable: true) { () throws(CatalogueError) in
                try database.run(
                    "INSERT INTO epoch (name, bitrate_kbps, created_ms, settings) VALUES (?, ?, ?, ?)",
                    .text(record.epoch), .integer(Int64(record.bitrateKbps)),
                    .integer(record.createdAtMilliseconds), .blob(record.settings))
                try database.run(
                    """
                    DELETE FROM epoch WHERE id <= (SELECT id FROM epoch ORDER BY id DESC LIMIT 1 OFFSET ?)
                    """, .integer(Int64(retention.epochsMax)))
            }
        }
    }

    /// Adds an anchor: the live edge had that position at that time.
    public func appendAnchor(
        epoch: String, position: Int64, monotonicNanoseconds: Int64, wallMilliseconds: Int64
    ) throws(CatalogueError) {
        let trims = countsToTrim()
        try access { (database) throws(CatalogueError) in
            try database.transaction(durable: true) { () throws(CatalogueError) in
                let id = try Catalogue.epochID(epoch, database)
                try database.run(
                    "INSERT INTO anchor (epoch, position, monotonic_ns, wall_ms) VALUES (?, ?, ?, ?)",
                    .integer(id), .integer(position), .integer(monotonicNanoseconds), .integer(wallMilliseconds))
                if trims { try trim(epoch: id, database) }
            }
        }
    }

    public func lastAnchor(epoch: String) throws(CatalogueError) -> AnchorRecord? {
        try access { (database) throws(CatalogueError) in
            try database.first(
                """
                SELECT position, monotonic_ns, wall_ms FROM anchor
                WHERE epoch = (SELECT id FROM epoch WHERE name = ?) ORDER BY id DESC LIMIT 1
                """, .text(epoch), row: Catalogue.anchorRecord)
        }
    }

    /// The anchor by which a position's time is known: the last one at or before it.
    public func anchor(epoch: String, at position: Int64) throws(CatalogueError) -> AnchorRecord? {
        try access { (database) throws(CatalogueError) in
            try database.first(
                """
                SELECT position, monotonic_ns, wall_ms FROM anchor
                WHERE epoch = (SELECT id FROM epoch WHERE name = ?) AND position <= ? ORDER BY id DESC LIMIT 1
                """, .text(epoch), .integer(position), row: Catalogue.anchorRecord)
        }
    }

    /// All anchors of an epoch that are kept, in the order they were added.
    public func anchors(epoch: String) throws(CatalogueError) -> [AnchorRecord] {
        try access { (database) throws(CatalogueError) in
            try database.rows(
                """
                SELECT position, monotonic_ns, wall_ms FROM anchor
                WHERE epoch = (SELECT id FROM epoch WHERE name = ?) ORDER BY id
                """, .text(epoch), row: Catalogue.anchorRecord)
        }
    }

    /// Writes one decision into the journal. When it returns the decision is on the disk: only then may its sound leave.
    ///
    /// **Errors:** `outOfOrder` unless `sequence` is the one after the last (any for the first); nothing is written then.
    public func appendDecision(
        epoch: String, sequence: Int64, effectivePosition: Int64, json: Data
    ) throws(CatalogueError) {
        try Catalogue.checkSize(json)
        let trims = countsToTrim()
        try access { (database) throws(CatalogueError) in
            try database.transaction(durable: true) { () throws(CatalogueError) in
                let id = try Catalogue.epochID(epoch, database)
                let last = try database.first(
                    "SELECT sequence FROM decision WHERE epoch = ? ORDER BY sequence DESC LIMIT 1", .integer(id)
                ) { $0.integer(0) }
                if let last, sequence != last + 1 { throw .outOfOrder(sequence: sequence, expected: last + 1) }
                try database.run(
                    "INSERT INTO decision (epoch, sequence, position, json) VALUES (?, ?, ?, ?)",
                    .integer(id), .integer(sequence), .integer(effectivePosition), .blob(json))
                if trims { try trim(epoch: id, database) }
            }
        }
    }

    /// The decision of that number, as long as it is kept.
    public func decision(epoch: String, sequence: Int64) throws(CatalogueError) -> DecisionRecord? {
        try access { (database) throws(CatalogueError) in
            try database.first(
                """
                SELECT sequence, position, json FROM decision
                WHERE epoch = (SELECT id FROM epoch WHERE name = ?) AND sequence = ?
                """, .text(epoch), .integer(sequence), row: Catalogue.decisionRecord)
        }
    }

    /// The decisions of an epoch in order, from that number on.
    public func decisions(epoch: String, from sequence: Int64 = 0) throws(CatalogueError) -> [DecisionRecord] {
        try access { (database) throws(CatalogueError) in
            try database.rows(
                """
                SELECT sequence, position, json FROM decision
                WHERE epoch = (SELECT id FROM epoch WHERE name = ?) AND sequence >= ? ORDER BY sequence
                """, .text(epoch), .integer(sequence), row: Catalogue.decisionRecord)
        }
    }

    /// The last decisions of an epoch, in order.
    public func lastDecisions(epoch: String, count: Int) throws(CatalogueError) -> [DecisionRecord] {
        try access { (database) throws(CatalogueError) in
            try database.rows(
                """
                SELECT sequence, position, json FROM decision
                WHERE epoch = (SELECT id FROM epoch WHERE name = ?) ORDER BY sequence DESC LIMIT ?
                """, .text(epoch), .integer(Int64(max(0, count))), row: Catalogue.decisionRecord
            ).reversed()
        }
    }

    /// The decisions that a stretch of the stream is made from, in order: those that take effect within it, the one
    /// in effect where it begins, `before` more ahead of that, since a transition is made of two tracks, and the `after`
    /// that were made next, since one of them may have replaced one of these.
    public func decisions(
        epoch: String, covering positions: Range<Int64>, before: Int = 1, after: Int = 0
    ) throws(CatalogueError) -> [DecisionRecord] {
        try access { (database) throws(CatalogueError) in
            guard
                let id = try database.first("SELECT id FROM epoch WHERE name = ?", .text(epoch), row: { $0.integer(0) })
            else { return [] }
            let inEffect = try database.first(
                """
                SELECT sequence FROM decision WHERE epoch = ? AND position <= ?
                ORDER BY position DESC, sequence DESC LIMIT 1
                """, .integer(id), .integer(positions.lowerBound)
            ) { $0.integer(0) }
            let first = (inEffect ?? 0) - Int64(max(0, before))
            return try database.rows(
                """
                SELECT sequence, position, json FROM decision
                WHERE epoch = ?1 AND sequence >= ?2 AND sequence <= ?4 +
                    (SELECT max(sequence) FROM decision WHERE epoch = ?1 AND position < ?3)
                ORDER BY sequence
                """, .integer(id), .integer(first), .integer(max(positions.upperBound, positions.lowerBound + 1)),
                .integer(Int64(max(0, after))), row: Catalogue.decisionRecord)
        }
    }

    private static func epochID(_ name: String, _ database: Database) throws(CatalogueError) -> Int64 {
        guard let id = try database.first("SELECT id FROM epoch WHERE name = ?", .text(name), row: { $0.integer(0) })
        else { throw .unknownEpoch(name) }
        return id
    }

    /// Removes the oldest decisions and anchors beyond their limits.
    private func trim(epoch id: Int64, _ database: Database) throws(CatalogueError) {
        try database.run(
            """
            DELETE FROM decision WHERE epoch = ?1 AND sequence <=
                (SELECT sequence FROM decision WHERE epoch = ?1 ORDER BY sequence DESC LIMIT 1 OFFSET ?2)
            """, .integer(id), .integer(Int64(retention.decisionsPerEpochMax)))
        try database.run(
            """
            DELETE FROM anchor WHERE epoch = ?1 AND id <=
                (SELECT id FROM anchor WHERE epoch = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2)
            """, .integer(id), .integer(Int64(retention.anchorsPerEpochMax)))
    }

    private static func epochRecord(_ row: Statement) -> EpochRecord {
        EpochRecord(
            epoch: row.text(0), bitrateKbps: Int(row.integer(1)), createdAtMilliseconds: row.integer(2),
            settings: row.blob(3))
    }

    private static func anchorRecord(_ row: Statement) -> AnchorRecord {
        AnchorRecord(
            position: row.integer(0), monotonicNanoseconds: row.integer(1), wallMilliseconds: row.integer(2))
    }

    private static func decisionRecord(_ row: Statement) -> DecisionRecord {
        DecisionRecord(sequence: row.integer(0), effectivePosition: row.integer(1), json: row.blob(2))
    }
}
