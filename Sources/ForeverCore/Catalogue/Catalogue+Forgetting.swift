/// What ends with its use: a source whose terms allow no keeping is forgotten here.
extension Catalogue {
    /// Removes the decisions of an epoch before that number, with their reports; a restart needs the last one only,
    /// replaying them all.
    public func forgetDecisions(epoch: String, before sequence: Int64) throws(CatalogueError) {
        try access { (database) throws(CatalogueError) in
            try database.transaction { () throws(CatalogueError) in
                for table in ["decision", "transition_report"] {
                    try database.run(
                        "DELETE FROM \(table) WHERE epoch = (SELECT id FROM epoch WHERE name = ?) AND sequence < ?",
                        .text(epoch), .integer(sequence))
                }
            }
        }
    }

    /// Removes the analyses of all content whose key begins so.
    public func forgetAnalyses(ofContentsFrom prefix: String) throws(CatalogueError) {
        try access { (database) throws(CatalogueError) in
            try database.transaction { () throws(CatalogueError) in
                for table in ["analysis", "summary"] {
                    try database.run(
                        "DELETE FROM \(table) WHERE content >= ? AND content < ?", .text(prefix),
                        .text(prefix + "\u{10FFFF}"))
                }
            }
        }
    }

    /// Removes the plays of one source, or only how they were called.
    public func forgetHistory(source: String, keepsPlays: Bool) throws(CatalogueError) {
        try access { (database) throws(CatalogueError) in
            try database.transaction { () throws(CatalogueError) in
                try database.run(
                    keepsPlays
                        ? "UPDATE history SET artist = NULL, title = NULL, link = NULL WHERE source = ?"
                        : "DELETE FROM history WHERE source = ?", .text(source))
            }
        }
    }
}
