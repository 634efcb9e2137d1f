/// What is to be heard in audio, found out once and kept small.
///
/// This target decodes audio as a stream, computes what ``SoundAnalysis`` holds, and turns that into a blob and back, and
/// into the formats of others. It knows of no track and no store: where results are kept, and who may see them, is decided
/// above.
public enum Analysis {}
