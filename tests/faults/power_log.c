/* Logs every change a process makes to the files below POWER_DIR, with data, to the file POWER_LOG (LD_PRELOAD).
 *
 * Record: one byte of kind, then offset, length of data, length of path, length of second path (64 bit each, this
 * machine's byte order), then path, second path, data. Kinds: C create, W write, T truncate, S sync of a file or
 * folder, R rename, U unlink.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static int log_fd = -1;
static char root[PATH_MAX];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

__attribute__((constructor)) static void begin(void) {
    const char *log = getenv("POWER_LOG"), *dir = getenv("POWER_DIR");
    if (!log || !dir || !realpath(dir, root)) return;
    log_fd = (int)syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

static int watched(const char *path) {
    size_t size = strlen(root);
    return log_fd >= 0 && strncmp(path, root, size) == 0 && (path[size] == '/' || path[size] == 0);
}

static void put(const void *data, size_t size) {
    const char *at = data;
    while (size) {
        long done = syscall(SYS_write, log_fd, at, size);
        if (done <= 0) abort();
        at += done;
        size -= (size_t)done;
    }
}

static void record(char kind, const char *path, const char *second, uint64_t offset, const void *data, uint64_t size) {
    uint64_t head[4] = {offset, size, strlen(path), second ? strlen(second) : 0};
    put(&kind, 1);
    put(head, sizeof head);
    put(path, head[2]);
    if (second) put(second, head[3]);
    if (size) put(data, size);
}

/* The name under which a descriptor was opened; 0 when it is not below POWER_DIR. */
static int name_of(int fd, char *path) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t size = readlink(link, path, PATH_MAX - 1);
    if (size < 0) return 0;
    path[size] = 0;
    return watched(path);
}

static ssize_t logged_write(int fd, const void *data, size_t size, off64_t offset) {
    char path[PATH_MAX];
    pthread_mutex_lock(&lock);
    int wanted = log_fd >= 0 && name_of(fd, path);
    if (wanted && offset < 0) offset = syscall(SYS_lseek, fd, 0, SEEK_CUR);
    ssize_t done = wanted ? syscall(SYS_pwrite64, fd, data, size, offset) : -1;
    if (wanted && done > 0) record('W', path, NULL, (uint64_t)offset, data, (uint64_t)done);
    pthread_mutex_unlock(&lock);
    return wanted ? done : -2;
}

ssize_t write(int fd, const void *data, size_t size) {
    ssize_t done = logged_write(fd, data, size, -1);
    if (done == -2) return syscall(SYS_write, fd, data, size);
    if (done > 0) syscall(SYS_lseek, fd, done, SEEK_CUR);
    return done;
}

ssize_t pwrite64(int fd, const void *data, size_t size, off64_t offset) {
    ssize_t done = logged_write(fd, data, size, offset);
    return done == -2 ? syscall(SYS_pwrite64, fd, data, size, offset) : done;
}

ssize_t pwrite(int fd, const void *data, size_t size, off_t offset) { return pwrite64(fd, data, size, offset); }

int ftruncate64(int fd, off64_t size) {
    char path[PATH_MAX];
    pthread_mutex_lock(&lock);
    int failed = (int)syscall(SYS_ftruncate, fd, size);
    if (!failed && log_fd >= 0 && name_of(fd, path)) record('T', path, NULL, (uint64_t)size, NULL, 0);
    pthread_mutex_unlock(&lock);
    return failed;
}

int ftruncate(int fd, off_t size) { return ftruncate64(fd, size); }

static int logged_sync(int fd, long number) {
    char path[PATH_MAX];
    pthread_mutex_lock(&lock);
    int failed = (int)syscall(number, fd);
    if (!failed && log_fd >= 0 && name_of(fd, path)) record('S', path, NULL, 0, NULL, 0);
    pthread_mutex_unlock(&lock);
    return failed;
}

int fsync(int fd) { return logged_sync(fd, SYS_fsync); }
int fdatasync(int fd) { return logged_sync(fd, SYS_fdatasync); }

static int logged_open(int dir, const char *path, int flags, mode_t mode) {
    char full[PATH_MAX];
    struct stat before;
    pthread_mutex_lock(&lock);
    int was = stat(path, &before) == 0;
    int fd = (int)syscall(SYS_openat, dir, path, flags, mode);
    if (fd >= 0 && log_fd >= 0 && (flags & (O_CREAT | O_TRUNC)) && name_of(fd, full)) {
        if (!was) record('C', full, NULL, 0, NULL, 0);
        else if ((flags & O_TRUNC) && before.st_size) record('T', full, NULL, 0, NULL, 0);
    }
    pthread_mutex_unlock(&lock);
    return fd;
}

#define MODE_OF(flags)                                                                                               \
    mode_t mode = 0;                                                                                                 \
    if ((flags) & O_CREAT) {                                                                                         \
        va_list rest;                                                                                                \
        va_start(rest, flags);                                                                                       \
        mode = (mode_t)va_arg(rest, int);                                                                            \
        va_end(rest);                                                                                                \
    }

int open(const char *path, int flags, ...) { MODE_OF(flags) return logged_open(AT_FDCWD, path, flags, mode); }
int open64(const char *path, int flags, ...) { MODE_OF(flags) return logged_open(AT_FDCWD, path, flags, mode); }
int openat(int dir, const char *path, int flags, ...) { MODE_OF(flags) return logged_open(dir, path, flags, mode); }
int openat64(int dir, const char *path, int flags, ...) { MODE_OF(flags) return logged_open(dir, path, flags, mode); }

int unlink(const char *path) {
    pthread_mutex_lock(&lock);
    int failed = REAL(unlink)(path);
    if (!failed && watched(path)) record('U', path, NULL, 0, NULL, 0);
    pthread_mutex_unlock(&lock);
    return failed;
}

int rename(const char *from, const char *to) {
    pthread_mutex_lock(&lock);
    int failed = REAL(rename)(from, to);
    if (!failed && watched(from) && watched(to)) record('R', from, to, 0, NULL, 0);
    pthread_mutex_unlock(&lock);
    return failed;
}
