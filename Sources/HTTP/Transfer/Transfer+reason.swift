import CCurl
import Glibc

extension Transfer {
    /// What libcurl's code means here, in our words; its own only where they say more and nothing that is secret.
    func reason(_ status: CURLcode) -> (code: HTTPError.Code, words: String) {
        let place = request.url.place
        if handle.number(CURLINFO_HTTP_CONNECTCODE) >= 300 {
            let answer = handle.number(CURLINFO_HTTP_CONNECTCODE)
            let code: HTTPError.Code = answer == 407 ? .proxyDenied : .unreachable
            return (code, "the proxy does not let us through to \(place): it answers \(answer)")
        }
        if Self.isOfTLS(status) || wantsIdentity(status) {
            return (.tls, "\(place) cannot be trusted: \(details(status))")
        }
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
        case CURLE_OPERATION_TIMEDOUT where handle.number(CURLINFO_REQUEST_SIZE) > 0:
            return (.timedOut, "\(place) sends or takes too little in too long")
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

    /// What of the trust in each other is missing.
    func trustFault(_ status: CURLcode) -> HTTPError.TrustFault {
        if wantsIdentity(status) { return .ownCertificate }
        switch status {
        case CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CRL_BADFILE: return .trustedFile
        case CURLE_SSL_CERTPROBLEM, CURLE_SSL_CLIENTCERT: return .ownCertificate
        case CURLE_PEER_FAILED_VERIFICATION: break
        default: return .noAgreement
        }
        // OpenSSL's numbers (`X509_V_ERR_…`). The name is looked at by libcurl itself, which has noted 1 until then.
        switch handle.number(CURLINFO_SSL_VERIFYRESULT) {
        case 0, 1, 62, 64: return .otherName
        case 9: return .notYetValid
        case 10: return .expired
        case 18: return .selfSigned
        case 2, 19, 20, 21: return .unknownIssuer
        default: return .badCertificate
        }
    }

    /// In TLS 1.3, that the server wants a certificate is said after the connection was made.
    private func wantsIdentity(_ status: CURLcode) -> Bool {
        status == CURLE_RECV_ERROR && handle.words?.contains("alert certificate required") == true
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
