// Whether bytes are MPEG-1 layer III frames without a break, looked at as they pass.
#ifndef FRAMING_H
#define FRAMING_H

#include <stddef.h>
#include <stdint.h>

typedef struct {
    uint8_t carry[4096];   // more than two of the longest frames
    size_t carried;
    size_t skip;           // bytes of the frame under way that are still to come
    int synced, ever_synced, sample_rate;
    uint64_t start_offset; // bytes before the first frame
    uint64_t frames, broken;
} Framing;

/// Bytes of the frame whose header stands at `header` (4 bytes), and its rate; 0 when none does.
size_t framing_frame_bytes(const uint8_t *header, int *sample_rate);

/// Looks at the next bytes of a stream.
void framing_feed(Framing *framing, const uint8_t *bytes, size_t count);

#endif
