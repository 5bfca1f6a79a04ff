// One listener, and what all of them have seen.
#ifndef LISTENERS_H
#define LISTENERS_H

#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>

#include "framing.h"

enum { LISTENERS_MAX = 200000, WINDOWS_MAX = 256, HEAD_BYTES_MAX = 8192 };

typedef enum { STATE_IDLE, STATE_CONNECTING, STATE_GREETING, STATE_HEAD, STATE_BODY, STATE_GONE } State;
typedef enum { KIND_NORMAL, KIND_SLOW, KIND_STALLED } Kind;

typedef struct {
    int fd;
    State state;
    Kind kind;
    int is_whole;      // heard from the first window's beginning on, without coming again
    int head_bytes;
    char *head;        // only until the reply's head is read
    Framing *framing;  // of a sampled one
    void *tls;         // over https: until the head is read, of a sampled one to its end
    double connect_time, first_time, last_time;
    double gap;        // longest time between two arrivals, seconds
    double cushion;    // least sound a player would have had in hand, seconds
    uint64_t bytes;    // of sound
    // from the first window on: the first arrival, bytes up to and with it, bytes in all
    double window_first_time;
    uint64_t window_first_bytes, window_bytes;
} Listener;

typedef struct {
    int count, mss, sample, window_count, is_protected;
    double cipher_seconds, arrivals, settle, windows[WINDOWS_MAX], stalled, slow, return_after, churn, byte_rate, burst;
    struct sockaddr_in server;
    char request[1024];
    size_t request_bytes;
} Settings;

typedef struct {
    uint64_t bytes;
    long live, joined, churned, returned;
    long refused;    // no connection, no head, or no 200
    long lost;       // normal ones that the server let go
    long lost_slow;  // slow and stalled ones that the server let go, as far as they can see it
    int is_measuring;
} Totals;

extern Settings settings;
extern Totals totals;
extern Listener *listeners;

/// Fills the settings, or ends the program.
void parse_options(int argc, char **argv);
double seconds_now(void);
void fail(const char *what);

/// Remembers the time from a connect to its first sound, in seconds.
void note_first_audio(double seconds);
/// Prints one line about this moment.
void say_phase(const char *phase, double now);
/// Prints what all have seen.
void report(double seconds, double ramp_seconds);

#endif
