#define _GNU_SOURCE
#include "CLinux.h"
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
