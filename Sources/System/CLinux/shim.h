#ifndef OFFBEAT_CLINUX_SHIM_H
#define OFFBEAT_CLINUX_SHIM_H

// Linux's own calls that the C library declares only under _GNU_SOURCE, which Swift's Glibc module does not set:
// declared here as their manual pages have them.

#include <linux/fs.h>
#include <netinet/in.h>
#include <semaphore.h>
#include <signal.h>
#include <spawn.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/statfs.h>
#include <sys/types.h>
#include <time.h>

extern int syncfs(int descriptor);
extern int renameat2(int oldDirectory, const char *oldPath, int newDirectory, const char *newPath, unsigned int flags);
extern int sync_file_range(int descriptor, long long offset, long long length, unsigned int flags);
extern int sem_clockwait(sem_t *semaphore, clockid_t clock, const struct timespec *end);
extern int pipe2(int ends[2], int flags);
extern int memfd_create(const char *name, unsigned int flags);
extern int accept4(int socket, struct sockaddr *address, socklen_t *length, int flags);
extern int pidfd_open(pid_t process, unsigned int flags);
extern int pidfd_send_signal(int process, int signal, siginfo_t *facts, unsigned int flags);
extern int posix_spawn_file_actions_addchdir_np(posix_spawn_file_actions_t *actions, const char *path);
extern int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *actions, int first);
extern ssize_t getrandom(void *bytes, size_t length, unsigned int flags);

/// Makes `to` share the blocks of `from`; `FICLONE` is a macro and `ioctl` variadic, so Swift can reach neither.
static inline int offbeat_linux_clone(int to, int from) {
    return ioctl(to, FICLONE, from);
}

/// Makes what descends from this process its child when its own parent ends; `prctl` is variadic.
static inline int offbeat_linux_adopt_orphans(void) {
    return prctl(PR_SET_CHILD_SUBREAPER, 1L, 0L, 0L, 0L);
}

/// `statfs` names a structure as well as a function: this is the function, reduced to the one field in use.
static inline int offbeat_linux_file_system_type(const char *path, long *type) {
    struct statfs facts;
    int status = statfs(path, &facts);
    if (status == 0) *type = (long)facts.f_type;
    return status;
}

/// How many bytes have come over a TCP connection since it began; 0 where that is not known. The C library's own declaration
/// of what the kernel tells ends before it.
static inline unsigned long long offbeat_linux_bytes_received(int socket) {
    unsigned char facts[232] = {0};
    socklen_t length = sizeof facts;
    unsigned long long count = 0;
    if (getsockopt(socket, IPPROTO_TCP, 11 /* TCP_INFO */, facts, &length) == 0 && length >= 136)
        __builtin_memcpy(&count, facts + 128, sizeof count);
    return count;
}

#endif
