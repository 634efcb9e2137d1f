/// A server that speaks HTTP/1.1 and knows nothing of what it serves, on libmicrohttpd.
///
/// Where to begin: a ``Server`` listens and hands each ``Request`` to its handler, which answers with a ``Response`` or throws
/// a ``Problem``. Bodies of requests come as a stream (``RequestBody``), those of answers are bytes, a part of a file
/// (``ServedFile``), or events that are told as they happen (``EventStream``).
///
/// - Everything that somebody else may send is bounded: connections, heads, bodies, and the time that each may take.
/// - What is not quite HTTP is refused rather than understood somehow, so that nothing in front of this server can
///   understand it otherwise.
/// - TLS, compression, HTTP/2 and sessions are the matter of whoever stands in front, or above.
///
/// Three kinds of threads: libmicrohttpd's own reads and writes all connections and never waits; workers run the handler,
/// one request each; the warden takes connections in, and ends those that take too long.
public enum Serving {}
