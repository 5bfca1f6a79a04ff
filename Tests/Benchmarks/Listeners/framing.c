#include "framing.h"

#include <string.h>

size_t framing_frame_bytes(const uint8_t *header, int *sample_rate) {
    static const int kbps[16] = {0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0};
    static const int rates[4] = {44100, 48000, 32000, 0};
    if (header[0] != 0xFF || (header[1] & 0xFE) != 0xFA) return 0;
    int bitrate = kbps[header[2] >> 4], rate = rates[(header[2] >> 2) & 3], padding = (header[2] >> 1) & 1;
    if (!bitrate || !rate) return 0;
    *sample_rate = rate;
    return (size_t)(144000 * bitrate / rate + padding);
}

/// Searches for a frame that another one follows; returns the bytes that are done with.
static size_t hunt(Framing *framing) {
    size_t at = 0;
    for (; at + 4 <= framing->carried; at++) {
        int rate, next_rate;
        size_t bytes = framing_frame_bytes(framing->carry + at, &rate);
        if (!bytes) continue;
        if (at + bytes + 4 > framing->carried) break;
        if (!framing_frame_bytes(framing->carry + at + bytes, &next_rate) || rate != next_rate) continue;
        framing->synced = 1;
        framing->sample_rate = rate;
        break;
    }
    if (!framing->ever_synced) framing->start_offset += at;
    if (framing->synced) framing->ever_synced = 1;
    return at;
}

/// Walks from frame to frame; returns the bytes that are done with.
static size_t walk(Framing *framing) {
    size_t at = 0;
    while (at + 4 <= framing->carried) {
        int rate;
        size_t bytes = framing_frame_bytes(framing->carry + at, &rate);
        if (!bytes || rate != framing->sample_rate) {
            framing->broken++;
            framing->synced = 0;
            return at;
        }
        framing->frames++;
        if (at + bytes > framing->carried) {
            framing->skip = at + bytes - framing->carried;
            return framing->carried;
        }
        at += bytes;
    }
    return at;
}

void framing_feed(Framing *framing, const uint8_t *bytes, size_t count) {
    while (count) {
        if (framing->skip) {
            size_t passed = count < framing->skip ? count : framing->skip;
            framing->skip -= passed;
            bytes += passed;
            count -= passed;
            continue;
        }
        size_t room = sizeof framing->carry - framing->carried, taken = count < room ? count : room;
        memcpy(framing->carry + framing->carried, bytes, taken);
        framing->carried += taken;
        bytes += taken;
        count -= taken;
        for (;;) {
            int was_synced = framing->synced;
            size_t done = was_synced ? walk(framing) : hunt(framing);
            framing->carried -= done;
            memmove(framing->carry, framing->carry + done, framing->carried);
            if (framing->synced == was_synced) break;
            // A frame that turned out broken: its first byte is no start, else the hunt would find it again.
            if (was_synced && framing->carried) memmove(framing->carry, framing->carry + 1, --framing->carried);
        }
    }
}
