import ForeverHTTP
import Glibc
import Testing

@Suite struct DescriptorLimitTests {
    @Test func theSoftLimitBecomesTheHardOne() {
        var limit = rlimit()
        let reached = DescriptorLimit.raise()
        #expect(getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0)
        #expect(limit.rlim_cur == limit.rlim_max)
        #expect(reached == Int(clamping: limit.rlim_cur))
        #expect(DescriptorLimit.raise() == reached)
    }
}
