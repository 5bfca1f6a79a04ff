// What the listeners say, one JSON object a line.
#include <stdlib.h>
#include <sys/resource.h>

#include "listeners.h"

/// A listener whose sound came slower than this share of the rate is behind.
static const double BEHIND_RATIO = 0.99;

static double *first_audio;
static size_t first_audio_count, first_audio_room;

void note_first_audio(double seconds) {
    if (first_audio_count == first_audio_room) {
        first_audio_room = first_audio_room ? first_audio_room * 2 : 4096;
        first_audio = realloc(first_audio, first_audio_room * sizeof *first_audio);
        if (!first_audio) fail("no memory");
    }
    first_audio[first_audio_count++] = seconds;
}

static double own_cpu_seconds(void) {
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
           + (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

void say_phase(const char *phase, double now) {
    printf("{\"phase\":\"%s\",\"time_s\":%.6f,\"bytes\":%llu,\"live\":%ld,\"lost\":%ld,\"cpu_s\":%.4f}\n", phase, now,
           (unsigned long long)totals.bytes, totals.live, totals.lost, own_cpu_seconds());
}

static int ascending(const void *left, const void *right) {
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

/// `"name":{"count":…,"min":…,"p50":…,"p99":…,"max":…}` of values in seconds times `scale`; sorts them.
static void say_spread(const char *name, double *values, size_t count, double scale) {
    qsort(values, count, sizeof *values, ascending);
    printf(",\"%s\":{\"count\":%zu", name, count);
    if (count) {
        size_t last = count - 1;
        printf(",\"min\":%.5f,\"p50\":%.5f,\"p99\":%.5f,\"max\":%.5f", values[0] * scale,
               values[(size_t)((double)last * 0.5 + 0.5)] * scale, values[(size_t)((double)last * 0.99 + 0.5)] * scale,
               values[last] * scale);
    }
    printf("}");
}

void report(double seconds, double ramp_seconds) {
    size_t room = (size_t)settings.count, heard = 0, whole = 0, behind = 0;
    double *gaps = malloc(room * sizeof *gaps), *cushions = malloc(room * sizeof *cushions),
           *ratios = malloc(room * sizeof *ratios);
    if (!gaps || !cushions || !ratios) fail("no memory");
    int sampled = 0, never_synced = 0;
    unsigned long long frames = 0, broken = 0, start_offset = 0;
    for (int index = 0; index < settings.count; index++) {
        Listener *listener = &listeners[index];
        if (listener->framing) {
            sampled++;
            never_synced += !listener->framing->ever_synced;
            frames += listener->framing->frames;
            broken += listener->framing->broken;
            if (listener->framing->start_offset > start_offset) start_offset = listener->framing->start_offset;
        }
        if (listener->kind != KIND_NORMAL || listener->state != STATE_BODY || !listener->bytes) continue;
        // Silence up to now counts as well.
        double silence = seconds_now() - listener->last_time;
        gaps[heard] = silence > listener->gap ? silence : listener->gap;
        cushions[heard++] = listener->cushion;
        double span = listener->last_time - listener->window_first_time;
        if (!listener->is_whole) continue;
        double ratio = 0;
        if (listener->window_bytes && span > 0)
            ratio = (double)(listener->bytes - listener->window_first_bytes) / (span * settings.byte_rate);
        behind += ratio < BEHIND_RATIO;
        ratios[whole++] = ratio;
    }
    printf("{\"phase\":\"report\",\"count\":%d,\"live\":%ld,\"joined\":%ld,\"refused\":%ld,\"lost\":%ld"
           ",\"lost_slow\":%ld,\"churned\":%ld,\"returned\":%ld,\"bytes\":%llu,\"seconds\":%.3f,\"ramp_s\":%.3f"
           ",\"behind\":%zu,\"cpu_s\":%.4f",
           settings.count, totals.live, totals.joined, totals.refused, totals.lost, totals.lost_slow, totals.churned,
           totals.returned, (unsigned long long)totals.bytes, seconds, ramp_seconds, behind, own_cpu_seconds());
    say_spread("first_audio_ms", first_audio, first_audio_count, 1000);
    say_spread("gap_ms", gaps, heard, 1000);
    say_spread("cushion_s", cushions, heard, 1);
    say_spread("real_time_ratio", ratios, whole, 1);
    printf(",\"framing\":{\"sampled\":%d,\"frames\":%llu,\"broken\":%llu,\"never_synced\":%d,\"start_offset_max\":%llu}}\n",
           sampled, frames, broken, never_synced, start_offset);
    free(gaps);
    free(cushions);
    free(ratios);
}
