/// One request of the client through all its redirects: one connection after the other, one deadline for all.
final class RedirectChain {
    private unowned let client: HTTPClient
    private let redirectsMax: Int
    private let silence: Duration?
    private let deadlineNanoseconds: Int64
    private let receiver: ClientConnection.Receiver
    private var question: ClientQuestion
    private var next: ClientQuestion?
    private var refusal: ClientError?
    private var asked: Set<ClientQuestion> = []
    private var isPaused = false
    private var isOver = false
    private(set) weak var connection: ClientConnection?

    init(
        client: HTTPClient, question: ClientQuestion, redirectsMax: Int, deadline: Duration, silence: Duration?,
        receiver: ClientConnection.Receiver
    ) {
        self.client = client
        self.question = question
        self.redirectsMax = redirectsMax
        self.silence = silence
        self.receiver = receiver
        let (end, overflow) = client.loop.nowNanoseconds.addingReportingOverflow(deadline.wholeNanoseconds)
        deadlineNanoseconds = overflow ? .max : end
    }

    var isEnded: Bool { isOver || connection?.isEnded ?? true }

    /// Asks. The chain lives as long as the connection under way, whose callbacks hold it.
    func start() {
        if redirectsMax > 0 { asked.insert(question) }
        let left = Duration.nanoseconds(max(0, deadlineNanoseconds - client.loop.nowNanoseconds))
        let own = ClientConnection.Receiver(
            head: { self.took($0) },
            body: { if self.next == nil && self.refusal == nil { self.receiver.body($0) } },
            ended: { self.ended($0) })
        connection = client.start(question, left, silence, own)
        if isPaused { connection?.setPaused(true) }
    }

    private func took(_ head: ResponseHead) {
        guard redirectsMax > 0 else { return receiver.head(head) }
        do throws(ClientError) {
            guard let next = try RedirectRule.next(after: question, reply: head) else { return receiver.head(head) }
            if asked.contains(next) { throw .redirectLoop }
            guard asked.count <= redirectsMax else { throw .tooManyRedirects }
            self.next = next
        } catch {
            refusal = error
        }
        // The body of a redirect is a note for people: it is not read.
        connection?.end(nil)
    }

    private func ended(_ error: ClientError?) {
        guard !isOver else { return }
        if let next, error == nil {
            question = next
            self.next = nil
            return start()
        }
        isOver = true
        receiver.ended(refusal ?? error)
    }

    func cancel() { connection?.end(.cancelled) }

    func setPaused(_ paused: Bool) {
        isPaused = paused
        connection?.setPaused(paused)
    }
}
