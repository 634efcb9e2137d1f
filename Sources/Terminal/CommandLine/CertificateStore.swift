/// Stands in for mbedTLS's reading of certificate files, in this program alone.
///
/// libgit2 asks for it once, when it is initialised, to decode every certificate that the system trusts: four
/// milliseconds, a quarter of a short command. Nothing here speaks TLS through libgit2, so the list stays empty; should
/// anything ever try, it finds no certificate to trust and is refused. The dynamic linker prefers a program's own
/// function to that of a library.
@_cdecl("mbedtls_x509_crt_parse_file")
public func readNoCertificates(_ chain: UnsafeMutableRawPointer?, _ path: UnsafePointer<CChar>?) -> CInt { 0 }
