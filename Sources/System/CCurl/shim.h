#ifndef OFFBEAT_CCURL_SHIM_H
#define OFFBEAT_CCURL_SHIM_H

#include <curl/curl.h>

// libcurl is opened while the program runs, so no function of it may be named where it would have to be linked: here are
// the types of those in use, as its own header declares them.

typedef __typeof__(curl_global_init) *offbeat_curl_global_init;
typedef __typeof__(curl_easy_init) *offbeat_curl_easy_init;
typedef __typeof__(curl_easy_reset) *offbeat_curl_easy_reset;
typedef __typeof__(curl_easy_cleanup) *offbeat_curl_easy_cleanup;
typedef __typeof__(curl_easy_strerror) *offbeat_curl_easy_strerror;
typedef __typeof__(curl_slist_append) *offbeat_curl_slist_append;
typedef __typeof__(curl_slist_free_all) *offbeat_curl_slist_free_all;
typedef __typeof__(curl_multi_init) *offbeat_curl_multi_init;
typedef __typeof__(curl_multi_cleanup) *offbeat_curl_multi_cleanup;
typedef __typeof__(curl_multi_add_handle) *offbeat_curl_multi_add_handle;
typedef __typeof__(curl_multi_remove_handle) *offbeat_curl_multi_remove_handle;
typedef __typeof__(curl_multi_perform) *offbeat_curl_multi_perform;
typedef __typeof__(curl_multi_poll) *offbeat_curl_multi_poll;
typedef __typeof__(curl_multi_info_read) *offbeat_curl_multi_info_read;

// `curl_easy_setopt` and `curl_easy_getinfo` are variadic, which Swift cannot call, and their type as a pointer is one
// that Swift cannot name: they come as addresses and are called from here. An option of another kind than the value's is
// refused, as the numbers of options say what kind they are of.

typedef CURLcode (*offbeat_curl_setopt)(CURL *, CURLoption, ...);
typedef CURLcode (*offbeat_curl_getinfo)(CURL *, CURLINFO, ...);

static inline CURLcode offbeat_curl_set_number(void *setopt, CURL *handle, CURLoption option, long value) {
    if (option / 10000 != CURLOPTTYPE_LONG / 10000) return CURLE_BAD_FUNCTION_ARGUMENT;
    return ((offbeat_curl_setopt)setopt)(handle, option, value);
}

static inline CURLcode offbeat_curl_set_size(void *setopt, CURL *handle, CURLoption option, long long value) {
    if (option / 10000 != CURLOPTTYPE_OFF_T / 10000) return CURLE_BAD_FUNCTION_ARGUMENT;
    return ((offbeat_curl_setopt)setopt)(handle, option, (curl_off_t)value);
}

static inline CURLcode offbeat_curl_set_text(void *setopt, CURL *handle, CURLoption option, const char *value) {
    if (option / 10000 != CURLOPTTYPE_STRINGPOINT / 10000) return CURLE_BAD_FUNCTION_ARGUMENT;
    return ((offbeat_curl_setopt)setopt)(handle, option, value);
}

static inline CURLcode offbeat_curl_set_headers(void *setopt, CURL *handle, struct curl_slist *list) {
    return ((offbeat_curl_setopt)setopt)(handle, CURLOPT_HTTPHEADER, list);
}

/// The bytes are not copied: they have to stay where they are until the transfer is over.
static inline CURLcode offbeat_curl_set_body(void *setopt, CURL *handle, const void *bytes) {
    return ((offbeat_curl_setopt)setopt)(handle, CURLOPT_POSTFIELDS, bytes);
}

static inline CURLcode offbeat_curl_set_words(void *setopt, CURL *handle, char *buffer) {
    return ((offbeat_curl_setopt)setopt)(handle, CURLOPT_ERRORBUFFER, buffer);
}

static inline CURLcode offbeat_curl_set_socket_setter(void *setopt, CURL *handle, curl_sockopt_callback function) {
    return ((offbeat_curl_setopt)setopt)(handle, CURLOPT_SOCKOPTFUNCTION, function);
}

static inline CURLcode offbeat_curl_set_header_reader(
    void *setopt, CURL *handle, curl_write_callback function, void *data) {
    CURLcode code = ((offbeat_curl_setopt)setopt)(handle, CURLOPT_HEADERFUNCTION, function);
    return code ? code : ((offbeat_curl_setopt)setopt)(handle, CURLOPT_HEADERDATA, data);
}

static inline CURLcode offbeat_curl_set_body_reader(
    void *setopt, CURL *handle, curl_write_callback function, void *data) {
    CURLcode code = ((offbeat_curl_setopt)setopt)(handle, CURLOPT_WRITEFUNCTION, function);
    return code ? code : ((offbeat_curl_setopt)setopt)(handle, CURLOPT_WRITEDATA, data);
}

static inline CURLcode offbeat_curl_set_body_source(
    void *setopt, CURL *handle, curl_read_callback function, curl_seek_callback rewind, void *data) {
    CURLcode code = ((offbeat_curl_setopt)setopt)(handle, CURLOPT_READFUNCTION, function);
    if (!code) code = ((offbeat_curl_setopt)setopt)(handle, CURLOPT_READDATA, data);
    if (!code) code = ((offbeat_curl_setopt)setopt)(handle, CURLOPT_SEEKFUNCTION, rewind);
    return code ? code : ((offbeat_curl_setopt)setopt)(handle, CURLOPT_SEEKDATA, data);
}

/// What is told as a number; -1 where it is not known, or told as something else.
static inline long long offbeat_curl_number(void *getinfo, CURL *handle, CURLINFO info) {
    long number = -1;
    curl_off_t size = -1;
    switch (info & CURLINFO_TYPEMASK) {
    case CURLINFO_LONG: return ((offbeat_curl_getinfo)getinfo)(handle, info, &number) ? -1 : number;
    case CURLINFO_OFF_T: return ((offbeat_curl_getinfo)getinfo)(handle, info, &size) ? -1 : (long long)size;
    default: return -1;
    }
}

/// What is told as text, which lives until the next transfer.
static inline const char *offbeat_curl_text(void *getinfo, CURL *handle, CURLINFO info) {
    const char *text = NULL;
    if ((info & CURLINFO_TYPEMASK) != CURLINFO_STRING) return NULL;
    return ((offbeat_curl_getinfo)getinfo)(handle, info, &text) ? NULL : text;
}

/// How the transfer of a message ended, which the message has in a union.
static inline CURLcode offbeat_curl_ending(const CURLMsg *message) { return message->data.result; }

#endif
