/// A catalogue as the program made it before it kept summaries of analyses, written down once and never changed.
enum FourthSchema {
    /// Makes the file and runs more SQL in it.
    static func write(_ path: String, _ more: String) throws {
        try FirstSchema.write(
            path, tables: FirstSchema.tables + SecondSchema.tables + ThirdSchema.tables + tables, more: more,
            version: 4)
    }

    private static let tables = """
        ALTER TABLE fingerprint ADD COLUMN same_as TEXT;

        """
}
