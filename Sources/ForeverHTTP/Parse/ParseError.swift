/// Why a message was refused. One case per rule; each has a case in the corpus.
public enum ParseError: String, Error, Hashable, Sendable, CaseIterable {
    case bareLineFeed, bareCarriageReturn, controlByte
    case headTooLarge, tooManyHeaders, targetTooLong
    case malformedRequestLine, unknownMethod, malformedTarget, unsupportedVersion
    case malformedStatusLine
    case foldedHeader, malformedHeaderName, spaceBeforeColon, missingColon
    case missingHost, repeatedHost, malformedHost
    case lengthAndTransferEncoding, repeatedLength, malformedLength
    case repeatedTransferEncoding, unknownTransferCoding, transferEncodingInOldVersion
    case unknownExpectation
    case bodyTooLarge
    case malformedChunkSize, chunkTooLarge, chunkOverhead, malformedChunkEnd, malformedTrailer

    /// The status a server answers with before it closes the connection.
    public var status: Status {
        switch self {
        case .headTooLarge, .tooManyHeaders: .requestHeaderFieldsTooLarge
        case .targetTooLong: .uriTooLong
        case .unknownMethod, .unknownTransferCoding: .notImplemented
        case .unsupportedVersion: .httpVersionNotSupported
        case .unknownExpectation: .expectationFailed
        case .bodyTooLarge: .contentTooLarge
        default: .badRequest
        }
    }
}
