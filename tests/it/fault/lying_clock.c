// Sets the wall clock of a process off by LYING_CLOCK_S seconds; the monotonic clock stays true. For LD_PRELOAD.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>

int clock_gettime(clockid_t id, struct timespec *now)
{
    static int (*truth)(clockid_t, struct timespec *);
    static long off;
    if (!truth) {
        const char *told = getenv("LYING_CLOCK_S");
        off = told ? atol(told) : 0;
        truth = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
    }
    int failed = truth(id, now);
    if (!failed && (id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE))
        now->tv_sec += off;
    return failed;
}
