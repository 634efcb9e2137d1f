#ifndef OFFBEAT_CGIT2_SHIM_H
#define OFFBEAT_CGIT2_SHIM_H

#include <git2.h>
#include <git2/sys/odb_backend.h>
#include <git2/sys/repository.h>

// git_libgit2_opts is variadic, which Swift cannot call: one typed function for each option in use.

/// Flushes loose objects, packs and refs that libgit2 itself writes, and their directories.
static inline int offbeat_git_enable_fsync(int enabled) {
    return git_libgit2_opts(GIT_OPT_ENABLE_FSYNC_GITDIR, enabled);
}

/// A store on a shared disk may belong to somebody else; who may read it is the file system's business.
static inline int offbeat_git_validate_owner(int enabled) {
    return git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, enabled);
}

/// Reading verifies each object's hash when this is on.
static inline int offbeat_git_verify_hashes(int enabled) {
    return git_libgit2_opts(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, enabled);
}

/// Where libgit2 looks for configuration of the given level; an empty path means nowhere.
static inline int offbeat_git_set_search_path(int level, const char *path) {
    return git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, level, path);
}

#endif
