/// The page: one library over HTTP, with a JSON API, live events, and pages that are made of both.
///
/// Where to begin: a ``PageServer`` holds a `Service`, which is all that requests share. A request comes to the `Door`, which
/// finds out whose it is, then by the `Router` to its `Route`. Every route says what it takes and gives, and the OpenAPI
/// document is made of just that. Nothing here decides what a person may do: each answer is what a session of `Offbeat` says.
public enum Web {}
