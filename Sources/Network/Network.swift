/// Other computers: how they are reached, and the protocols of git and git-lfs that are spoken with them.
///
/// It knows of requests, streams and files, and nothing of versions, records or what is merged with what. Where to begin:
/// ``NetworkAddress`` is where a remote is, ``WebClient`` speaks HTTP on behalf of a person, ``SSHClient`` runs what is at the
/// other end of ssh, ``TransferClient`` and ``TransferServer`` are the two ends of git-lfs's protocol for ssh,
/// ``NetworkError`` says why nothing came of it.
///
/// - What git and git-lfs are configured with counts here too: proxies, certificates, ssh commands, credential helpers.
/// - Nobody is asked anything where there is no terminal, and nothing waits longer than it says.
/// - Secrets go to the host that they were given for and nowhere else; no message ever holds one.
public enum Network {}
