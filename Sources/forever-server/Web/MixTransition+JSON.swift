import ForeverMix
import ForeverRelay

/// What is expected, as `/all.json` and the operator's page have it; null where nothing is.
extension MixTransition {
    var expectedJSON: JSONValue {
        guard let expectation else { return .null }
        return [
            "levelStepLoudnessUnits": .rounded(expectedStepLoudnessUnits),
            "dipLoudnessUnits": .rounded(expectation.dip),
            "bumpLoudnessUnits": .rounded(expectation.bump),
            "spectralJumpDecibels": expectation.spectralJump.map { .rounded($0) } ?? .null,
            "bassOverlapSeconds": .rounded(expectation.bassOverlapSeconds),
            "keyDistanceFifths": expectation.keyDistance.map { .integer(Int64($0)) } ?? .null,
            "outgoingStretchPercent": .rounded(expectation.outgoingStretchPercent),
            "incomingStretchPercent": .rounded(expectation.incomingStretchPercent),
        ]
    }
}

/// What was measured, as `/all.json` and the operator's page have it.
extension TransitionReport {
    var json: JSONValue {
        func number(_ value: Double?) -> JSONValue { value.map { .rounded($0) } ?? .null }
        return [
            "beatCount": .integer(Int64(beats?.count ?? 0)),
            "beatMedianMilliseconds": number(beats?.medianMilliseconds),
            "beatP95Milliseconds": number(beats?.p95Milliseconds),
            "beatMaxMilliseconds": number(beats?.maxMilliseconds),
            "jitterMilliseconds": number(beats?.jitterMilliseconds),
            "unheard": .bool(isUnheard),
            "levelStepLoudnessUnits": number(levelStep),
            "dipLoudnessUnits": number(dip),
            "bumpLoudnessUnits": number(bump),
            "bassOverlapSeconds": .rounded(bassOverlapSeconds),
            "bassBumpDecibels": number(bassBump),
            "spectralJumpDecibels": number(spectralJump),
            "misses": .array(misses.map { .string($0.rawValue) }),
        ]
    }
}
