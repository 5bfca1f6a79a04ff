/// Where the reference comes from.
protocol ReferenceSource: AnyObject {
    var reference: Reference? { get }
    /// How it was got, for the report.
    var said: String { get }
    /// Begins with the epoch's first byte.
    func start(_ epoch: String)
    func stop()
}
