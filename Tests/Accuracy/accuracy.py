"""How well Offbeat hears onsets, beats, tempo and key, beside aubio and essentia, on music of which the truth is exact.

Chorales of music21's corpus, or songs of a made-up band, are played by FluidSynth with a General MIDI sound font, each at a
tempo, in a key and on instruments that a seed chooses; so it is known to the millisecond what sounds when. mir_eval judges
all alike. Only the key of a chorale is not known but music21's opinion: for one in seven it is not that of the last chord.

    apt-get install fluidsynth fluid-soundfont-gm aubio-tools
    python3 -m venv accuracy && accuracy/bin/pip install mir_eval music21 essentia librosa
    accuracy/bin/python Tests/Accuracy/accuracy.py --offbeat .build/release/offbeat --seed 2 --count 40
    accuracy/bin/python Tests/Accuracy/accuracy.py --offbeat .build/release/offbeat --seed 22 --count 40 --music songs

The analyzer was tuned on the chorales of seeds 1 and 11 and on the songs of seed 21. Any other is for judging.
"""

import argparse
import json
import os
import random
import resource
import subprocess
import tempfile

import mir_eval
import music21
import numpy

import band
from music21 import corpus

FONT = "/usr/share/sounds/sf2/FluidR3_GM.sf2"
NAMES = ["C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B"]
OTHERS = [1, 11, 12, 13, 21, 26, 27, 32, 41, 42, 46, 49, 57, 60, 64, 66, 68, 70, 74, 75]
PROGRAMS = [0, 4, 6, 16, 19, 24, 40, 48, 52, 56, 71, 73]
FLATS = {"Db": "C#", "D#": "Eb", "Gb": "F#", "G#": "Ab", "A#": "Bb", "Cb": "B", "E#": "F", "B#": "C", "Fb": "E"}


def render(number, name, chance, folder, programs):
    """Plays a chorale, and tells the truth about it."""
    score = corpus.parse(name)
    key = score.analyze("key")
    shift = chance.randint(-5, 6)
    score = score.transpose(shift)
    tonic = key.tonic.transpose(shift).name.replace("-", "b")
    bpm = chance.choice([52, 60, 66, 72, 80, 88, 96, 104, 112, 120, 132, 144])
    program = chance.choice(programs)
    notes = sorted(
        {round(float(n.getOffsetInHierarchy(score)), 4) for n in score.recurse().notes if not (n.tie and n.tie.type != "start")})
    ends = max(float(n.getOffsetInHierarchy(score)) + float(n.quarterLength) for n in score.recurse().notes)
    flat = []
    for n in score.recurse().notes:
        begin = float(n.getOffsetInHierarchy(score))
        for pitch in n.pitches:
            flat.append((begin, float(n.quarterLength), pitch.midi, n.tie is not None and n.tie.type != "start"))
    path = os.path.join(folder, f"{number:03}.mid")
    write_midi(path, flat, bpm, program)
    beat = 60 / bpm
    return {
        "wav": play(path), "bpm": bpm, "key": f"{FLATS.get(tonic, tonic)} {key.mode}",
        "onsets": numpy.array(notes) * beat,
        "beats": numpy.arange(0, ends, 1.0) * beat,
    }


def render_song(number, chance, folder):
    """Plays a song of the made-up band, and tells the truth about it."""
    notes, truth = band.song(chance)
    path = os.path.join(folder, f"{number:03}.mid")
    write_events(path, notes, truth["bpm"])
    beat = 60 / truth["bpm"]
    return {
        "wav": play(path), "bpm": truth["bpm"], "key": f"{NAMES[truth['tonic']]} {truth['mode']}",
        "onsets": numpy.array(sorted({round(n[0], 4) for n in notes})) * beat,
        "beats": numpy.arange(0, truth["end"], 1.0) * beat, "bounds": [b * beat for b in truth["bounds"]], "form": truth["form"],
    }


def play(path):
    """Makes sound of a MIDI file."""
    wav = path.replace(".mid", ".wav")
    subprocess.run(
        ["fluidsynth", "-ni", "-g", "0.6", "-r", "44100", "-R", "0", "-C", "0", "-F", wav, FONT, path],
        check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=60, preexec_fn=bounded)
    return wav


def bounded():
    """A file that FluidSynth cannot end must not fill the disk."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 28, 1 << 28))


def write_midi(path, notes, bpm, program):
    """A MIDI file of one track; tied notes sound on."""
    sounding = []
    for begin, length, pitch, tied in sorted(notes):
        if tied:
            for held in sounding:
                if held[2] == pitch and abs(held[0] + held[1] - begin) < 1e-3:
                    held[1] += length
                    break
            continue
        sounding.append([begin, length, pitch])
    write_events(path, [(begin, length, pitch, 90, 0, program) for begin, length, pitch in sounding], bpm)


def write_events(path, notes, bpm):
    """A MIDI file of one track, of notes as (beat, length, pitch, velocity, channel, program)."""
    events = []
    for begin, length, pitch, velocity, channel, program in notes:
        now = round(begin * 960)
        if channel != 9:
            events.append((now, 1, bytes([0xC0 | channel, program])))
        events.append((now, 2, bytes([0x90 | channel, pitch, velocity])))
        events.append((round((begin + length) * 960) - 8, 0, bytes([0x80 | channel, pitch, 0])))
    events.sort(key=lambda e: (e[0], e[1]))

    def variable(value):
        out = [value & 0x7F]
        while value > 0x7F:
            value >>= 7
            out.append((value & 0x7F) | 0x80)
        return bytes(reversed(out))

    body = b"\x00\xff\x51\x03" + round(60_000_000 / bpm).to_bytes(3, "big")
    now = 0
    for time, _, event in events:
        body += variable(max(0, time - now)) + event
        now = max(now, time)
    body += b"\x83\x00\xff\x2f\x00"
    header = b"MThd" + (6).to_bytes(4, "big") + b"\x00\x00\x00\x01" + (960).to_bytes(2, "big")
    open(path, "wb").write(header + b"MTrk" + len(body).to_bytes(4, "big") + body)


def offbeat(program, listen, pieces, folder):
    """What Offbeat says, by its own command."""
    if listen:
        lines = subprocess.run([listen] + [p["wav"] for p in pieces], check=True, capture_output=True, text=True).stdout
        documents = [json.loads(line) for line in lines.splitlines()]
    else:
        environment = dict(os.environ, OFFBEAT_STORE=os.path.join(folder, "store"), HOME=folder)

        def run(*words):
            return json.loads(subprocess.run(
                [program, "--json", *words], check=True, capture_output=True, text=True, env=environment).stdout)

        run("init", environment["OFFBEAT_STORE"], "--user", "ana")
        documents = []
        for piece in pieces:
            track = run("add", piece["wav"])["added"][0]["id"]
            documents.append(run("analysis", "get", track))
    for document in documents:
        features, markers = document["features"], document["markers"]
        yield {
            "onsets": numpy.array(markers["onsets"]) / 1000, "beats": numpy.array(markers["beats"]) / 1000,
            "bpm": features.get("tempo", {}).get("bpm", 0), "key": features.get("key", {}).get("name", ""),
            "borders": [section["start"] / 1000 for section in markers["sections"][1:]],
        }


def aubio(pieces):
    for piece in pieces:
        def times(command):
            out = subprocess.run([command, "-i", piece["wav"]], capture_output=True, text=True).stdout
            return numpy.array([float(line.split()[0]) for line in out.splitlines() if line.strip()])
        beats = times("aubiotrack")
        bpm = 60 / numpy.median(numpy.diff(beats)) if len(beats) > 1 else 0
        yield {"onsets": times("aubioonset"), "beats": beats, "bpm": bpm, "key": None}


def essentia(pieces):
    import essentia
    import essentia.standard as es
    essentia.log.infoActive = False
    essentia.log.warningActive = False
    for piece in pieces:
        audio = es.MonoLoader(filename=piece["wav"])()
        bpm, beats, _, _, _ = es.RhythmExtractor2013(method="multifeature")(audio)
        key, scale, _ = es.KeyExtractor(profileType="edma")(audio)
        onsets, _ = es.OnsetRate()(audio)
        yield {"onsets": onsets, "beats": beats, "bpm": bpm, "key": f"{FLATS.get(key, key)} {scale}"}


def librosa(pieces):
    import librosa
    for piece in pieces:
        audio, rate = librosa.load(piece["wav"])
        bpm, beats = librosa.beat.beat_track(y=audio, sr=rate, units="time")
        onsets = librosa.onset.onset_detect(y=audio, sr=rate, units="time")
        yield {"onsets": onsets, "beats": beats, "bpm": float(numpy.atleast_1d(bpm)[0]), "key": None}


def borders(pieces, answers):
    """Where one part of a song ends and another begins: how many were found within a second, of how many, and what else."""
    right, missed, wrong = 0, 0, 0
    for truth, found in zip(pieces, answers):
        form = truth.get("form", "")
        want = [b for b, one, next in zip(truth.get("bounds", [])[1:-1], form, form[1:]) if one != next]
        matched = mir_eval.util.match_events(numpy.array(want), numpy.array(found["borders"]), 1.0) if want else []
        right += len(matched)
        missed += len(want) - len(matched)
        wrong += len(found["borders"]) - len(matched)
    return f"borders of parts: {right} right, {wrong} wrong, {missed} missed"


def score(truth, found):
    def close(bpm, factor):
        return abs(bpm - truth["bpm"] * factor) <= 0.04 * truth["bpm"] * factor
    octaves = [1, 2, 0.5, 3, 1 / 3]
    trim = lambda values: numpy.array(values, dtype=float)
    onset = mir_eval.onset.f_measure(trim(truth["onsets"]), numpy.unique(trim(found["onsets"])), window=0.05)[0]
    beats = mir_eval.beat.trim_beats
    beat = mir_eval.beat.f_measure(beats(trim(truth["beats"])), beats(numpy.unique(trim(found["beats"]))))
    key = None if found["key"] is None else (
        mir_eval.key.weighted_score(truth["key"], found["key"]) if found["key"] else 0.0)
    return {
        "onset F": onset, "beat F": beat, "tempo": float(close(found["bpm"], 1)),
        "tempo, any octave": float(any(close(found["bpm"], o) for o in octaves)), "key": key,
    }


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--offbeat", default=".build/release/offbeat")
    parser.add_argument("--listen", help="a program that prints the analysis of each file in a line of JSON")
    parser.add_argument("--seed", type=int, default=2)
    parser.add_argument("--count", type=int, default=40)
    parser.add_argument("--music", default="chorales", choices=["chorales", "songs"])
    parser.add_argument("--others", action="store_true", help="other instruments than the analyzer was tuned on")
    parser.add_argument("--folder")
    parser.add_argument("--only", default="Offbeat,aubio,essentia,librosa")
    parser.add_argument("--json", help="a file for the means, by program and measure")
    options = parser.parse_args()
    chance = random.Random(options.seed)
    folder = options.folder or tempfile.mkdtemp(prefix="accuracy.")
    os.makedirs(folder, exist_ok=True)
    cache = os.path.join(folder, f"truth-{options.seed}-{options.count}.json")
    if os.path.exists(cache):
        pieces = json.load(open(cache))
    else:
        names = chance.sample(sorted(str(p) for p in corpus.getComposer("bach")), options.count)
        pieces = []
        for number, name in enumerate(names):
            try:
                pieces.append(
                    render_song(number, chance, folder) if options.music == "songs"
                    else render(number, name, chance, folder, OTHERS if options.others else PROGRAMS))
            except (subprocess.SubprocessError, music21.exceptions21.Music21Exception) as trouble:
                print(f"left out {name}: {trouble}")
        for piece in pieces:
            piece["onsets"], piece["beats"] = list(piece["onsets"]), list(piece["beats"])
        json.dump(pieces, open(cache, "w"))
    who = {
        "Offbeat": lambda: offbeat(options.offbeat, options.listen, pieces, folder),
        "aubio": lambda: aubio(pieces), "essentia": lambda: essentia(pieces),
        "librosa": lambda: librosa(pieces),
    }
    print(f"{len(pieces)} {options.music}, seed {options.seed}")
    told = {}
    for name in options.only.split(","):
        answers = list(who[name]())
        scores = [score(piece, found) for piece, found in zip(pieces, answers)]
        means = {what: [s[what] for s in scores if s[what] is not None] for what in scores[0]}
        print(f"{name:9}", "  ".join(
            f"{what} {numpy.mean(values):.3f}" if values else f"{what} –" for what, values in means.items()))
        told[name] = {what: float(numpy.mean(values)) for what, values in means.items() if values}
        if "borders" in answers[0]:
            print(" " * 9, borders(pieces, answers))
    if options.json:
        json.dump(told, open(options.json, "w"))


main()
