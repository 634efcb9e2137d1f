import CCurl
import Glibc

/// libcurl's functions, found when the first request is sent.
///
/// Linking it would bring some thirty libraries to the start of every command, also of those that ask nobody.
///
/// Unchecked: it is addresses of functions, which are the same for every thread.
struct Curl: @unchecked Sendable {
    let setopt: UnsafeMutableRawPointer
    let getinfo: UnsafeMutableRawPointer
    let easyInit: offbeat_curl_easy_init
    let easyReset: offbeat_curl_easy_reset
    let easyCleanup: offbeat_curl_easy_cleanup
    private let strerror: offbeat_curl_easy_strerror
    let append: offbeat_curl_slist_append
    let freeList: offbeat_curl_slist_free_all
    let multiInit: offbeat_curl_multi_init
    let multiCleanup: offbeat_curl_multi_cleanup
    let add: offbeat_curl_multi_add_handle
    let remove: offbeat_curl_multi_remove_handle
    let perform: offbeat_curl_multi_perform
    let poll: offbeat_curl_multi_poll
    let infoRead: offbeat_curl_multi_info_read

    /// The library, opened and prepared once in the life of the process, which is never undone: it may not be prepared
    /// anew while others use it.
    static func loaded() throws(HTTPError) -> Curl { try shared.get() }

    private static let shared = Result { () throws(HTTPError) in try Curl(opening: "libcurl.so.4") }

    /// Opens the library of that name.
    init(opening name: String) throws(HTTPError) {
        guard let library = dlopen(name, RTLD_NOW | RTLD_LOCAL) else {
            throw HTTPError(
                .library, "\(name), which is needed to send anything, is not here: install the package libcurl4")
        }
        func symbol(_ symbol: String) throws(HTTPError) -> UnsafeMutableRawPointer {
            guard let address = dlsym(library, symbol) else {
                throw HTTPError(.library, "\(name) has no \(symbol): install a newer package libcurl4")
            }
            return address
        }
        func function<Function>(_ name: String, _: Function.Type) throws(HTTPError) -> Function {
            // What has that name has the type that the library's own header gives it.
            unsafeBitCast(try symbol(name), to: Function.self)
        }
        setopt = try symbol("curl_easy_setopt")
        getinfo = try symbol("curl_easy_getinfo")
        easyInit = try function("curl_easy_init", offbeat_curl_easy_init.self)
        easyReset = try function("curl_easy_reset", offbeat_curl_easy_reset.self)
        easyCleanup = try function("curl_easy_cleanup", offbeat_curl_easy_cleanup.self)
        strerror = try function("curl_easy_strerror", offbeat_curl_easy_strerror.self)
        append = try function("curl_slist_append", offbeat_curl_slist_append.self)
        freeList = try function("curl_slist_free_all", offbeat_curl_slist_free_all.self)
        multiInit = try function("curl_multi_init", offbeat_curl_multi_init.self)
        multiCleanup = try function("curl_multi_cleanup", offbeat_curl_multi_cleanup.self)
        add = try function("curl_multi_add_handle", offbeat_curl_multi_add_handle.self)
        remove = try function("curl_multi_remove_handle", offbeat_curl_multi_remove_handle.self)
        perform = try function("curl_multi_perform", offbeat_curl_multi_perform.self)
        poll = try function("curl_multi_poll", offbeat_curl_multi_poll.self)
        infoRead = try function("curl_multi_info_read", offbeat_curl_multi_info_read.self)
        let prepare = try function("curl_global_init", offbeat_curl_global_init.self)
        let status = prepare(Int(CURL_GLOBAL_SSL | CURL_GLOBAL_WIN32))
        guard status == CURLE_OK else {
            throw HTTPError(.library, "\(name) cannot be used: \(words(status))")
        }
    }

    /// What a code means, in the library's words.
    func words(_ status: CURLcode) -> String { strerror(status).map { String(cString: $0) } ?? "" }
}
