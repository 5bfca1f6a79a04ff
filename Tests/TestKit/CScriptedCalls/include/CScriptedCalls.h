#pragma once
/* System calls that a test scripts, and counts of allocations and reference counting: each for the calling thread only.
 *
 * The functions of the C library are defined once more in the test program and stand in front of the library's own. On
 * a thread without a script they go straight on to these, so that tests on other threads notice nothing. Under a
 * sanitizer, which does the same, nothing is defined here and `scripted_available` says so. */
#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

enum {
    scripted_call_send, scripted_call_sendmsg, scripted_call_recv, scripted_call_read, scripted_call_write,
    scripted_call_socket, scripted_call_bind, scripted_call_listen, scripted_call_connect, scripted_call_accept,
    scripted_call_getsockname, scripted_call_getsockopt, scripted_call_setsockopt, scripted_call_shutdown,
    scripted_call_close, scripted_call_epoll_create, scripted_call_epoll_ctl, scripted_call_epoll_wait,
    scripted_call_eventfd, scripted_call_open, scripted_call_flock, scripted_call_fstat, scripted_call_ftruncate,
    scripted_call_fallocate, scripted_call_mmap, scripted_call_munmap,
    scripted_call_kinds
};

/* One call, as its script sees it. */
struct scripted_call {
    int kind;
    /* the descriptor it is about; -1 where there is none yet */
    int fd;
    /* the operation of epoll_ctl, the option of setsockopt */
    int operation;
    /* the value of an option that is an int */
    int value;
    /* what is to be sent: runs of bytes, valid during the call */
    const struct iovec *runs;
    size_t run_count;
};

enum {
    /* make the call */
    scripted_pass,
    /* do not make it; fail with the errno `value` */
    scripted_fail,
    /* make it, then say that it failed with the errno `value`: how `close` fails */
    scripted_fail_after,
    /* do not make it; the result is `value` */
    scripted_answer_with,
    /* make it with at most `value` bytes */
    scripted_at_most
};

struct scripted_answer {
    int kind;
    long value;
};

typedef struct scripted_answer (*scripted_decide)(void *context, const struct scripted_call *call);
/* Told after a call that was made. */
typedef void (*scripted_done)(void *context, const struct scripted_call *call, long result);

/* 1 where calls can be scripted and allocations counted; 0 under a sanitizer. */
int scripted_available(void);
/* Scripts the calling thread's calls; without `decide` no more. Calls made by the script itself are not scripted. */
void scripted_install(scripted_decide decide, scripted_done done, void *context);
/* Makes the calling thread's calls go straight on while it is set. */
void scripted_set_aside(int aside);
/* Descriptors from `first` on are no real ones: whatever is sent to them is taken, without asking a script.
 * 0: no such descriptors. */
void scripted_swallow_from(int first);
/* Sends swallowed on the calling thread so far. */
uint64_t scripted_swallowed_sends(void);

/* What the calling thread has done since it began to count. */
struct scripted_counts {
    uint64_t allocations;
    uint64_t deallocations;
    uint64_t retains;
    uint64_t releases;
};

void scripted_begin_counting(void);
struct scripted_counts scripted_end_counting(void);

/* Puts the calling thread, and nobody else, into a network of its own with nothing in it but a loopback of that MTU whose
 * packets are as a network card's: no bundles. -1 where that may not be done. What the thread opened before stays outside. */
int private_network_enter(int mtu);
/* What that loopback has sent so far. */
int private_network_sent(uint64_t *bytes, uint64_t *packets);
