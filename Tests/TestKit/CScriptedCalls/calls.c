#define _GNU_SOURCE
#include "internal.h"
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

static __thread struct {
    scripted_decide decide;
    scripted_done done;
    void *context;
    /* above 0 while calls go straight on */
    int aside;
    int swallow_from;
    uint64_t swallowed;
} script;

int scripted_available(void) { return !SCRIPTED_OFF; }

void scripted_install(scripted_decide decide, scripted_done done, void *context) {
    script.decide = decide;
    script.done = done;
    script.context = context;
}

void scripted_set_aside(int aside) { script.aside += aside ? 1 : -1; }

void scripted_swallow_from(int first) { script.swallow_from = first; }

uint64_t scripted_swallowed_sends(void) { return script.swallowed; }

#if !SCRIPTED_OFF

#define IS_SCRIPTED (__builtin_expect(script.decide != NULL, 0) && script.aside == 0)
#define IS_SWALLOWED(fd) (__builtin_expect(script.swallow_from > 0, 0) && (fd) >= script.swallow_from)

/* The C library's own function. */
#define REAL(name)                                                           \
    ({                                                                       \
        static __typeof__(&name) found;                                      \
        __typeof__(&name) real = __atomic_load_n(&found, __ATOMIC_RELAXED);  \
        if (real == NULL) {                                                  \
            *(void **)&real = dlsym(RTLD_NEXT, #name);                       \
            __atomic_store_n(&found, real, __ATOMIC_RELAXED);                \
        }                                                                    \
        real;                                                                \
    })

static struct scripted_answer ask(const struct scripted_call *call) {
    script.aside++;
    struct scripted_answer answer = script.decide(script.context, call);
    script.aside--;
    return answer;
}

static long tell(const struct scripted_call *call, struct scripted_answer answer, long result) {
    int code = errno;
    if (script.done != NULL) {
        script.aside++;
        script.done(script.context, call, result);
        script.aside--;
    }
    errno = code;
    if (answer.kind != scripted_fail_after) return result;
    errno = (int)answer.value;
    return -1;
}

/* Asks, and gives what the script says or, made by `real`, the call's own result. `count` is what `at_most` shortens. */
#define SCRIPTED(type, call, count, real)                                                   \
    do {                                                                                    \
        struct scripted_answer answer = ask(call);                                          \
        if (answer.kind == scripted_fail) {                                                 \
            errno = (int)answer.value;                                                      \
            return (type)-1;                                                                \
        }                                                                                   \
        if (answer.kind == scripted_answer_with) return (type)answer.value;                 \
        if (answer.kind == scripted_at_most && (long)(count) > answer.value) (count) = answer.value; \
        return (type)tell(call, answer, (long)(real));                                      \
    } while (0)

#define SIMPLE(type, what, descriptor, real)                                   \
    do {                                                                       \
        size_t ignored = 0;                                                    \
        struct scripted_call call = {.kind = (what), .fd = (descriptor)};      \
        SCRIPTED(type, &call, ignored, real);                                  \
    } while (0)

ssize_t send(int fd, const void *bytes, size_t count, int flags) {
    if (IS_SWALLOWED(fd)) {
        script.swallowed++;
        return (ssize_t)count;
    }
    if (!IS_SCRIPTED) return REAL(send)(fd, bytes, count, flags);
    struct iovec run = {.iov_base = (void *)bytes, .iov_len = count};
    struct scripted_call call = {.kind = scripted_call_send, .fd = fd, .runs = &run, .run_count = 1};
    SCRIPTED(ssize_t, &call, count, REAL(send)(fd, bytes, count, flags));
}

static size_t total(const struct msghdr *message) {
    size_t bytes = 0;
    for (size_t index = 0; index < message->msg_iovlen; index++) bytes += message->msg_iov[index].iov_len;
    return bytes;
}

/* Sends no more than the first `count` bytes of a message. */
static ssize_t send_some(int fd, const struct msghdr *message, size_t count, int flags) {
    struct iovec runs[256];
    struct msghdr shorter = *message;
    shorter.msg_iov = runs;
    shorter.msg_iovlen = 0;
    for (size_t index = 0; index < message->msg_iovlen && index < 256 && count > 0; index++) {
        struct iovec run = message->msg_iov[index];
        if (run.iov_len > count) run.iov_len = count;
        count -= run.iov_len;
        runs[shorter.msg_iovlen++] = run;
    }
    return REAL(sendmsg)(fd, &shorter, flags);
}

ssize_t sendmsg(int fd, const struct msghdr *message, int flags) {
    if (IS_SWALLOWED(fd)) {
        script.swallowed++;
        return (ssize_t)total(message);
    }
    if (!IS_SCRIPTED) return REAL(sendmsg)(fd, message, flags);
    size_t count = total(message);
    struct scripted_call call = {
        .kind = scripted_call_sendmsg, .fd = fd, .runs = message->msg_iov, .run_count = message->msg_iovlen};
    SCRIPTED(ssize_t, &call, count, send_some(fd, message, count, flags));
}

ssize_t recv(int fd, void *bytes, size_t count, int flags) {
    if (!IS_SCRIPTED) return REAL(recv)(fd, bytes, count, flags);
    struct scripted_call call = {.kind = scripted_call_recv, .fd = fd};
    SCRIPTED(ssize_t, &call, count, REAL(recv)(fd, bytes, count, flags));
}

ssize_t read(int fd, void *bytes, size_t count) {
    if (!IS_SCRIPTED) return REAL(read)(fd, bytes, count);
    SIMPLE(ssize_t, scripted_call_read, fd, REAL(read)(fd, bytes, count));
}

ssize_t write(int fd, const void *bytes, size_t count) {
    if (!IS_SCRIPTED) return REAL(write)(fd, bytes, count);
    SIMPLE(ssize_t, scripted_call_write, fd, REAL(write)(fd, bytes, count));
}

int socket(int family, int type, int protocol) {
    if (!IS_SCRIPTED) return REAL(socket)(family, type, protocol);
    SIMPLE(int, scripted_call_socket, -1, REAL(socket)(family, type, protocol));
}

int bind(int fd, const struct sockaddr *address, socklen_t length) {
    if (!IS_SCRIPTED) return REAL(bind)(fd, address, length);
    SIMPLE(int, scripted_call_bind, fd, REAL(bind)(fd, address, length));
}

int listen(int fd, int backlog) {
    if (!IS_SCRIPTED) return REAL(listen)(fd, backlog);
    SIMPLE(int, scripted_call_listen, fd, REAL(listen)(fd, backlog));
}

int connect(int fd, const struct sockaddr *address, socklen_t length) {
    if (!IS_SCRIPTED) return REAL(connect)(fd, address, length);
    SIMPLE(int, scripted_call_connect, fd, REAL(connect)(fd, address, length));
}

int accept4(int fd, struct sockaddr *address, socklen_t *length, int flags) {
    if (!IS_SCRIPTED) return REAL(accept4)(fd, address, length, flags);
    SIMPLE(int, scripted_call_accept, fd, REAL(accept4)(fd, address, length, flags));
}

int getsockname(int fd, struct sockaddr *address, socklen_t *length) {
    if (!IS_SCRIPTED) return REAL(getsockname)(fd, address, length);
    SIMPLE(int, scripted_call_getsockname, fd, REAL(getsockname)(fd, address, length));
}

int getsockopt(int fd, int level, int option, void *value, socklen_t *length) {
    if (!IS_SCRIPTED) return REAL(getsockopt)(fd, level, option, value, length);
    SIMPLE(int, scripted_call_getsockopt, fd, REAL(getsockopt)(fd, level, option, value, length));
}

int setsockopt(int fd, int level, int option, const void *value, socklen_t length) {
    if (IS_SWALLOWED(fd)) return 0;
    if (!IS_SCRIPTED) return REAL(setsockopt)(fd, level, option, value, length);
    struct scripted_call call = {.kind = scripted_call_setsockopt, .fd = fd, .operation = option};
    if (length == sizeof(int)) memcpy(&call.value, value, sizeof(int));
    size_t ignored = 0;
    SCRIPTED(int, &call, ignored, REAL(setsockopt)(fd, level, option, value, length));
}

int shutdown(int fd, int how) {
    if (!IS_SCRIPTED) return REAL(shutdown)(fd, how);
    SIMPLE(int, scripted_call_shutdown, fd, REAL(shutdown)(fd, how));
}

int close(int fd) {
    if (IS_SWALLOWED(fd)) return 0;
    if (!IS_SCRIPTED) return REAL(close)(fd);
    SIMPLE(int, scripted_call_close, fd, REAL(close)(fd));
}

int epoll_create1(int flags) {
    if (!IS_SCRIPTED) return REAL(epoll_create1)(flags);
    SIMPLE(int, scripted_call_epoll_create, -1, REAL(epoll_create1)(flags));
}

int epoll_ctl(int epoll, int operation, int fd, struct epoll_event *event) {
    if (!IS_SCRIPTED) return REAL(epoll_ctl)(epoll, operation, fd, event);
    struct scripted_call call = {.kind = scripted_call_epoll_ctl, .fd = fd, .operation = operation};
    size_t ignored = 0;
    SCRIPTED(int, &call, ignored, REAL(epoll_ctl)(epoll, operation, fd, event));
}

int epoll_wait(int epoll, struct epoll_event *events, int most, int milliseconds) {
    if (!IS_SCRIPTED) return REAL(epoll_wait)(epoll, events, most, milliseconds);
    SIMPLE(int, scripted_call_epoll_wait, epoll, REAL(epoll_wait)(epoll, events, most, milliseconds));
}

int eventfd(unsigned int value, int flags) {
    if (!IS_SCRIPTED) return REAL(eventfd)(value, flags);
    SIMPLE(int, scripted_call_eventfd, -1, REAL(eventfd)(value, flags));
}

int open(const char *path, int flags, ...) {
    mode_t mode = 0;
    if (flags & (O_CREAT | O_TMPFILE)) {
        va_list arguments;
        va_start(arguments, flags);
        mode = va_arg(arguments, mode_t);
        va_end(arguments);
    }
    if (!IS_SCRIPTED) return REAL(open)(path, flags, mode);
    SIMPLE(int, scripted_call_open, -1, REAL(open)(path, flags, mode));
}

int flock(int fd, int operation) {
    if (!IS_SCRIPTED) return REAL(flock)(fd, operation);
    SIMPLE(int, scripted_call_flock, fd, REAL(flock)(fd, operation));
}

int fstat(int fd, struct stat *status) {
    if (!IS_SCRIPTED) return REAL(fstat)(fd, status);
    SIMPLE(int, scripted_call_fstat, fd, REAL(fstat)(fd, status));
}

int ftruncate(int fd, off_t length) {
    if (!IS_SCRIPTED) return REAL(ftruncate)(fd, length);
    SIMPLE(int, scripted_call_ftruncate, fd, REAL(ftruncate)(fd, length));
}

/* Gives its error as its result. */
int posix_fallocate(int fd, off_t offset, off_t length) {
    if (!IS_SCRIPTED) return REAL(posix_fallocate)(fd, offset, length);
    struct scripted_call call = {.kind = scripted_call_fallocate, .fd = fd};
    struct scripted_answer answer = ask(&call);
    if (answer.kind == scripted_fail) return (int)answer.value;
    return (int)tell(&call, answer, REAL(posix_fallocate)(fd, offset, length));
}

void *mmap(void *address, size_t length, int protection, int flags, int fd, off_t offset) {
    if (!IS_SCRIPTED) return REAL(mmap)(address, length, protection, flags, fd, offset);
    SIMPLE(void *, scripted_call_mmap, fd, REAL(mmap)(address, length, protection, flags, fd, offset));
}

int munmap(void *address, size_t length) {
    if (!IS_SCRIPTED) return REAL(munmap)(address, length);
    SIMPLE(int, scripted_call_munmap, -1, REAL(munmap)(address, length));
}
#endif
