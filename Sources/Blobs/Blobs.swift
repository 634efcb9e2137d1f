/// Content-addressed files in git-lfs's layout: put, open, verify, and a journal of which are here.
///
/// This target never looks at what the bytes mean, never opens a file for writing once it has its name, and never
/// removes one on its own account.
///
/// Where to begin: ``BlobStore`` is the place, ``BlobBatch`` puts files there, ``Pointer`` is what stands for one in a
/// tree, ``BlobError`` what goes wrong.
public enum Blobs {}
