/* harden: no_new_privs, then Landlock, then seccomp, by the kernel's own interfaces: a library would be one more thing to trust.
 * Calls are denied with EPERM, as a container denies them, so that a library that tries one goes on without it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/harden.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/keyctl.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__)
#define TRACED_BY_ITSELF 1 /* the leak checker stops its own process with ptrace */
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define TRACED_BY_ITSELF 1
#endif
#endif
#ifndef TRACED_BY_ITSELF
#define TRACED_BY_ITSELF 0
#endif

void harden_memory(void)
{
    static const struct rlimit none;

    setrlimit(RLIMIT_CORE, &none);
    if (!TRACED_BY_ITSELF)
        prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    umask(077);
}

/* ── files ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

#ifndef LANDLOCK_ACCESS_FS_REFER
#define LANDLOCK_ACCESS_FS_REFER (UINT64_C(1) << 13)
#endif
#ifndef LANDLOCK_ACCESS_FS_TRUNCATE
#define LANDLOCK_ACCESS_FS_TRUNCATE (UINT64_C(1) << 14)
#endif
#define OF_A_FILE (LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_TRUNCATE)
#define OF_ALL                                                                                     \
    (OF_A_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE |                  \
     LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG |    \
     LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_MAKE_FIFO | LANDLOCK_ACCESS_FS_MAKE_BLOCK | \
     LANDLOCK_ACCESS_FS_MAKE_SYM | LANDLOCK_ACCESS_FS_REFER)

static void allow(int rules, const char *path, uint64_t rights)
{
    struct landlock_path_beneath_attr beneath = {.parent_fd = open(path, O_PATH | O_CLOEXEC)};
    struct stat st;

    if (beneath.parent_fd < 0)
        return;
    if (fstat(beneath.parent_fd, &st) == 0) {
        beneath.allowed_access = S_ISDIR(st.st_mode) ? rights : rights & OF_A_FILE;
        syscall(__NR_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &beneath, 0);
    }
    close(beneath.parent_fd);
}

static bool hold_files(const struct harden_places *places)
{
    long version = syscall(__NR_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    struct landlock_ruleset_attr all = {.handled_access_fs = OF_ALL};

    if (version < 2)
        all.handled_access_fs &= ~LANDLOCK_ACCESS_FS_REFER;
    if (version < 3)
        all.handled_access_fs &= ~LANDLOCK_ACCESS_FS_TRUNCATE;
    int rules = version < 1 ? -1 : (int)syscall(__NR_landlock_create_ruleset, &all, sizeof all, 0);
    if (rules < 0)
        return false;
    for (size_t i = 0; places->below[i]; i++)
        allow(rules, places->below[i], all.handled_access_fs);
    allow(rules, "/dev/null", all.handled_access_fs);
    allow(rules, "/dev/tty", all.handled_access_fs);
    if (places->empties)
        allow(rules, places->empties, LANDLOCK_ACCESS_FS_REMOVE_DIR);
    bool holds = syscall(__NR_landlock_restrict_self, rules, 0) == 0;
    close(rules);
    return holds;
}

/* ── system calls ────────────────────────────────────────────────────────────────────────────────────────────────── */

#if defined(__x86_64__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#define OTHER_CALLS  0x40000000 /* x32's numbers are those of other calls */
#elif defined(__i386__)
#define ARCHITECTURE AUDIT_ARCH_I386
#elif defined(__aarch64__)
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#endif

#ifdef ARCHITECTURE

/* Other processes' memory; the machine's mounts, kernel, clock and name; namespaces; interfaces whose bugs are a way into the kernel. */
static const int denied[] = {
    __NR_process_vm_readv,
    __NR_process_vm_writev,
    __NR_process_madvise,
    __NR_pidfd_getfd,
    __NR_kcmp,
    __NR_mount,
    __NR_umount2,
    __NR_pivot_root,
    __NR_move_mount,
    __NR_open_tree,
    __NR_fsopen,
    __NR_fsconfig,
    __NR_fsmount,
    __NR_fspick,
    __NR_mount_setattr,
    __NR_chroot,
    __NR_unshare,
    __NR_setns,
    __NR_swapon,
    __NR_swapoff,
    __NR_quotactl,
    __NR_acct,
    __NR_syslog,
    __NR_vhangup,
    __NR_reboot,
    __NR_kexec_load,
    __NR_init_module,
    __NR_finit_module,
    __NR_delete_module,
    __NR_settimeofday,
    __NR_clock_settime,
    __NR_sethostname,
    __NR_setdomainname,
    __NR_personality,
    __NR_bpf,
    __NR_perf_event_open,
    __NR_userfaultfd,
    __NR_io_uring_setup,
    __NR_io_uring_enter,
    __NR_io_uring_register,
    __NR_open_by_handle_at,
    __NR_fanotify_init,
    __NR_request_key,
#ifdef __NR_kexec_file_load
    __NR_kexec_file_load,
#endif
#ifdef __NR_iopl
    __NR_iopl,
    __NR_ioperm,
    __NR_modify_ldt,
#endif
#ifdef __NR_stime
    __NR_stime,
    __NR_umount,
    __NR_clock_settime64,
#endif
};
/* What cli/keyring.c does, with keys of its own in a ring of its own; not: linking, moving, clearing, joining, asking for another's. */
static const int keyring_calls[] = {
    KEYCTL_GET_KEYRING_ID, KEYCTL_UPDATE, KEYCTL_REVOKE, KEYCTL_SETPERM,     KEYCTL_DESCRIBE,
    KEYCTL_UNLINK,         KEYCTL_SEARCH, KEYCTL_READ,   KEYCTL_SET_TIMEOUT,
};
#define NEW_NAMESPACES \
    (CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET)

struct filter {
    struct sock_filter code[256];
    unsigned short n;
};

static void emit(struct filter *f, uint16_t code, uint32_t k, uint8_t yes, uint8_t no)
{
    if (f->n >= sizeof f->code / sizeof *f->code)
        die("the filter of system calls is too long");
    f->code[f->n++] = (struct sock_filter){.code = code, .jt = yes, .jf = no, .k = k};
}

/* From here on it is about this word of the call's number, architecture or arguments. */
static void load(struct filter *f, size_t at)
{
    emit(f, BPF_LD | BPF_W | BPF_ABS, (uint32_t)at, 0, 0);
}

static void answer(struct filter *f, uint32_t what)
{
    emit(f, BPF_RET | BPF_K, what, 0, 0);
}

/* `how`: BPF_JEQ, BPF_JGE, BPF_JSET. */
static void answer_if(struct filter *f, uint16_t how, uint32_t value, uint32_t what)
{
    emit(f, BPF_JMP | how | BPF_K, value, 0, 1);
    answer(f, what);
}

#define ARGUMENT(n) \
    (offsetof(struct seccomp_data, args) + 8 * (n)) /* its low word: all three are little-endian */
#define DENY (SECCOMP_RET_ERRNO | EPERM)

/* A call that is judged by an argument: `begin` jumps over the judgement of any other call. */
static unsigned short begin_judging(struct filter *f, int call, size_t argument)
{
    unsigned short jump = f->n;

    emit(f, BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)call, 0, 0);
    load(f, ARGUMENT(argument));
    return jump;
}

static void end_judging(struct filter *f, unsigned short jump, uint32_t otherwise)
{
    answer(f, otherwise);
    f->code[jump].jf = (uint8_t)(f->n - jump - 1);
}

static void judge_by_argument(struct filter *f)
{
    unsigned short jump = begin_judging(f, __NR_keyctl, 0);

    for (size_t i = 0; i < sizeof keyring_calls / sizeof *keyring_calls; i++)
        answer_if(f, BPF_JEQ, (uint32_t)keyring_calls[i], SECCOMP_RET_ALLOW);
    end_judging(f, jump, DENY);
    jump = begin_judging(f, __NR_ioctl, 1);
    answer_if(f, BPF_JEQ, TIOCSTI, DENY); /* typing into the terminal for the officer */
    answer_if(f, BPF_JEQ, TIOCLINUX, DENY);
    end_judging(f, jump, SECCOMP_RET_ALLOW);
    jump = begin_judging(f, __NR_clone, 0);
    answer_if(f, BPF_JSET, NEW_NAMESPACES, DENY);
    end_judging(f, jump, SECCOMP_RET_ALLOW);
    /* Its flags lie in memory, which a filter cannot see; libc takes clone() then. */
    answer_if(f, BPF_JEQ, __NR_clone3, SECCOMP_RET_ERRNO | ENOSYS);
}

static bool hold_calls(void)
{
    struct filter f = {0};

    load(&f, offsetof(struct seccomp_data, arch));
    emit(&f, BPF_JMP | BPF_JEQ | BPF_K, ARCHITECTURE, 1, 0);
    answer(&f, DENY);
    load(&f, offsetof(struct seccomp_data, nr));
#ifdef OTHER_CALLS
    answer_if(&f, BPF_JGE, OTHER_CALLS, DENY);
#endif
    if (!TRACED_BY_ITSELF)
        answer_if(&f, BPF_JEQ, __NR_ptrace, DENY);
    for (size_t i = 0; i < sizeof denied / sizeof *denied; i++)
        answer_if(&f, BPF_JEQ, (uint32_t)denied[i], DENY);
    judge_by_argument(&f);
    answer(&f, SECCOMP_RET_ALLOW);
    struct sock_fprog program = {.len = f.n, .filter = f.code};
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) == 0;
}

#else

static bool hold_calls(void)
{
    return false;
}

#endif

unsigned harden(const struct harden_places *places)
{
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return 0;
    return (hold_files(places) ? HARDEN_FILES : 0) | (hold_calls() ? HARDEN_CALLS : 0);
}
