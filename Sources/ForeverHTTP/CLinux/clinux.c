#define _GNU_SOURCE
#include "CLinux.h"
#include <errno.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <stddef.h>
#include <sys/random.h>

int clinux_epoll_control(int epoll, int operation, int fd, uint32_t events, uint64_t token) {
    struct epoll_event event = {.events = events, .data = {.u64 = token}};
    return epoll_ctl(epoll, operation, fd, &event);
}

int clinux_accept(int fd, struct sockaddr *address, socklen_t *length) {
    return accept4(fd, address, length, SOCK_NONBLOCK | SOCK_CLOEXEC);
}

long clinux_random(void *bytes, unsigned long count) { return getrandom(bytes, count, 0); }

void clinux_name_thread(const char *name) { prctl(PR_SET_NAME, name); }

int clinux_traffic(int fd, struct clinux_traffic *traffic) {
    struct tcp_info info = {0};
    socklen_t length = sizeof info;
    if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &length) != 0) return -1;
    if (length < offsetof(struct tcp_info, tcpi_bytes_retrans)) {
        errno = ENOTSUP;
        return -1;
    }
    union {
        struct sockaddr any;
        struct sockaddr_in6 six;
    } name = {0};
    length = sizeof name;
    if (getsockname(fd, &name.any, &length) != 0) return -1;
    traffic->bytes_sent = info.tcpi_bytes_sent;
    traffic->bytes_received = info.tcpi_bytes_received;
    traffic->segments_sent = info.tcpi_segs_out;
    traffic->segments_received = info.tcpi_segs_in;
    traffic->unsent_bytes = info.tcpi_notsent_bytes;
    traffic->segment_bytes = info.tcpi_snd_mss;
    traffic->state = info.tcpi_state;
    traffic->has_timestamps = (info.tcpi_options & TCPI_OPT_TIMESTAMPS) != 0;
    traffic->is_ipv4 = name.any.sa_family == AF_INET || IN6_IS_ADDR_V4MAPPED(&name.six.sin6_addr);
    return 0;
}
