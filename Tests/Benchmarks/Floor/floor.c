// The floor of a fan-out: the least that one thread can do on Linux to give many listeners one MP3.
//
//   bench-floor --port N --file FILE [--period MS] [--burst BYTES] [--steps N] [--rate BYTES] [--send-buffer BYTES]
//
// The file is paced into a ring of memory that is mapped twice in a row, so that every piece of it is one run. In each
// period every listener gets one send of what has come since its last one; the listeners are spread over the steps of
// the period. epoll is there for accepting, for the request's head, and for learning that a peer has left. Reply head
// and burst leave in one writev; what of it the kernel's buffer cannot hold follows a period later, unless a larger
// buffer is asked for. Nothing of HTTP is read but the end of the head.
//
// It is a yardstick and no server: no limits, no titles, no positions, no deadline for anybody. 127.0.0.1 only.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum { RING_BYTES = 1 << 20, HEAD_BYTES_MAX = 1024, EVENTS_MAX = 512, ACCEPTS_PER_TURN_MAX = 64, STEPS_MAX = 256 };

/// One connection: at first its request's head, then a descriptor and a position.
typedef struct {
    uint64_t position;
    int fd;
    int step;   // the table it is in; -1 while its head is being read
    int index;  // its place in that table
    int head_bytes;
    char *head;
} Listener;

/// The listeners that are served in one step of the period.
typedef struct {
    Listener **listeners;
    int count, capacity;
} Table;

static const char REPLY[] =
    "HTTP/1.1 200 OK\r\nServer: floor\r\nContent-Type: audio/mpeg\r\nConnection: close\r\n"
    "Cache-Control: no-cache, no-store\r\n\r\n";

static uint8_t *ring;           // mapped twice: 2 * RING_BYTES long
static uint64_t edge;           // position behind the last byte in the ring
static const uint8_t *file;     // what plays, over and over
static size_t file_bytes;
static Table tables[STEPS_MAX];
static int steps = 1, next_step;
static uint64_t burst_bytes = 96000;
static int send_buffer_bytes;   // of each connection; 0: as the kernel has it
static int poller;

static void fail(const char *what) {
    fprintf(stderr, "bench-floor: %s: %s\n", what, strerror(errno));
    exit(1);
}

static double seconds_now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static uint8_t *ring_at(uint64_t position) { return ring + (position & (RING_BYTES - 1)); }

/// Puts the file's next bytes into the ring until its edge is at `target`.
static void fill(uint64_t target) {
    while (edge < target) {
        uint64_t offset = edge % file_bytes, count = target - edge;
        if (count > file_bytes - offset) count = file_bytes - offset;
        if (count > RING_BYTES) count = RING_BYTES;
        memcpy(ring_at(edge), file + offset, count);
        edge += count;
    }
}

static void map_ring(void) {
    int fd = memfd_create("floor", MFD_CLOEXEC);
    if (fd < 0 || ftruncate(fd, RING_BYTES)) fail("memfd_create");
    ring = mmap(NULL, 2 * RING_BYTES, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (ring == MAP_FAILED) fail("mmap");
    for (int half = 0; half < 2; half++) {
        void *place = ring + half * RING_BYTES;
        if (mmap(place, RING_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd, 0) != place) fail("mmap");
    }
    close(fd);
}

static void map_file(const char *path) {
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat status;
    if (fd < 0 || fstat(fd, &status) || status.st_size == 0) fail(path);
    file_bytes = (size_t)status.st_size;
    file = mmap(NULL, file_bytes, PROT_READ, MAP_PRIVATE, fd, 0);
    if (file == MAP_FAILED) fail(path);
    close(fd);
}

static int listen_on(int port) {
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), one = 1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (bind(fd, (struct sockaddr *)&address, sizeof address) || listen(fd, 4096)) fail("listen");
    return fd;
}

/// A turn's events name each descriptor once and the step comes after them, so nobody asks for it again.
static void forget(Listener *listener) {
    if (listener->step >= 0) {
        Table *table = &tables[listener->step];
        Listener *last = table->listeners[--table->count];
        table->listeners[listener->index] = last;
        last->index = listener->index;
    }
    close(listener->fd);
    free(listener->head);
    free(listener);
}

/// One send of all that is due; what the kernel does not take is due again a period later.
static void serve(Listener *listener) {
    uint64_t due = edge - listener->position;
    if (due > RING_BYTES / 2) return forget(listener);
    if (!due) return;
    ssize_t taken = send(listener->fd, ring_at(listener->position), due, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (taken >= 0) listener->position += (uint64_t)taken;
    else if (errno != EAGAIN && errno != ENOBUFS) forget(listener);
}

static void serve_step(void) {
    Table *table = &tables[next_step];
    next_step = (next_step + 1) % steps;
    for (int index = table->count - 1; index >= 0; index--) serve(table->listeners[index]);
}

static void accept_some(int fd) {
    for (int turn = 0; turn < ACCEPTS_PER_TURN_MAX; turn++) {
        int peer = accept4(fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (peer < 0) return;
        Listener *listener = calloc(1, sizeof *listener);
        if (!listener || !(listener->head = malloc(HEAD_BYTES_MAX))) fail("malloc");
        listener->fd = peer;
        listener->step = -1;
        struct epoll_event event = {.events = EPOLLIN | EPOLLRDHUP, .data.ptr = listener};
        if (epoll_ctl(poller, EPOLL_CTL_ADD, peer, &event)) fail("epoll_ctl");
    }
}

/// Reply head and burst in one call, then a place in the emptiest step, of these the last to come.
static void join(Listener *listener) {
    free(listener->head);
    listener->head = NULL;
    if (send_buffer_bytes)
        setsockopt(listener->fd, SOL_SOCKET, SO_SNDBUF, &send_buffer_bytes, sizeof send_buffer_bytes);
    listener->position = edge - burst_bytes;
    struct iovec runs[2] = {{(void *)REPLY, sizeof REPLY - 1}, {ring_at(listener->position), burst_bytes}};
    ssize_t taken = writev(listener->fd, runs, 2);
    if (taken < (ssize_t)sizeof REPLY - 1) return forget(listener);
    listener->position += (uint64_t)taken - (sizeof REPLY - 1);
    int best = next_step;
    for (int offset = 0; offset < steps; offset++) {
        int step = (next_step + offset) % steps;
        if (tables[step].count <= tables[best].count) best = step;
    }
    Table *table = &tables[best];
    if (table->count == table->capacity) {
        table->capacity = table->capacity ? table->capacity * 2 : 64;
        table->listeners = realloc(table->listeners, (size_t)table->capacity * sizeof *table->listeners);
        if (!table->listeners) fail("realloc");
    }
    listener->step = best;
    listener->index = table->count;
    table->listeners[table->count++] = listener;
    struct epoll_event event = {.events = EPOLLRDHUP, .data.ptr = listener};
    epoll_ctl(poller, EPOLL_CTL_MOD, listener->fd, &event);
}

static void peer_event(Listener *listener) {
    if (listener->step >= 0) return forget(listener);
    ssize_t count = recv(
        listener->fd, listener->head + listener->head_bytes, (size_t)(HEAD_BYTES_MAX - listener->head_bytes), 0);
    if (count < 0 && errno == EAGAIN) return;
    if (count <= 0) return forget(listener);
    listener->head_bytes += (int)count;
    if (memmem(listener->head, (size_t)listener->head_bytes, "\r\n\r\n", 4)) return join(listener);
    if (listener->head_bytes == HEAD_BYTES_MAX) forget(listener);
}

int main(int argc, char **argv) {
    static const struct option options[] = {
        {"port", 1, 0, 'p'},  {"file", 1, 0, 'f'}, {"period", 1, 0, 'e'},      {"burst", 1, 0, 'b'},
        {"steps", 1, 0, 's'}, {"rate", 1, 0, 'r'}, {"send-buffer", 1, 0, 'n'}, {0}};
    int port = 0, period_ms = 1000, option;
    double byte_rate = 16000;
    const char *path = NULL;
    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) switch (option) {
        case 'p': port = atoi(optarg); break;
        case 'f': path = optarg; break;
        case 'e': period_ms = atoi(optarg); break;
        case 'b': burst_bytes = strtoull(optarg, NULL, 10); break;
        case 's': steps = atoi(optarg); break;
        case 'r': byte_rate = atof(optarg); break;
        case 'n': send_buffer_bytes = atoi(optarg); break;
        default: return 2;
        }
    if (!path || port < 1 || port > 65535 || steps < 1 || steps > STEPS_MAX || period_ms < steps
        || period_ms > 10000 || burst_bytes > RING_BYTES / 2) {
        fprintf(stderr, "bench-floor: --port N --file FILE [--period MS] [--burst BYTES] [--steps N] [--rate BYTES]"
                        " [--send-buffer BYTES]\n");
        return 2;
    }
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    signal(SIGPIPE, SIG_IGN);
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    map_file(path);
    map_ring();
    fill(burst_bytes);

    poller = epoll_create1(EPOLL_CLOEXEC);
    int listening = listen_on(port), timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    long step_ns = period_ms * 1000000L / steps;
    struct itimerspec pace = {.it_interval = {step_ns / 1000000000, step_ns % 1000000000}};
    pace.it_value = pace.it_interval;
    timerfd_settime(timer, 0, &pace, NULL);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = &listening};
    epoll_ctl(poller, EPOLL_CTL_ADD, listening, &event);
    event.data.ptr = &timer;
    epoll_ctl(poller, EPOLL_CTL_ADD, timer, &event);

    double start = seconds_now();
    struct epoll_event events[EVENTS_MAX];
    for (;;) {
        int count = epoll_wait(poller, events, EVENTS_MAX, -1);
        int timer_fired = 0, may_accept = 0;
        for (int index = 0; index < count; index++) {
            void *what = events[index].data.ptr;
            if (what == &timer) timer_fired = 1;
            else if (what == &listening) may_accept = 1;
            else peer_event(what);
        }
        if (timer_fired) {
            uint64_t expirations;
            if (read(timer, &expirations, sizeof expirations) == sizeof expirations) {
                fill(burst_bytes + (uint64_t)((seconds_now() - start) * byte_rate));
                serve_step();
            }
        }
        if (may_accept) accept_some(listening);
    }
}
