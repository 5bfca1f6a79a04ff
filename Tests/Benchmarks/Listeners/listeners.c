// Many listeners on one loopback stream: they come at a rate, stay, read or do not, and say what reached them.
//
//   bench-listeners [options] http://127.0.0.1:PORT/PATH      (or https; then certificates are not checked, and what
//                                                             is counted as sound includes TLS's own 0.14 %)
//   bench-listeners --cipher S --count N                      what AES-128-GCM costs here with N keys in turn, measured
//                                                             for S seconds
//     --count N        listeners (100)               --arrivals R   new ones per second (1000)
//     --settle S       seconds between the last arrival and the first window (3)
//     --windows A,B    seconds of each measuring window, one after the other (10)
//     --mss BYTES      largest TCP segment; 1448 makes loopback look like Ethernet (0: as it is)
//     --stall F        share that never reads past the head       --slow F   share that reads at a tenth of the rate
//     --return S       a stalled one leaves and comes again after S seconds (0: never)
//     --churn C        listeners that leave and come again per second, from the first window on
//     --sample K       listeners whose MP3 framing is looked at (8)
//     --byte-rate B    of the stream (16000)          --burst B      bytes that a listener gets at once (96000)
//
// One JSON object a line goes to standard output: {"phase":…} when the ramp is done, at each window's edge, so that
// whoever measures the server reads its counters in the same moment, and at last the report. After the ramp it sleeps
// 10 ms between rounds of reading: its wake-ups would else be in the server's bill, and no remote listener's are.
// Only 127.0.0.0/8 is contacted. Listeners come from several addresses, so that ports are not what runs out.
#define _GNU_SOURCE
#include "listeners.h"
#include "tls.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { SOURCE_ADDRESSES = 8, EVENTS_MAX = 4096, TRUNCATED_READ_BYTES = 1 << 24, READ_BYTES = 1 << 20 };
static const double BURST_SECONDS = 0.5, CALM_AFTER_SECONDS = 0.5, ROUND_SECONDS = 0.01, SLOW_ROUND_SECONDS = 0.25,
                    SLOW_SHARE = 0.1;

Totals totals;
Listener *listeners;

static int poller;
static uint8_t buffer[READ_BYTES];

double seconds_now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

void fail(const char *what) {
    fprintf(stderr, "bench-listeners: %s\n", what);
    exit(2);
}

static void watch(Listener *listener, uint32_t events, int operation) {
    struct epoll_event event = {.events = events, .data.ptr = listener};
    epoll_ctl(poller, operation, listener->fd, &event);
}

static void close_tls(Listener *listener) {
    if (listener->tls) tls_close(listener->tls);
    listener->tls = NULL;
}

static void leave(Listener *listener) {
    close_tls(listener);
    if (listener->fd >= 0) close(listener->fd);
    listener->fd = -1;
    if (listener->state == STATE_BODY) totals.live--;
    listener->state = STATE_GONE;
    listener->is_whole = 0;
    free(listener->head);
    listener->head = NULL;
}

static void come(Listener *listener, double now) {
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), one = 1;
    if (fd < 0) fail("no socket: too few descriptors?");
    if (settings.mss) setsockopt(fd, IPPROTO_TCP, TCP_MAXSEG, &settings.mss, sizeof settings.mss);
    struct sockaddr_in source = {.sin_family = AF_INET};
    source.sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1 + (uint32_t)((listener - listeners) % SOURCE_ADDRESSES));
    setsockopt(fd, SOL_IP, IP_BIND_ADDRESS_NO_PORT, &one, sizeof one);
    listener->fd = fd;
    listener->state = STATE_CONNECTING;
    listener->head_bytes = 0;
    listener->head = malloc(HEAD_BYTES_MAX + 1);
    listener->bytes = 0;
    listener->connect_time = now;
    listener->gap = 0;
    listener->cushion = settings.burst / settings.byte_rate;
    if (!listener->head) fail("no memory");
    if (bind(fd, (struct sockaddr *)&source, sizeof source)
        || (connect(fd, (struct sockaddr *)&settings.server, sizeof settings.server) && errno != EINPROGRESS)) {
        totals.refused++;
        return leave(listener);
    }
    watch(listener, EPOLLOUT | EPOLLRDHUP, EPOLL_CTL_ADD);
}

static void lose(Listener *listener) {
    if (listener->state != STATE_BODY) totals.refused++;
    else if (listener->kind == KIND_NORMAL) totals.lost++;
    else totals.lost_slow++;
    leave(listener);
}

/// Accounts for sound that has arrived.
static void hear(Listener *listener, size_t count, double now) {
    if (!listener->bytes) {
        listener->first_time = now;
        note_first_audio(now - listener->connect_time);
    } else {
        double gap = now - listener->last_time;
        if (gap > listener->gap) listener->gap = gap;
        // What a player that began at once would still have had when this came; the burst comes in pieces.
        double played = now - listener->first_time;
        double cushion = (double)listener->bytes / settings.byte_rate - played;
        if (played > BURST_SECONDS && cushion < listener->cushion) listener->cushion = cushion;
    }
    listener->last_time = now;
    listener->bytes += count;
    totals.bytes += count;
    if (!totals.is_measuring) return;
    if (!listener->window_bytes) {
        listener->window_first_time = now;
        listener->window_first_bytes = listener->bytes;
    }
    listener->window_bytes += count;
}

static void read_head(Listener *listener, double now) {
    char *room = listener->head + listener->head_bytes;
    size_t most = HEAD_BYTES_MAX - (size_t)listener->head_bytes;
    ssize_t count = listener->tls ? tls_recv(listener->tls, room, most) : recv(listener->fd, room, most, 0);
    if (count < 0 && errno == EAGAIN) return;
    if (count <= 0) return lose(listener);
    listener->head_bytes += (int)count;
    listener->head[listener->head_bytes] = 0;
    char *end = memmem(listener->head, (size_t)listener->head_bytes, "\r\n\r\n", 4);
    if (!end) {
        if (listener->head_bytes == HEAD_BYTES_MAX) lose(listener);
        return;
    }
    char *status = strchr(listener->head, ' ');
    if (!status || atoi(status + 1) != 200) return lose(listener);
    listener->state = STATE_BODY;
    totals.live++;
    totals.joined++;
    size_t more = (size_t)(listener->head + listener->head_bytes - (end + 4));
    if (more) {
        hear(listener, more, now);
        if (listener->framing) framing_feed(listener->framing, (uint8_t *)end + 4, more);
    }
    free(listener->head);
    listener->head = NULL;
    while (listener->tls && tls_pending(listener->tls)) {
        ssize_t rest = tls_recv(listener->tls, buffer, sizeof buffer);
        if (rest <= 0) break;
        hear(listener, (size_t)rest, now);
        if (listener->framing) framing_feed(listener->framing, buffer, (size_t)rest);
    }
    // From here on the records of most are only counted: what decrypting costs is not the server's.
    if (!listener->framing) close_tls(listener);
    watch(listener, listener->kind == KIND_NORMAL ? EPOLLIN : EPOLLRDHUP, EPOLL_CTL_MOD);
}

static void read_body(Listener *listener, double now) {
    // MSG_TRUNC: TCP throws the bytes away without copying them.
    ssize_t count = listener->tls       ? tls_recv(listener->tls, buffer, sizeof buffer)
                    : listener->framing ? recv(listener->fd, buffer, sizeof buffer, 0)
                                        : recv(listener->fd, NULL, TRUNCATED_READ_BYTES, MSG_TRUNC);
    if (count < 0 && errno == EAGAIN) return;
    if (count <= 0) return lose(listener);
    hear(listener, (size_t)count, now);
    if (listener->framing) framing_feed(listener->framing, buffer, (size_t)count);
}

static void ask(Listener *listener) {
    ssize_t sent = listener->tls ? tls_send(listener->tls, settings.request, settings.request_bytes)
                                 : send(listener->fd, settings.request, settings.request_bytes, MSG_NOSIGNAL);
    if (sent != (ssize_t)settings.request_bytes) return lose(listener);
    listener->state = STATE_HEAD;
    watch(listener, EPOLLIN, EPOLL_CTL_MOD);
}

static void greet(Listener *listener) {
    int result = tls_greet(listener->tls);
    if (result < 0) return lose(listener);
    if (result) return ask(listener);
    watch(listener, EPOLLIN, EPOLL_CTL_MOD);
}

static void handle(Listener *listener, double now) {
    switch (listener->state) {
    case STATE_CONNECTING: {
        int error = 0;
        socklen_t length = sizeof error;
        getsockopt(listener->fd, SOL_SOCKET, SO_ERROR, &error, &length);
        if (error) return lose(listener);
        if (!settings.is_protected) return ask(listener);
        listener->tls = tls_open(listener->fd);
        listener->state = STATE_GREETING;
        return greet(listener);
    }
    case STATE_GREETING: return greet(listener);
    case STATE_HEAD: return read_head(listener, now);
    case STATE_BODY: return listener->kind == KIND_NORMAL ? read_body(listener, now) : lose(listener);
    default: return;
    }
}

// ---- what happens by the clock

static void read_slowly(double now) {
    static double last;
    if (now - last < SLOW_ROUND_SECONDS) return;
    double seconds = last ? now - last : SLOW_ROUND_SECONDS;
    last = now;
    size_t most = (size_t)(settings.byte_rate * SLOW_SHARE * seconds);
    for (int index = 0; index < settings.count; index++) {
        Listener *listener = &listeners[index];
        if (listener->kind != KIND_SLOW || listener->state != STATE_BODY) continue;
        ssize_t count = recv(listener->fd, NULL, most, MSG_TRUNC);
        if (count > 0) hear(listener, (size_t)count, now);
        else if (count == 0 || errno != EAGAIN) lose(listener);
    }
}

static void return_stalled(double now) {
    for (int index = 0; index < settings.count; index++) {
        Listener *listener = &listeners[index];
        if (listener->kind != KIND_STALLED || listener->state == STATE_IDLE) continue;
        if (now - listener->connect_time < settings.return_after) continue;
        leave(listener);
        come(listener, now);
        totals.returned++;
    }
}

static void churn(double now) {
    static double last;
    static unsigned seed = 1;
    if (!last) last = now;
    int due = (int)((now - last) * settings.churn);
    if (!due) return;
    last += due / settings.churn;
    for (int turn = 0; turn < due * 20 && due > 0; turn++) {
        Listener *listener = &listeners[rand_r(&seed) % settings.count];
        if (listener->kind != KIND_NORMAL || listener->state != STATE_BODY || listener->framing) continue;
        leave(listener);
        come(listener, now);
        totals.churned++;
        due--;
    }
}

static void begin_measuring(void) {
    totals.is_measuring = 1;
    for (int index = 0; index < settings.count; index++) {
        listeners[index].window_bytes = 0;
        listeners[index].is_whole = listeners[index].state == STATE_BODY;
    }
}

// ---- start

/// Deals the kinds evenly over the order of arrival, and the samples over the normal ones.
static void deal(void) {
    double stalled = 0, slow = 0, sampled = 0, share = (double)settings.sample / settings.count;
    listeners = calloc((size_t)settings.count, sizeof *listeners);
    if (!listeners) fail("no memory");
    for (int index = 0; index < settings.count; index++) {
        Listener *listener = &listeners[index];
        listener->fd = -1;
        stalled += settings.stalled;
        slow += settings.slow;
        sampled += share;
        if (stalled >= 1) listener->kind = KIND_STALLED, stalled -= 1;
        else if (slow >= 1) listener->kind = KIND_SLOW, slow -= 1;
        else if (sampled >= 1) {
            sampled -= 1;
            listener->framing = calloc(1, sizeof *listener->framing);
            if (!listener->framing) fail("no memory");
        }
    }
}

int main(int argc, char **argv) {
    parse_options(argc, argv);
    if (settings.cipher_seconds > 0) {
        printf("%.6f\n", tls_cipher_seconds_per_gib(settings.cipher_seconds, settings.count));
        return 0;
    }
    if (settings.is_protected) tls_prepare();
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    signal(SIGPIPE, SIG_IGN);
    setvbuf(stdout, NULL, _IOLBF, 0);
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    if ((rlim_t)settings.count + 20 > limit.rlim_cur) fail("too few descriptors for so many listeners (ulimit -Hn)");
    deal();
    poller = epoll_create1(EPOLL_CLOEXEC);
    static struct epoll_event events[EVENTS_MAX];
    double start = seconds_now(), ramp_end = 0, edge = 0;
    int arrived = 0, window = -1;
    for (;;) {
        double now = seconds_now();
        if (arrived < settings.count) {
            double due = (now - start) * settings.arrivals + 1;
            while (arrived < settings.count && arrived < due) come(&listeners[arrived++], now);
            if (arrived == settings.count) {
                ramp_end = now;
                edge = now + settings.settle;
                say_phase("ramped", now);
            }
        }
        if (ramp_end && now >= edge) {
            if (window < 0) begin_measuring();
            say_phase(window < 0 ? "settled" : "window", now);
            if (++window == settings.window_count) break;
            edge = now + settings.windows[window];
        }
        if (settings.slow > 0) read_slowly(now);
        if (settings.return_after > 0) return_stalled(now);
        if (settings.churn > 0 && window >= 0) churn(now);
        int count = epoll_wait(poller, events, EVENTS_MAX, 1);
        now = seconds_now();
        for (int index = 0; index < count; index++) handle(events[index].data.ptr, now);
        if (ramp_end && now > ramp_end + CALM_AFTER_SECONDS && count < EVENTS_MAX) {
            struct timespec pause = {0, (long)(ROUND_SECONDS * 1e9)};
            nanosleep(&pause, NULL);
        }
    }
    report(seconds_now() - start, ramp_end - start);
    return 0;
}
