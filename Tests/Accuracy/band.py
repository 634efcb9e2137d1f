"""Songs of a made-up band: drums, bass, chords and a tune, whose key, tempo, beats and parts are known because they are chosen."""

MAJOR = [[0, 4, 5, 3], [0, 5, 3, 4], [0, 3, 4, 0], [0, 3, 5, 4], [0, 1, 4, 0], [0, 2, 3, 4]]
MINOR = [[0, 5, 2, 6], [0, 3, 4, 0], [0, 5, 3, 4], [0, 6, 5, 4], [0, 3, 6, 0], [0, 3, 0, 4]]
FORMS = ["ABA", "AABA", "ABAB", "ABACA"]
CHORDS = [0, 2, 4, 16, 19, 24, 25, 27, 29, 48, 50, 52, 61, 81, 88, 90]
BASSES = [32, 33, 34, 36, 38, 39]
TUNES = [11, 22, 26, 40, 56, 65, 66, 68, 73, 75, 80, 82, 85]
KICK, SNARE, CLAP, HAT, RIDE = 36, 38, 39, 42, 51
# What the drums play within a bar of four beats.
DRUMS = {
    "rock": [(0, KICK), (2, KICK), (2.5, KICK), (1, SNARE), (3, SNARE)] + [(i / 2, HAT) for i in range(8)],
    "floor": [(i, KICK) for i in range(4)] + [(1, CLAP), (3, CLAP)] + [(i + 0.5, HAT) for i in range(4)],
    "half": [(0, KICK), (1.5, KICK), (2, SNARE)] + [(i / 2, HAT) for i in range(8)],
    "shuffle": [(0, KICK), (2, KICK), (1, SNARE), (3, SNARE)] + [(i + s, RIDE) for i in range(4) for s in (0, 2 / 3)],
    "funk": [(0, KICK), (0.75, KICK), (2.5, KICK), (1, SNARE), (3, SNARE)] + [(i / 4, HAT) for i in range(16)],
    "none": [],
}


def scale_of(mode, degree):
    """A degree of the scale in semitones above the tonic."""
    steps = [0, 2, 4, 5, 7, 9, 11] if mode == "major" else [0, 2, 3, 5, 7, 8, 10]
    return steps[degree % 7] + 12 * (degree // 7)


def part(chance, mode):
    """What makes one part of a song other than the next."""
    return {
        "chords": chance.choice(MAJOR if mode == "major" else MINOR),
        "drums": chance.choice(list(DRUMS)), "program": chance.choice(CHORDS), "tune": chance.choice(TUNES + [None] * 4),
        "bass": chance.choice(BASSES), "figure": chance.choice(["held", "beats", "eighths", "broken"]),
        "walk": chance.choice(["whole", "beats", "eighths"]),
    }


def song(chance):
    """The notes of a song as (beat, length, pitch, velocity, channel, program), and the truth about it."""
    mode, tonic, bpm = chance.choice(["major", "minor"]), chance.randrange(12), chance.randint(70, 170)
    form = chance.choice(FORMS)
    parts = {name: part(chance, mode) for name in sorted(set(form))}
    parts["A"]["drums"] = parts["A"]["drums"] if parts["A"]["drums"] != "none" else "rock"
    notes, bar, bounds = [], 0, []
    for name in form:
        bounds.append(bar * 4)
        for repeat in range(8):
            degree = parts[name]["chords"][repeat % 4]
            notes += bar_of(chance, parts[name], mode, tonic, degree, bar * 4)
            bar += 1
    bounds.append(bar * 4)
    notes += [(bar * 4, 4, 48 + tonic + scale_of(mode, step), 90, 0, parts["A"]["program"]) for step in (0, 2, 4)]
    notes.append((bar * 4, 4, 36 + tonic, 90, 1, parts["A"]["bass"]))
    return notes, {"mode": mode, "tonic": tonic, "bpm": bpm, "bounds": bounds, "form": form, "end": bar * 4 + 1}


def bar_of(chance, part, mode, tonic, degree, start):
    """The notes of a bar."""
    notes = []
    # A dominant in minor has the leading tone.
    sharp = mode == "minor" and degree == 4
    chord = [48 + tonic + scale_of(mode, degree + step) + (1 if sharp and step == 2 else 0) for step in (0, 2, 4)]
    if part["figure"] == "held":
        notes += [(start, 3.9, pitch, 75, 0, part["program"]) for pitch in chord]
    elif part["figure"] == "broken":
        notes += [(start + i / 2, 0.5, chord[[0, 1, 2, 1][i % 4]], 80, 0, part["program"]) for i in range(8)]
    else:
        step = 1 if part["figure"] == "beats" else 0.5
        notes += [(start + i * step, step * 0.8, p, 75, 0, part["program"]) for i in range(int(4 / step)) for p in chord]
    root = 36 + (tonic + scale_of(mode, degree)) % 12
    step = {"whole": 4, "beats": 1, "eighths": 0.5}[part["walk"]]
    notes += [(start + i * step, step * 0.9, root, 95, 1, part["bass"]) for i in range(int(4 / step))]
    if part["tune"] is not None:
        beat = 0.0
        while beat < 4:
            length = chance.choice([0.5, 1, 1, 2])
            strong = beat % 2 == 0
            pitch = chance.choice(chord) + 24 if strong else 72 + tonic % 12 + scale_of(mode, chance.randrange(7)) - 6
            if chance.random() < 0.85:
                notes.append((start + beat, length * 0.9, pitch, 90, 2, part["tune"]))
            beat += length
    notes += [(start + beat, 0.2, drum, 60 if drum in (HAT, RIDE) else 95, 9, 0) for beat, drum in DRUMS[part["drums"]]]
    return notes
