import CCurl
import Glibc

extension Transfer {
    /// What libcurl's code means here, in our words; its own only where they say more and nothing that is secret.
    func reason(_ status: CURLcode) -> (code: HTTPError.Code, words: String) {
        let place = request.url.place
        if handle.number(CURLINFO_HTTP_CONNECTCODE) >= 300 {
            let answer = handle.number(CURLINFO_HTTP_CONNECTCODE)
            return (.unreachable, "the proxy does not let us through to \(place): it answers \(answer)")
        }
        if Self.isOfTLS(status) { return (.tls, "\(place) cannot be trusted: \(details(status))") }
        switch status {
        case CURLE_COULDNT_RESOLVE_HOST:
            return (
                .unreachable, "there is no address for \(request.url.host): look at the name, or at the network"
            )
        case CURLE_COULDNT_RESOLVE_PROXY:
            return (.unreachable, "there is no address for the proxy on the way to \(place)")
        case CURLE_COULDNT_CONNECT, CURLE_PROXY, CURLE_INTERFACE_FAILED:
            let number = handle.number(CURLINFO_OS_ERRNO)
            let why = number > 0 ? String(cString: strerror(Int32(number))) : details(status)
            return (.unreachable, "\(place) cannot be reached: \(why)")
        case CURLE_OPERATION_TIMEDOUT:
            return (.timedOut, "there was no connection to \(place) within \(settings.connectTimeout)")
        case CURLE_GOT_NOTHING, CURLE_PARTIAL_FILE, CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_SEND_FAIL_REWIND:
            return (.cutOff, "the connection to \(place) ended before its answer did")
        case CURLE_OUT_OF_MEMORY, CURLE_FAILED_INIT, CURLE_UNRECOVERABLE_POLL, CURLE_NOT_BUILT_IN:
            return (.library, "libcurl cannot send anything: \(handle.curl.words(status))")
        case CURLE_URL_MALFORMAT: return (.badURL, "the URL at \(place) cannot be asked for")
        default:
            return (.badAnswer, "\(place) does not speak HTTP as it should: \(details(status))")
        }
    }

    /// libcurl's words about what happened, on one line. They tell of certificates, hosts and numbers.
    private func details(_ status: CURLcode) -> String {
        let words = handle.words ?? handle.curl.words(status)
        return String(String.UnicodeScalarView(words.unicodeScalars.map { $0.value < 0x20 ? " " : $0 }))
    }

    /// Whether it says that TLS failed while the connection was made: before anything of a request went through it.
    static func isOfTLS(_ status: CURLcode) -> Bool {
        switch status {
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CIPHER,
            CURLE_SSL_CERTPROBLEM, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS, CURLE_SSL_CLIENTCERT,
            CURLE_SSL_ENGINE_NOTFOUND, CURLE_SSL_ENGINE_SETFAILED, CURLE_SSL_ENGINE_INITFAILED,
            CURLE_SSL_CRL_BADFILE, CURLE_SSL_PINNEDPUBKEYNOTMATCH:
            true
        default: false
        }
    }
}
