/// Guests: scratch stores over a store, made in a moment, of a few kilobytes, and taken away without a trace.
///
/// A scratch store is a bare repository of its own that reads the objects of the store below by git's alternates and its
/// files by falling through to them. What a guest writes stays in it. Here is how one is made, found, held in use, swept
/// and taken away, and how its work comes into the store below. What a guest may do is decided above.
enum Guests {}
