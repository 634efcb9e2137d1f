/// Requests over HTTP, streamed in both directions, by libcurl.
///
/// What is asked for and why is not known here.
enum HTTP {}
