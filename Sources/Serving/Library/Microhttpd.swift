import CMicrohttpd
import Glibc

/// libmicrohttpd's functions, found when the first server is made.
///
/// Linking it would bring GnuTLS and what that needs to the start of every command, also of those that serve nothing.
///
/// Unchecked: it is addresses of functions, which are the same for every thread.
struct Microhttpd: @unchecked Sendable {
    let start: UnsafeMutableRawPointer
    let connectionInfo: UnsafeMutableRawPointer
    let stop: offbeat_mhd_stop_daemon
    let add: offbeat_mhd_add_connection
    let suspend: offbeat_mhd_suspend
    let resume: offbeat_mhd_resume
    let values: offbeat_mhd_values
    let queue: offbeat_mhd_queue
    let fromBuffer: offbeat_mhd_from_buffer
    let fromFile: offbeat_mhd_from_file
    let fromCallback: offbeat_mhd_from_callback
    let addHeader: offbeat_mhd_add_header
    let destroyResponse: offbeat_mhd_destroy_response
    /// Which one it is: `0.9.75`.
    let version: String

    /// Whether it can be told to refuse what RFC 9112 forbids, as it can from 1.0 on.
    var isStrict: Bool { !version.hasPrefix("0.") }

    /// The library, opened once in the life of the process.
    static func loaded() throws(ServingError) -> Microhttpd { try shared.get() }

    private static let shared = Result { () throws(ServingError) in try Microhttpd(opening: "libmicrohttpd.so.12") }

    /// Opens the library of that name.
    init(opening name: String) throws(ServingError) {
        guard let library = dlopen(name, RTLD_NOW | RTLD_LOCAL) else {
            throw ServingError(
                "\(name), which is needed to serve anything, is not here: install the package libmicrohttpd12")
        }
        func symbol(_ symbol: String) throws(ServingError) -> UnsafeMutableRawPointer {
            guard let address = dlsym(library, symbol) else {
                throw ServingError("\(name) has no \(symbol): install a newer package libmicrohttpd12")
            }
            return address
        }
        func function<Function>(_ name: String, _: Function.Type) throws(ServingError) -> Function {
            // What has that name has the type that the library's own header gives it.
            unsafeBitCast(try symbol(name), to: Function.self)
        }
        start = try symbol("MHD_start_daemon")
        connectionInfo = try symbol("MHD_get_connection_info")
        stop = try function("MHD_stop_daemon", offbeat_mhd_stop_daemon.self)
        add = try function("MHD_add_connection", offbeat_mhd_add_connection.self)
        suspend = try function("MHD_suspend_connection", offbeat_mhd_suspend.self)
        resume = try function("MHD_resume_connection", offbeat_mhd_resume.self)
        values = try function("MHD_get_connection_values_n", offbeat_mhd_values.self)
        queue = try function("MHD_queue_response", offbeat_mhd_queue.self)
        fromBuffer = try function("MHD_create_response_from_buffer", offbeat_mhd_from_buffer.self)
        fromFile = try function("MHD_create_response_from_fd_at_offset64", offbeat_mhd_from_file.self)
        fromCallback = try function("MHD_create_response_from_callback", offbeat_mhd_from_callback.self)
        addHeader = try function("MHD_add_response_header", offbeat_mhd_add_header.self)
        destroyResponse = try function("MHD_destroy_response", offbeat_mhd_destroy_response.self)
        let words = try function("MHD_get_version", offbeat_mhd_get_version.self)()
        version = words.map { String(cString: $0) } ?? ""
    }
}
