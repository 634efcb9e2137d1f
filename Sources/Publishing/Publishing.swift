/// Brings approved posts out, each once: claims, hand-offs, and what posts are handed to.
///
/// How a repository is reached is not known here, and neither is who may publish: both are decided above.
enum Publishing {}
