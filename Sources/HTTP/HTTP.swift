/// Requests over HTTP/1.1, streamed in both directions, by libcurl.
///
/// What is asked for and why is not known here. Where to begin: ``HTTPClient`` sends, ``HTTPRequest`` is what is sent,
/// ``HTTPResponse`` what comes back, ``HTTPError`` why nothing did, and whether the request may have arrived all the same.
///
/// - No answer leads anywhere by itself: a redirect is an answer like any other unless the request wants it followed, and
///   even then only on the same host. Cookies, `.netrc` and other protocols do not exist here.
/// - TLS is checked against what this computer trusts, and is 1.2 or later. Proxies are those of the environment, unless the
///   client is set to something else.
/// - HTTP/2 is left out: each request has a connection to itself, which is used again for the next, so there is nothing
///   to gain from it.
public enum HTTP {}
