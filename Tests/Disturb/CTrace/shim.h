#ifndef OFFBEAT_CTRACE_SHIM_H
#define OFFBEAT_CTRACE_SHIM_H

// Tracing another program, as ptrace(2) and seccomp(2) describe it. `ptrace` and `prctl` are variadic, and the registers
// that hold a call's arguments have another name on each processor: Swift can reach neither.

#include <elf.h>
#include <errno.h>
#include <linux/fs.h>
#include <stddef.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>

struct disturb_name {
    const char *name;
    long number;
};

// Older calls are missing on newer processors.
#define DISTURB_CALL(name) {#name, SYS_##name},

/// The calls that may change files, their names or what is durable of them; a null name behind the last.
static inline const struct disturb_name *disturb_names(void) {
    static const struct disturb_name names[] = {
#ifdef SYS_open
        DISTURB_CALL(open) DISTURB_CALL(creat) DISTURB_CALL(mkdir) DISTURB_CALL(rmdir) DISTURB_CALL(rename)
        DISTURB_CALL(link) DISTURB_CALL(symlink) DISTURB_CALL(unlink) DISTURB_CALL(chmod) DISTURB_CALL(mknod)
        DISTURB_CALL(utimes) DISTURB_CALL(futimesat)
#endif
#ifdef SYS_renameat
        DISTURB_CALL(renameat)
#endif
        DISTURB_CALL(openat) DISTURB_CALL(mkdirat) DISTURB_CALL(mknodat) DISTURB_CALL(renameat2)
        DISTURB_CALL(linkat) DISTURB_CALL(symlinkat) DISTURB_CALL(unlinkat) DISTURB_CALL(write)
        DISTURB_CALL(pwrite64) DISTURB_CALL(writev) DISTURB_CALL(pwritev) DISTURB_CALL(pwritev2)
        DISTURB_CALL(truncate) DISTURB_CALL(ftruncate) DISTURB_CALL(fallocate) DISTURB_CALL(fsync)
        DISTURB_CALL(fdatasync) DISTURB_CALL(sync) DISTURB_CALL(syncfs) DISTURB_CALL(sync_file_range)
        DISTURB_CALL(fchmod) DISTURB_CALL(fchmodat) DISTURB_CALL(fchown) DISTURB_CALL(fchownat)
        DISTURB_CALL(copy_file_range) DISTURB_CALL(sendfile) DISTURB_CALL(splice) DISTURB_CALL(utimensat)
        DISTURB_CALL(ioctl) DISTURB_CALL(setxattr) DISTURB_CALL(fsetxattr) DISTURB_CALL(removexattr)
        {NULL, 0},
    };
    return names;
}

static inline long disturb_ptrace(int request, pid_t thread, unsigned long address, unsigned long data) {
    return ptrace((enum __ptrace_request)request, thread, (void *)address, (void *)data);
}

/// Reads which call a thread is about to make, and with which arguments.
static inline int disturb_read_call(pid_t thread, long *number, unsigned long long arguments[6]) {
    struct __ptrace_syscall_info info;
    if (ptrace(PTRACE_GET_SYSCALL_INFO, thread, (void *)sizeof info, &info) <= 0) return -1;
    *number = (long)info.seccomp.nr;
    for (int i = 0; i < 6; i++) arguments[i] = info.seccomp.args[i];
    return 0;
}

/// Has a call not made, so that it seems to fail with `error`.
static inline int disturb_refuse_call(pid_t thread, int error) {
    struct user_regs_struct registers;
    struct iovec all = {&registers, sizeof registers};
    if (ptrace(PTRACE_GETREGSET, thread, (void *)NT_PRSTATUS, &all) != 0) return -1;
#if defined(__x86_64__)
    registers.orig_rax = -1ULL;
    registers.rax = (unsigned long long)-(long long)error;
#elif defined(__aarch64__)
    int none = -1;
    struct iovec number = {&none, sizeof none};
    if (ptrace(PTRACE_SETREGSET, thread, (void *)NT_ARM_SYSTEM_CALL, &number) != 0) return -1;
    registers.regs[0] = (unsigned long long)-(long long)error;
#else
#error "the registers of this processor are not known here"
#endif
    return (int)ptrace(PTRACE_SETREGSET, thread, (void *)NT_PRSTATUS, &all);
}

/// Gives a call another value as its third argument, which is how many bytes `write` and `pwrite64` write.
static inline int disturb_set_third_argument(pid_t thread, unsigned long long value) {
    struct user_regs_struct registers;
    struct iovec all = {&registers, sizeof registers};
    if (ptrace(PTRACE_GETREGSET, thread, (void *)NT_PRSTATUS, &all) != 0) return -1;
#if defined(__x86_64__)
    registers.rdx = value;
#elif defined(__aarch64__)
    registers.regs[2] = value;
#endif
    return (int)ptrace(PTRACE_SETREGSET, thread, (void *)NT_PRSTATUS, &all);
}

/// Has this program stopped at each of the calls of `disturb_names` from now on, and those that it becomes or starts.
///
/// To be called once a tracer is attached: without one the calls fail.
static inline int disturb_ask_for_stops(void) {
    struct sock_filter filter[160];
    unsigned short length = 0;
    filter[length++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
    for (const struct disturb_name *call = disturb_names(); call->name; call++) {
        filter[length++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)call->number, 0, 1);
        filter[length++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRACE);
    }
    filter[length++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    struct sock_fprog program = {length, filter};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return -1;
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

#endif
