/* Calls on input files fail as they may on a bad day: loaded before the C library by the tests.
 *
 * FAULT_UNDER  only paths that contain this
 * FAULT_CALL   open, read, stat or list
 * FAULT_EVERY  every so many such calls fail
 * FAULT_ERRNO  with this error number
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static atomic_int calls;

static int fails(const char *call, const char *path)
{
    const char *wanted = getenv("FAULT_CALL"), *under = getenv("FAULT_UNDER");
    if (!wanted || !under || !path || strcmp(wanted, call) || !strstr(path, under))
        return 0;
    if (++calls % atoi(getenv("FAULT_EVERY")))
        return 0;
    errno = atoi(getenv("FAULT_ERRNO"));
    return 1;
}

static int handle_fails(const char *call, int handle)
{
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", handle);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0)
        return 0;
    path[length] = 0;
    return fails(call, path);
}

static mode_t mode_of(int flags, va_list arguments)
{
    return flags & O_CREAT ? va_arg(arguments, mode_t) : 0;
}

int open64(const char *path, int flags, ...)
{
    va_list arguments;
    va_start(arguments, flags);
    mode_t mode = mode_of(flags, arguments);
    va_end(arguments);
    return fails("open", path) ? -1 : REAL(open64)(path, flags, mode);
}

int open(const char *path, int flags, ...)
{
    va_list arguments;
    va_start(arguments, flags);
    mode_t mode = mode_of(flags, arguments);
    va_end(arguments);
    return fails("open", path) ? -1 : REAL(open)(path, flags, mode);
}

ssize_t read(int handle, void *buffer, size_t size)
{
    return handle_fails("read", handle) ? -1 : REAL(read)(handle, buffer, size);
}

ssize_t pread64(int handle, void *buffer, size_t size, off64_t at)
{
    return handle_fails("read", handle) ? -1 : REAL(pread64)(handle, buffer, size, at);
}

int statx(int folder, const char *path, int flags, unsigned mask, struct statx *told)
{
    int bad = path && *path ? fails("stat", path) : handle_fails("stat", folder);
    return bad ? -1 : REAL(statx)(folder, path, flags, mask, told);
}

DIR *opendir(const char *path)
{
    return fails("list", path) ? NULL : REAL(opendir)(path);
}

struct dirent64 *readdir64(DIR *folder)
{
    return handle_fails("list", dirfd(folder)) ? NULL : REAL(readdir64)(folder);
}
