#!/usr/bin/env python3
"""Makes the stores of format 1 that every later build must read: see README.md beside. Usage: make.py OFFBEAT FOLDER

Both were made once. They are not made again, since what a program of today makes proves nothing about what one of
then has made: a later format, or a case that is missing here, gets a store of its own.
"""
import hashlib
import json
import os
import random
import shutil
import struct
import subprocess
import sys
import tarfile

OFFBEAT, FOLDER = os.path.realpath(sys.argv[1]), os.path.realpath(sys.argv[2])
REPLICA = "00a1b2c3d4e5"
ANA, BEN = "0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210"
BAND, POST = "abcdef0123456789abcdef0123456789", "f0111111111111111111111111111111"


def stamp(number):
    return f"019b80000000{number:04x}@{REPLICA}"


def sha(data):
    return hashlib.sha256(data).hexdigest()


def sound(seed, frames=60):
    """A WAV file of noise, as small as can be."""
    data = random.Random(seed).randbytes(frames * 2)
    head = struct.pack("<IHHIIHH", 16, 1, 1, 8000, 16000, 2, 16)
    return b"RIFF" + struct.pack("<I", 36 + len(data)) + b"WAVEfmt " + head + b"data" + struct.pack("<I", len(data)) + data


def canonical(value):
    return (json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False) + "\n").encode()


def pointer(oid, size, version="https://git-lfs.github.com/spec/v1", extra=""):
    return f"version {version}\n{extra}oid sha256:{oid}\nsize {size}\n".encode()


def facts(data):
    return {"bits": 16, "channels": 1, "format": "wav", "frames": (len(data) - 44) // 2, "of": sha(data), "sampleRate": 8000}


def audio(data, name, number=1):
    return {"at": stamp(number), "name": name, "oid": sha(data), "size": len(data)}


class Store:
    """A store, written to by Offbeat and by plain git."""

    def __init__(self, name):
        self.top = os.path.join(FOLDER, "making")
        shutil.rmtree(self.top, ignore_errors=True)
        os.makedirs(self.top + "/home")
        self.name, self.path, self.hour = name, os.path.join(self.top, "store"), 0
        self.files = {}

    def environment(self):
        self.hour += 1
        time = f"2026-01-0{1 + self.hour // 24}T{self.hour % 24:02}:00:00Z"
        keep = {"PATH": os.environ["PATH"], "HOME": self.top + "/home", "TZ": "UTC", "LC_ALL": "C.UTF-8"}
        git = {"GIT_AUTHOR_NAME": "Git", "GIT_AUTHOR_EMAIL": "git@invalid", "GIT_CONFIG_NOSYSTEM": "1"}
        git |= {"GIT_COMMITTER_NAME": "Git", "GIT_COMMITTER_EMAIL": "git@invalid"}
        return keep | git | {"OFFBEAT_NOW": time, "GIT_AUTHOR_DATE": time, "GIT_COMMITTER_DATE": time}

    def run(self, *words, data=None, cwd=None):
        done = subprocess.run(words, input=data, capture_output=True, env=self.environment(), cwd=cwd or self.top)
        if done.returncode:
            sys.exit(f"{words}: {done.stderr.decode()}")
        return done.stdout.strip().decode()

    def offbeat(self, *words, store=None):
        return self.run(OFFBEAT, "--store", store or self.path, *words)

    def git(self, *words, data=None):
        return self.run("git", "-C", self.path, *words, data=data)

    def sound(self, name, seed):
        with open(os.path.join(self.top, name), "wb") as file:
            file.write(sound(seed))
        return os.path.join(self.top, name)

    def keep(self, data):
        """Puts a file where git-lfs keeps it."""
        place = os.path.join(self.path, "lfs/objects", sha(data)[:2], sha(data)[2:4])
        os.makedirs(place, exist_ok=True)
        with open(os.path.join(place, sha(data)), "wb") as file:
            file.write(data)
        os.chmod(file.name, 0o444)
        return pointer(sha(data), len(data))

    def tree(self, entries, base="main"):
        """Writes a version's tree with other entries: path → bytes, (mode, bytes), or (mode, id) of something."""
        index = {**os.environ, "GIT_INDEX_FILE": self.top + "/index"}
        if os.path.exists(self.top + "/index"):
            os.remove(self.top + "/index")
        lines = []
        for path, content in entries.items():
            mode, content = content if isinstance(content, tuple) else ("100644", content)
            blob = content if isinstance(content, str) else self.git("hash-object", "-w", "--stdin", data=content)
            lines.append(f"{mode} {blob}\t".encode() + (path if isinstance(path, bytes) else path.encode()) + b"\0")
        subprocess.run(["git", "-C", self.path, "read-tree", base], env=index, check=True)
        subprocess.run(["git", "-C", self.path, "update-index", "-z", "--index-info"], env=index, input=b"".join(lines), check=True)
        written = subprocess.run(["git", "-C", self.path, "write-tree"], env=index, check=True, capture_output=True)
        return written.stdout.strip().decode()

    def commit(self, tree, subject, branch="main"):
        parent = self.git("rev-parse", branch)
        made = self.git("commit-tree", tree, "-p", parent, "-m", subject)
        self.git("update-ref", "refs/heads/" + branch, made)
        return made

    def pack(self):
        """Puts the store into an archive that is the same each time."""
        for name in ("journal", "journal-wal", "journal-shm", "journal.lock"):
            if os.path.exists(f"{self.path}/lfs/{name}"):
                os.remove(f"{self.path}/lfs/{name}")
        self.offbeat("status")
        shutil.rmtree(self.path + "/hooks", ignore_errors=True)

        def plain(entry):
            entry.uid = entry.gid = entry.mtime = 0
            entry.uname = entry.gname = ""
            return entry

        with tarfile.open(os.path.join(FOLDER, self.name + ".tar.gz"), "w:gz", compresslevel=9) as archive:
            archive.add(self.path, "store", filter=plain)
        shutil.rmtree(self.top)


def folder(track):
    return f"tracks/{track[0]}/{track[1]}/{track[2]}/{track}"


def track_of(data):
    return sha(f"track\n{sha(data)}".encode())[:32]


def record(data, title, **fields):
    return {"audio": audio(data, title + ".wav"), "created": stamp(1), "edits": {}, "facts": facts(data), "id": track_of(data),
            "owner": ANA, "title": title, **fields}


def make_everything():
    """What people and programs do to a store, all of it allowed."""
    store = Store("format-1")
    store.offbeat("init", store.path, "--user", "ana", "--name", "Band")
    store.offbeat("user", "add", "ben", "--name", "Ben Ö", "--email", "ben@example.org")
    for number, name in enumerate(["One", "Two", "Three"]):
        store.offbeat("add", store.sound(name + ".wav", number), "--artist", "Ana", "--tag", "demo", "--tag", "live")
    store.offbeat("edit", "One", "album=Álbum", "genre=Jazz", "year=2025", "trackNumber=7", "comment=two\nlines", "rating=4",
                  "bpm=128.5", "key=A minor", "x-isrc=XX1234567890", "-demo", "+ünïcode")
    store.offbeat("marker", "add", "One", "9f", "drop")
    store.offbeat("marker", "add", "One", "20f", "gone again")
    store.offbeat("marker", "rm", "One", "gone again")
    store.offbeat("replace", "title:two", store.sound("Two, again.wav", 9))
    store.offbeat("rm", "Three")
    store.git("repack", "-q", "-a", "-d")
    everything_by_git(store)
    store.offbeat("edit", "Four", "+after-git")
    diverge(store)
    store.pack()


def everything_by_git(store):
    """What no command writes yet, and what plain git and git-lfs write."""
    four, five, six = sound(4), sound(5), sound(6)
    drums, loser, image = sound(41), sound(42), b"\x89PNG\r\n\x1a\nno picture"
    place = folder(track_of(four))
    long = b"A long comment. " * 1200
    conflicts = {f"title@{stamp(2)}#ed8b9f8c": {"at": stamp(3), "base": "Song", "value": "Sung"},
                 f"genre@{stamp(2)}#00000000": {"at": stamp(3), "gone": True}}
    rich = record(four, "Four", conflicts=conflicts, shares={BAND: {"at": stamp(2)}}, grid={"beats": [0, 30], "origin": 0},
                  newer={"of": ["a", {"later": 1.5}], "format": None}, tags={"live": {"at": stamp(1)}, "old": {"at": stamp(2), "gone": True}})
    stem = {"audio": audio(drums, "drums.wav"), "created": stamp(1), "edits": {}, "facts": facts(drums), "madeFrom": sha(four), "type": "drums"}
    workspace = {"approval": "required", "created": stamp(1), "edits": {}, "id": BAND, "lateness": "PT90M", "name": "Band", "slug": "band",
                 "members": {ANA: {"at": stamp(1), "role": "owner"}, BEN: {"at": stamp(2), "gone": True}}, "selfApproval": False,
                 "targets": {"feed": {"at": stamp(1), "title": "Band news"}}, "zone": "Europe/Berlin"}
    decision = {"at": stamp(2), "by": ANA, "content": sha(b"content"), "kind": "approved", "note": "good", "saw": [], "stamps": sha(b"stamps")}
    post = {"author": ANA, "created": stamp(1), "decisions": {"d" * 32: decision, "e" * 32: {**decision, "kind": "of-a-later-program"}},
            "edits": {}, "id": POST, "image": {"oid": sha(image)}, "platforms": {"x": {"at": stamp(1)}}, "text": "Out now.\n\nListen!",
            "schedule": {"local": "2026-11-20T09:00:00", "zone": "Europe/Berlin"}, "title": "News", "track": track_of(four)}
    person = {"handle": "cleo", "id": BEN, "name": "Cleo", "edits": {}, "created": stamp(1)}
    store.keep(five), store.keep(six)
    entries = {
        place + "/track.json": canonical(rich), place + "/audio.wav": store.keep(four),
        place + "/stems/drums.json": canonical(stem), place + "/stems/drums.wav": store.keep(drums),
        f"{place}/conflicts/{sha(loser)}.wav": store.keep(loser), f"{place}/long/{sha(long)}.txt": long,
        f"workspaces/{BAND}/workspace.json": canonical(workspace),
        f"workspaces/{BAND}/posts/{POST[:2]}/{POST}/post.json": canonical(post),
        f"workspaces/{BAND}/posts/{POST[:2]}/{POST}/image.png": store.keep(image),
        # As a person writes it: other order, other layout.
        f"people/{BEN}.json": json.dumps(person).encode(),
        # Pointers as older and extended git-lfs write them.
        folder(track_of(five)) + "/track.json": canonical(record(five, "Five")),
        folder(track_of(five)) + "/audio.wav": pointer(sha(five), len(five), "https://hawser.github.com/spec/v1"),
        folder(track_of(six)) + "/track.json": canonical(record(six, "Six")),
        folder(track_of(six)) + "/audio.wav": pointer(sha(six), len(six), extra=f"ext-0-foo sha256:{'a' * 64}\n"),
        # Outside of the grammar: carried as it is.
        "README.md": b"# Our band\n", "notes/2026/idea.txt": b"A tune in six.\n", place + "/lyrics.txt": b"La la.\n",
        "tracks/README": b"not a track\n", "people/old/ana.json": b"{}", "bin/play": ("100755", b"#!/bin/sh\n"),
    }
    store.commit(store.tree(entries), "What no command writes yet")


def diverge(store):
    """Another laptop's head, as a fetch brings it: both have edited one track."""
    store.git("branch", "other")
    copy = os.path.join(store.top, "copy")
    shutil.copytree(store.path, copy)
    store.offbeat("edit", "One", "title=One here", "+here", "-live")
    store.offbeat("edit", "One", "title=One there", "+there", "genre=Blues", store=copy)
    store.offbeat("add", store.sound("Seven.wav", 7), store=copy)
    store.run("git", "-C", store.path, "fetch", "-q", copy, "+main:other")
    seven = sound(7)
    store.keep(seven)


def make_hostile():
    """What git allows and no program should stumble over."""
    store = Store("hostile-1")
    store.offbeat("init", store.path, "--user", "ana", "--name", "Trap")
    store.offbeat("add", store.sound("Good.wav", 1))
    twin, raw, link, size, gone, both = (sound(seed) for seed in range(20, 26))
    store.keep(twin), store.keep(link), store.keep(size), store.keep(both)
    commit = store.git("rev-parse", "main")
    broken = {"json": b'{"created": ', "types": canonical({**record(sound(30), "Types"), "title": 7}), "empty": b"",
              "large": canonical(record(sound(31), "Large", comment="x" * (1 << 20))), "deep": b"[" * 90 + b"]" * 90,
              "latin": b'{"title": "\xe9"}', "elsewhere": canonical(record(sound(32), "Elsewhere"))}
    entries = {}
    for number, (name, data) in enumerate(broken.items()):
        entries[folder(f"{number:x}" * 32) + "/track.json"] = data
        entries[folder(f"{number:x}" * 32) + "/audio.wav"] = store.keep(sound(50 + number))
    named = {name: folder(track_of(data)) for name, data in
             dict(twin=twin, raw=raw, link=link, size=size, gone=gone, both=both).items()}
    for name, data in dict(twin=twin, raw=raw, link=link, size=size, gone=gone, both=both).items():
        entries[named[name] + "/track.json"] = canonical(record(data, name.capitalize()))
    entries |= {
        named["raw"] + "/audio.wav": raw,
        named["link"] + "/audio.wav": ("120000", b"../../../../../../../../etc/passwd"),
        named["size"] + "/audio.wav": pointer(sha(size), len(size) + 1),
        named["gone"] + "/audio.wav": pointer(sha(gone), len(gone)),
        named["both"] + "/audio.wav": pointer(sha(both), len(both)), named["both"] + "/audio.flac": pointer(sha(both), len(both)),
        named["twin"] + "/audio.wav": pointer(sha(twin), len(twin)), named["twin"] + "/AUDIO.wav": b"twin\n",
        named["twin"] + "/TRACK.json": canonical(record(twin, "The other twin")),
        # Names as git takes them.
        "people/..ana.json": b"{}", "people/.json": b"{}", "...": b"dots\n", "tracks/..%2f..": b"dots\n",
        b"tracks/line\nbreak\x1b[31m": b"x\n", b"tracks/\xff\xfe": b"x\n", "People/ana.json": b"{}", "con.txt": b"x\n",
        # Things that are neither file nor folder.
        "people/link.json": ("120000", b"/etc/passwd"), "tracks/0/link": ("120000", b".."), "module": ("160000", commit),
        "tracks/1/2/3/" + "123" + "0" * 29: ("160000", commit), "workspaces/x": b"a file\n",
        "/".join(["deep"] * 300): b"bottom\n", f"workspaces/{BAND}/workspace.json/inside": b"x\n",
    }
    store.commit(store.tree(entries), "A trap\x1b[2J")
    store.pack()


make_everything()
make_hostile()
