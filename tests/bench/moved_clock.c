/* The wall clock of a program, moved by as many seconds as stand in a file: loaded with LD_PRELOAD.
 *
 * The file is MOVED_CLOCK_FILE, eight bytes, mapped into memory: a look at it costs nothing, and a move is
 * seen by all programs at once. Monotonic clocks stay as they are, as they do when an administrator sets the
 * clock. What waits until a moment by the wall clock is told the true moment.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

/* A moment since the machine's start is smaller than any by the wall clock. */
#define SURELY_WALL 1000000000

static const volatile int64_t nowhere = 0;
static const volatile int64_t *moved = &nowhere;

__attribute__((constructor)) static void begin(void)
{
    const char *path = getenv("MOVED_CLOCK_FILE");
    int file = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    if (file < 0)
        return;
    void *seen = mmap(NULL, sizeof(int64_t), PROT_READ, MAP_SHARED, file, 0);
    if (seen != MAP_FAILED)
        moved = seen;
    close(file);
}

static int is_wall(clockid_t clock)
{
    return clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE;
}

static struct timespec true_moment(const struct timespec *told)
{
    struct timespec is = *told;
    if (is.tv_sec > SURELY_WALL)
        is.tv_sec -= *moved;
    return is;
}

#define REAL(name, ...)                                                                                        \
    static int (*real)(__VA_ARGS__);                                                                           \
    if (!real)                                                                                                 \
        real = (int (*)(__VA_ARGS__))dlsym(RTLD_NEXT, name)

int clock_gettime(clockid_t clock, struct timespec *at)
{
    REAL("clock_gettime", clockid_t, struct timespec *);
    int failed = real(clock, at);
    if (!failed && is_wall(clock))
        at->tv_sec += *moved;
    return failed;
}

int gettimeofday(struct timeval *restrict at, void *restrict zone)
{
    struct timespec now;
    (void)zone;
    clock_gettime(CLOCK_REALTIME, &now);
    at->tv_sec = now.tv_sec;
    at->tv_usec = now.tv_nsec / 1000;
    return 0;
}

time_t time(time_t *at)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (at)
        *at = now.tv_sec;
    return now.tv_sec;
}

int pthread_cond_timedwait(pthread_cond_t *restrict one, pthread_mutex_t *restrict lock,
                           const struct timespec *restrict until)
{
    REAL("pthread_cond_timedwait", pthread_cond_t *, pthread_mutex_t *, const struct timespec *);
    struct timespec is = true_moment(until);
    return real(one, lock, &is);
}

int pthread_mutex_timedlock(pthread_mutex_t *restrict lock, const struct timespec *restrict until)
{
    REAL("pthread_mutex_timedlock", pthread_mutex_t *, const struct timespec *);
    struct timespec is = true_moment(until);
    return real(lock, &is);
}

int sem_timedwait(sem_t *restrict one, const struct timespec *restrict until)
{
    REAL("sem_timedwait", sem_t *, const struct timespec *);
    struct timespec is = true_moment(until);
    return real(one, &is);
}
