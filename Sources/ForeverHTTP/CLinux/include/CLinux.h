#pragma once
/* What Glibc's Swift module does not export. Declarations and thin wrappers only, no logic. */
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/mman.h>
#include <sys/prctl.h>

/* epoll_event is packed and holds a union: these keep both out of Swift. */
int clinux_epoll_control(int epoll, int operation, int fd, uint32_t events, uint64_t token);
static inline uint64_t clinux_epoll_token(const struct epoll_event *event) { return event->data.u64; }
static inline uint32_t clinux_epoll_events(const struct epoll_event *event) { return event->events; }

/* accept4 with SOCK_NONBLOCK | SOCK_CLOEXEC. */
int clinux_accept(int fd, struct sockaddr *address, socklen_t *length);

/* getrandom without flags; bytes written or -1. */
long clinux_random(void *bytes, unsigned long count);

/* The calling thread's name as ps and top show it; cut to 15 bytes. */
void clinux_name_thread(const char *name);

/* What TCP has sent and received on a connection so far, as the kernel counts it. */
struct clinux_traffic {
    uint64_t bytes_sent, bytes_received;
    uint32_t segments_sent, segments_received, unsent_bytes, segment_bytes;
    uint8_t state, has_timestamps, is_ipv4;
};

/* 0, or -1 with errno for what is no TCP connection or a kernel that does not count (before 4.19). */
int clinux_traffic(int fd, struct clinux_traffic *traffic);
