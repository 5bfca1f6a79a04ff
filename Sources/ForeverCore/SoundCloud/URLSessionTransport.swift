import Foundation
import FoundationNetworking

/// `CloudTransport` over URLSession: the one place that reaches the network. **Thread:** any.
public final class URLSessionTransport: CloudTransport {
    private let session: URLSession
    private let exchanges: Exchanges

    public init(agent: String = "Forever") {
        let configuration = URLSessionConfiguration.ephemeral
        configuration.httpShouldSetCookies = false
        configuration.httpCookieStorage = nil
        configuration.urlCache = nil
        configuration.requestCachePolicy = .reloadIgnoringLocalCacheData
        configuration.httpMaximumConnectionsPerHost = 4
        configuration.httpAdditionalHeaders = ["User-Agent": agent]
        exchanges = Exchanges()
        session = URLSession(configuration: configuration, delegate: exchanges, delegateQueue: nil)
    }

    deinit { session.invalidateAndCancel() }

    public func exchange(_ request: CloudRequest) throws(CloudTransportError) -> CloudReply {
        var asked = URLRequest(url: request.url, timeoutInterval: request.secondsMax)
        asked.httpMethod = request.method
        asked.httpBody = request.body.map { Data($0) }
        for (name, value) in request.headers { asked.setValue(value, forHTTPHeaderField: name) }
        let task = session.dataTask(with: asked)
        let exchange = exchanges.begin(task, bytesMax: request.bytesMax)
        task.resume()
        let isDone = exchange.done.wait(timeout: .now() + request.secondsMax) == .success
        if !isDone { task.cancel() }
        exchanges.end(task)
        guard isDone else { throw .tooSlow(seconds: request.secondsMax) }
        return try exchange.answer(secondsMax: request.secondsMax)
    }

    /// What is known of one exchange so far. Written by the session's one queue, read after `done`.
    private final class Exchange: @unchecked Sendable {
        let done = DispatchSemaphore(value: 0)
        let bytesMax: Int
        var body: [UInt8] = []
        var isTooLarge = false
        var response: HTTPURLResponse?
        var error: (any Error)?

        init(bytesMax: Int) { self.bytesMax = bytesMax }

        func answer(secondsMax: Double) throws(CloudTransportError) -> CloudReply {
            if isTooLarge { throw .tooLarge(bytes: bytesMax) }
            if let error {
                let code = (error as? URLError)?.code
                if code == .timedOut { throw .tooSlow(seconds: secondsMax) }
                throw response == nil ? .unreachable(error.localizedDescription) : .brokenOff
            }
            guard let response else { throw .unreachable("no answer") }
            var headers: [String: String] = [:]
            for (name, value) in response.allHeaderFields {
                if let name = name as? String, let value = value as? String { headers[name.lowercased()] = value }
            }
            // What was packed on the way has another length; we ask for nothing packed.
            if headers["content-encoding"] == nil, let promised = headers["content-length"].flatMap({ Int($0) }),
                promised > body.count, response.statusCode != 304
            {
                throw .brokenOff
            }
            return CloudReply(status: response.statusCode, headers: headers, body: body)
        }
    }

    private final class Exchanges: NSObject, URLSessionDataDelegate, @unchecked Sendable {
        private let lock = NSLock()
        private var byTask: [Int: Exchange] = [:]

        func begin(_ task: URLSessionTask, bytesMax: Int) -> Exchange {
            let exchange = Exchange(bytesMax: bytesMax)
            lock.withLock { byTask[task.taskIdentifier] = exchange }
            return exchange
        }

        func end(_ task: URLSessionTask) { lock.withLock { byTask[task.taskIdentifier] = nil } }

        private subscript(_ task: URLSessionTask) -> Exchange? { lock.withLock { byTask[task.taskIdentifier] } }

        func urlSession(
            _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
            newRequest request: URLRequest, completionHandler: @escaping @Sendable (URLRequest?) -> Void
        ) {
            self[task]?.response = response
            completionHandler(nil)
        }

        func urlSession(
            _ session: URLSession, dataTask: URLSessionDataTask, didReceive response: URLResponse,
            completionHandler: @escaping @Sendable (URLSession.ResponseDisposition) -> Void
        ) {
            self[dataTask]?.response = response as? HTTPURLResponse
            completionHandler(.allow)
        }

        func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
            guard let exchange = self[dataTask], !exchange.isTooLarge else { return }
            guard exchange.body.count + data.count <= exchange.bytesMax else {
                exchange.isTooLarge = true
                dataTask.cancel()
                return
            }
            exchange.body += data
        }

        func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
            guard let exchange = self[task] else { return }
            exchange.error = error
            if exchange.response == nil { exchange.response = task.response as? HTTPURLResponse }
            exchange.done.signal()
        }
    }
}
