#define _GNU_SOURCE
#include "internal.h"
#include <dlfcn.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>

static __thread int counting;
static __thread struct scripted_counts counts;

#if !SCRIPTED_OFF
/* glibc's own allocator, behind the names defined here. */
void *__libc_malloc(size_t);
void *__libc_calloc(size_t, size_t);
void *__libc_realloc(void *, size_t);
void *__libc_memalign(size_t, size_t);
void __libc_free(void *);

static inline void allocated(void) {
    if (__builtin_expect(counting, 0)) counts.allocations++;
}

void *malloc(size_t size) {
    allocated();
    return __libc_malloc(size);
}

void *calloc(size_t count, size_t size) {
    allocated();
    return __libc_calloc(count, size);
}

void *realloc(void *old, size_t size) {
    allocated();
    return __libc_realloc(old, size);
}

void *memalign(size_t alignment, size_t size) {
    allocated();
    return __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size) { return memalign(alignment, size); }

int posix_memalign(void **result, size_t alignment, size_t size) {
    if (alignment % sizeof(void *) != 0 || alignment == 0 || (alignment & (alignment - 1)) != 0) return EINVAL;
    int before = errno;
    void *made = memalign(alignment, size);
    errno = before;
    if (made == NULL) return ENOMEM;
    *result = made;
    return 0;
}

void free(void *old) {
    if (__builtin_expect(counting, 0) && old != NULL) counts.deallocations++;
    __libc_free(old);
}

/* The Swift runtime's own, as compiled code calls them. (Its hooks for instruments cannot be used: with them on, it takes
 * short strings for objects.) */
static void *resolved(_Atomic(void *) *place, const char *name) {
    void *real = atomic_load_explicit(place, memory_order_relaxed);
    if (__builtin_expect(real == NULL, 0)) {
        real = dlsym(RTLD_NEXT, name);
        atomic_store_explicit(place, real, memory_order_relaxed);
    }
    return real;
}

#define COUNTED_RETAIN(name)                                                          \
    void *name(void *object) {                                                        \
        static _Atomic(void *) real;                                                  \
        if (__builtin_expect(counting, 0)) counts.retains++;                          \
        return ((void *(*)(void *))resolved(&real, #name))(object);                   \
    }                                                                                 \
    void *name##_n(void *object, uint32_t n) {                                        \
        static _Atomic(void *) real;                                                  \
        if (__builtin_expect(counting, 0)) counts.retains += n;                       \
        return ((void *(*)(void *, uint32_t))resolved(&real, #name "_n"))(object, n); \
    }

#define COUNTED_RELEASE(name)                                                         \
    void name(void *object) {                                                         \
        static _Atomic(void *) real;                                                  \
        if (__builtin_expect(counting, 0)) counts.releases++;                         \
        ((void (*)(void *))resolved(&real, #name))(object);                           \
    }                                                                                 \
    void name##_n(void *object, uint32_t n) {                                         \
        static _Atomic(void *) real;                                                  \
        if (__builtin_expect(counting, 0)) counts.releases += n;                      \
        ((void (*)(void *, uint32_t))resolved(&real, #name "_n"))(object, n);         \
    }

COUNTED_RETAIN(swift_retain)
COUNTED_RETAIN(swift_bridgeObjectRetain)
COUNTED_RELEASE(swift_release)
COUNTED_RELEASE(swift_bridgeObjectRelease)
#endif

void scripted_begin_counting(void) {
    counts = (struct scripted_counts){0};
    counting = 1;
}

struct scripted_counts scripted_end_counting(void) {
    counting = 0;
    return counts;
}
