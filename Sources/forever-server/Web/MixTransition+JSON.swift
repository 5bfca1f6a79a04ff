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
            "spectralJumpDecibels": .rounded(expectation.spectralJump),
            "bassOverlapSeconds": .rounded(expectation.bassOverlapSeconds),
            "keyDistanceFifths": .count(expectation.keyDistance),
            "outgoingStretchPercent": .rounded(expectation.outgoingStretchPercent),
            "incomingStretchPercent": .rounded(expectation.incomingStretchPercent),
        ]
    }
}

/// What was measured, as `/all.json` and the operator's page have it.
extension TransitionReport {
    var json: JSONValue {
        [
            "beatCount": .count(beats?.count ?? 0),
            "beatMedianMilliseconds": .rounded(beats?.medianMilliseconds),
            "beatP95Milliseconds": .rounded(beats?.p95Milliseconds),
            "beatMaxMilliseconds": .rounded(beats?.maxMilliseconds),
            "jitterMilliseconds": .rounded(beats?.jitterMilliseconds),
            "unheard": .bool(isUnheard),
            "levelStepLoudnessUnits": .rounded(levelStep),
            "dipLoudnessUnits": .rounded(dip),
            "bumpLoudnessUnits": .rounded(bump),
            "bassOverlapSeconds": .rounded(bassOverlapSeconds),
            "bassBumpDecibels": .rounded(bassBump),
            "spectralJumpDecibels": .rounded(spectralJump),
            "misses": .array(misses.map { .string($0.rawValue) }),
        ]
    }
}
