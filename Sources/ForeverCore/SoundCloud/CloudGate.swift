/// When SoundCloud may be asked again: everything, and plays. Pure.
package struct CloudGate: Sendable {
    private var backoff = Backoff(CloudLimits.waitSeconds)
    private var frontBackoff = Backoff(CloudLimits.frontWaitSeconds)
    private var playBackoff = Backoff(CloudLimits.frontWaitSeconds)
    private var generator: SeededGenerator
    /// Nothing is asked before. **Units:** s since 1970.
    package private(set) var opensSeconds = 0.0
    /// No play before. **Units:** s since 1970.
    package private(set) var playsOpenSeconds = 0.0

    package init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

    package func isOpen(nowSeconds: Double) -> Bool { nowSeconds >= opensSeconds }
    package func isOpenForPlays(nowSeconds: Double) -> Bool {
        isOpen(nowSeconds: nowSeconds) && nowSeconds >= playsOpenSeconds
    }

    /// The clock was put back: times that lie far ahead now say nothing. What is still wrong will be said again.
    package mutating func forgetTimes() {
        opensSeconds = 0
        playsOpenSeconds = 0
    }

    /// An answer came as it should.
    package mutating func succeeded(play: Bool) {
        backoff.succeeded()
        frontBackoff.succeeded()
        if play { playBackoff.succeeded() }
    }

    package mutating func failed(_ problem: CloudProblem, nowSeconds: Double) {
        switch problem.consequence {
        case .passOver: break
        case .wait(let until):
            opensSeconds = max(until ?? 0, nowSeconds + backoff.failed(using: &generator))
        case .waitLong(let until):
            opensSeconds = max(until ?? 0, nowSeconds + frontBackoff.failed(using: &generator))
        case .waitForPlays(let until):
            playsOpenSeconds = max(until ?? 0, nowSeconds + playBackoff.failed(using: &generator))
        case .waitForOperator: opensSeconds = nowSeconds + CloudLimits.operatorWaitSeconds
        }
    }
}
