#ifndef OFFBEAT_CMICROHTTPD_SHIM_H
#define OFFBEAT_CMICROHTTPD_SHIM_H

#include <microhttpd.h>
#include <string.h>

// libmicrohttpd is opened while the program runs, so no function of it may be named where it would have to be linked: here
// are the types of those in use, as its own header declares them.

typedef __typeof__(MHD_get_version) *offbeat_mhd_get_version;
typedef __typeof__(MHD_stop_daemon) *offbeat_mhd_stop_daemon;
typedef __typeof__(MHD_add_connection) *offbeat_mhd_add_connection;
typedef __typeof__(MHD_suspend_connection) *offbeat_mhd_suspend;
typedef __typeof__(MHD_resume_connection) *offbeat_mhd_resume;
typedef __typeof__(MHD_get_connection_values_n) *offbeat_mhd_values;
typedef __typeof__(MHD_queue_response) *offbeat_mhd_queue;
typedef __typeof__(MHD_create_response_from_buffer) *offbeat_mhd_from_buffer;
typedef __typeof__(MHD_create_response_from_fd_at_offset64) *offbeat_mhd_from_file;
typedef __typeof__(MHD_create_response_from_callback) *offbeat_mhd_from_callback;
typedef __typeof__(MHD_add_response_header) *offbeat_mhd_add_header;
typedef __typeof__(MHD_destroy_response) *offbeat_mhd_destroy_response;

// `MHD_start_daemon` and `MHD_get_connection_info` are variadic, which Swift cannot call: they come as addresses and are
// called from here.

typedef struct MHD_Daemon *(*offbeat_mhd_start_daemon)(
    unsigned int, uint16_t, MHD_AcceptPolicyCallback, void *, MHD_AccessHandlerCallback, void *, ...);
typedef const union MHD_ConnectionInfo *(*offbeat_mhd_connection_info)(
    struct MHD_Connection *, enum MHD_ConnectionInfoType, ...);

/// What a server is told of: each function gets `context` first.
struct offbeat_mhd_calls {
    void *context;
    MHD_AccessHandlerCallback handle;
    void *(*target)(void *context, const char *target, struct MHD_Connection *connection);
    MHD_RequestCompletedCallback completed;
    MHD_NotifyConnectionCallback connection;
};

/// Leaves targets as they came.
static inline size_t offbeat_mhd_keep_escapes(void *context, struct MHD_Connection *connection, char *text) {
    (void)context;
    (void)connection;
    return strlen(text);
}

/// Starts a thread that serves the connections that are added; `strict` is an option that older headers do not know.
static inline struct MHD_Daemon *offbeat_mhd_start(
    void *start, const struct offbeat_mhd_calls *calls, int strict, unsigned int connections, size_t memory,
    unsigned int timeout) {
    struct MHD_OptionItem options[] = {
        {MHD_OPTION_CONNECTION_LIMIT, (intptr_t)connections, NULL},
        {MHD_OPTION_CONNECTION_MEMORY_LIMIT, (intptr_t)memory, NULL},
        {MHD_OPTION_CONNECTION_TIMEOUT, (intptr_t)timeout, NULL},
        {MHD_OPTION_URI_LOG_CALLBACK, (intptr_t)calls->target, calls->context},
        {MHD_OPTION_UNESCAPE_CALLBACK, (intptr_t)offbeat_mhd_keep_escapes, NULL},
        {MHD_OPTION_NOTIFY_COMPLETED, (intptr_t)calls->completed, calls->context},
        {MHD_OPTION_NOTIFY_CONNECTION, (intptr_t)calls->connection, calls->context},
        {strict ? (enum MHD_OPTION)38 /* MHD_OPTION_CLIENT_DISCIPLINE_LVL */ : MHD_OPTION_END, 1, NULL},
        {MHD_OPTION_END, 0, NULL},
    };
    return ((offbeat_mhd_start_daemon)start)(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_NO_LISTEN_SOCKET, 0, NULL, NULL,
        calls->handle, calls->context, MHD_OPTION_ARRAY, options, MHD_OPTION_END);
}

static inline int offbeat_mhd_descriptor(void *info, struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *answer =
        ((offbeat_mhd_connection_info)info)(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    return answer ? answer->connect_fd : -1;
}

/// What the callback about connections has laid down.
static inline void *offbeat_mhd_context(void *info, struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *answer =
        ((offbeat_mhd_connection_info)info)(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return answer ? answer->socket_context : NULL;
}

/// How long the head of a request was, from its first line to the empty one.
static inline size_t offbeat_mhd_head_size(void *info, struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *answer =
        ((offbeat_mhd_connection_info)info)(connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
    return answer ? answer->header_size : 0;
}

/// The length of a body that ends when its source says so; the macro is one that Swift cannot read.
static inline uint64_t offbeat_mhd_unknown_size(void) { return MHD_SIZE_UNKNOWN; }

/// What a source of a body answers at its end; the macro is one that Swift cannot read.
static inline ssize_t offbeat_mhd_end_of_stream(void) { return MHD_CONTENT_READER_END_OF_STREAM; }

#endif
