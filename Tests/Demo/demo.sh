#!/bin/sh
# Runs Offbeat's main job on made-up audio, and has plain git and git-lfs confirm the outcome.
# Usage: demo.sh OFFBEAT MADE-UP-AUDIO   (the paths of the two programs)
# Everything happens in a temporary directory with a home of its own. Whatever differs from what it should be stops
# the demonstration with a word and status 1.
set -eu

offbeat_program=${1:?usage: demo.sh OFFBEAT MADE-UP-AUDIO}
made_up_audio=${2:?usage: demo.sh OFFBEAT MADE-UP-AUDIO}

place=$(mktemp -d "${TMPDIR:-/tmp}/offbeat-demo.XXXXXX")
# What is in a store is read-only, and so must be made removable before it is removed.
tidy() { chmod -R u+w "$place" && rm -rf "$place"; }
stop() {
    status=$?
    trap - EXIT
    tidy
    [ "$status" = 0 ] || echo "The demonstration stopped: the last step above did not do what it should." >&2
    exit "$status"
}
trap stop EXIT
trap 'exit 130' INT TERM

# Nothing of this computer's own settings is seen, and none is touched.
for name in $(env | sed -n 's/^\(\(GIT\|OFFBEAT\|XDG\)_[A-Z0-9_]*\)=.*/\1/p'); do unset "$name"; done
HOME=$place/home
GIT_CONFIG_NOSYSTEM=1
GIT_TERMINAL_PROMPT=0
export HOME GIT_CONFIG_NOSYSTEM GIT_TERMINAL_PROMPT
mkdir "$HOME"
mkdir "$place/Band"
cd "$place/Band"
store=$place/Band/.offbeat

offbeat() { "$offbeat_program" "$@"; }

heading() { printf '\n== %s\n\n' "$1"; }

# Shows a command as it would be typed, then runs it.
run() {
    line='$'
    for word in "$@"; do
        case $word in
        *[!A-Za-z0-9_./:=+~@-]*) line="$line '$word'" ;;
        *) line="$line $word" ;;
        esac
    done
    printf '%s\n' "$line"
    "$@"
}

fail() {
    echo "demo: $*" >&2
    exit 1
}

# Shows a command and runs it; it must end with this status.
ends_with() {
    wanted=$1
    shift
    status=0
    run "$@" || status=$?
    [ "$status" = "$wanted" ] || fail "$* must end with status $wanted, not $status"
}

same_head() { # same_head REPOSITORY REPOSITORY: whether both hold the same version
    [ "$(git -C "$1" rev-parse main)" = "$(git -C "$2" rev-parse main)" ] || fail "$1 and $2 hold different versions"
}

same() { # same FILE FILE: whether the two have the same bytes
    cmp -s "$1" "$2" || fail "$1 and $2 differ"
}

heading "Six made-up songs, and a seventh that a recording session will bring later"
"$made_up_audio" Songs 6 1
"$made_up_audio" New 1 2 >/dev/null

heading "Ana makes a store and adds the folder: one version, with the audio in it"
run offbeat init --user ana
run offbeat user add ben --name 'Ben Okri'
run offbeat add Songs
run offbeat add Songs/Tin\ Roof.wav

heading "She looks for things"
run offbeat ls --sort title
run offbeat ls night
run offbeat ls duration:1..2

heading "She says what she knows: fields, tags, marks. The audio files are never written to"
run offbeat edit 'night train' artist='The Sleepers' bpm=128.5 key='A minor' rating=4 +demo
run offbeat edit --query 'harbour' artist='The Sleepers' +demo +live
run offbeat marker add 'night train' 0:01 'second verse'
run offbeat show 'night train'
run offbeat ls -- tag:demo -tag:live

heading "Ben brings a better take. The track stays the same track, and earlier versions keep the earlier audio"
run offbeat --user ben replace 'paper boats' 'New/Night Train.wav'
printf '%s\n' "\$ offbeat cat 'paper boats' >heard.wav"
offbeat cat 'paper boats' >heard.wav
same heard.wav 'New/Night Train.wav'

heading "Every change is a version"
run offbeat rm 'slow parade'
run offbeat log
run offbeat diff HEAD~2 HEAD

heading "The audio comes out as playable files with names, byte for byte"
run offbeat export Out
same 'Out/The Sleepers - Night Train.wav' 'Songs/Night Train.wav'
same 'Out/The Sleepers - Harbour Lights.wav' 'Songs/Harbour Lights.wav'
same 'Out/Paper Boats.wav' 'New/Night Train.wav'
same 'Out/Second Winter.wav' 'Songs/Second Winter.wav'
same 'Out/Tin Roof.wav' 'Songs/Tin Roof.wav'
[ ! -e 'Out/Slow Parade.wav' ] || fail "a removed track was exported"

heading "Scripts get JSON and exit codes"
run offbeat ls --json --limit 1 tin
printf '%s\n' '$ offbeat show slow'
status=0
offbeat show slow || status=$?
[ "$status" = 3 ] || fail "a track that is not there must end with status 3, not $status"

heading "A store is a plain git repository with the audio beside it, as git-lfs has it"
run git -C "$store" log --stat --format='%h %an: %s' -3
run git -C "$store" fsck --strict
run git -C "$store" lfs fsck

heading "So a clone with nothing but git and git-lfs has the records as JSON and the audio as files"
git lfs install --skip-repo >/dev/null
run git clone --quiet "file://$store" "$place/clone"
cd "$place/clone"
find tracks -type f | sort
# The clone and what was put in must hold the same audio: no file more, none less, no byte otherwise.
find tracks -name 'audio.*' -exec sha256sum {} + | cut -c1-64 | sort >"$place/cloned"
(
    cd "$place/Band"
    sha256sum 'Songs/Night Train.wav' 'Songs/Harbour Lights.wav' 'Songs/Second Winter.wav' \
        'Songs/Tin Roof.wav' 'New/Night Train.wav'
) | cut -c1-64 | sort >"$place/put"
same "$place/cloned" "$place/put"

heading "And the take that Ben's replaced is still to be had from its version"
replaced=$(git diff --name-only HEAD~2 HEAD~1 -- 'tracks/**/audio.wav')
printf '%s\n' "\$ git show HEAD~2:$replaced | git lfs smudge >earlier.wav"
git show "HEAD~2:$replaced" | git lfs smudge >"$place/earlier.wav" 2>"$place/smudge.log" || cat "$place/smudge.log" >&2
same "$place/earlier.wav" "$place/Band/Songs/Paper Boats.wav"

heading "The band shares one remote: a folder on a disk, a network mount or a stick"
cd "$place/Band"
run offbeat remote add origin "$place/band.git"
run offbeat sync
same_head "$store" "$place/band.git"

heading "Ben clones it to his own laptop, where he is Ben"
run offbeat clone "$place/band.git" "$place/Ben" --user ben
run offbeat sync --quiet
same_head "$place/Ben" "$store"

heading "The network is gone. Both go on, each for themselves"
mv "$place/band.git" "$place/away.git"
run offbeat edit 'tin roof' bpm=96 comment='slower, please'
run offbeat --store "$place/Ben" edit 'tin roof' comment='louder, please' +live
run offbeat --store "$place/Ben" add 'Songs/Slow Parade.wav'
ends_with 75 offbeat sync
mv "$place/away.git" "$place/band.git"

heading "It is back. What they did apart is merged; of the one field that both have changed the other value is kept"
run offbeat sync
ends_with 5 offbeat --store "$place/Ben" sync
run offbeat sync
same_head "$place/Ben" "$store"
run offbeat conflicts
run offbeat resolve 'tin roof' comment --value 'slower and louder'
run offbeat sync
run offbeat --store "$place/Ben" sync
run offbeat --store "$place/Ben" show 'tin roof'
same_head "$place/Ben" "$store"
same_head "$place/Ben" "$place/band.git"

heading "Somebody tries things as a guest, in a scratch store of a few kilobytes: the library does not change by a byte"
tree_of() { (cd "$1" && find . -path ./scratch -prune -o -type f -exec sha256sum {} + | sort -k 2); }
tree_of "$store" >"$place/before"
printf '%s\n' '$ guest=$(offbeat guest start --quiet)'
guest=$(offbeat guest start --quiet)
run du -sk "$guest"
run offbeat --store "$guest" edit 'tin roof' title='Iron Roof' +heavy
run offbeat --store "$guest" add 'New/Night Train.wav' Songs
run offbeat --store "$guest" rm 'second winter'
ends_with 4 offbeat --store "$guest" sync
run offbeat --store "$guest" ls --sort title
tree_of "$store" >"$place/after"
same "$place/before" "$place/after"

heading "Ana likes one thing and keeps it, though the library has moved on; another guest's store is thrown away"
run offbeat edit 'tin roof' +loud
run offbeat guest keep "${guest##*/}" --as ana
run offbeat show 'iron roof'
run offbeat undo
run offbeat guest run -- "$offbeat_program" rm 'tin roof'
run offbeat show 'tin roof'
[ -z "$(ls "$store/scratch")" ] || fail "a guest's store was left"

heading "And plain git and git-lfs have all of it from the remote"
run offbeat sync
run git -C "$place/band.git" fsck --strict
run git clone --quiet "file://$place/band.git" "$place/shared"
same "$(find "$place/shared/tracks" -name 'audio.wav' -path '*/f927163d*')" 'Songs/Slow Parade.wav'

printf '\nAll was well: %s tracks, and git, git-lfs and Offbeat agree on every byte.\n' "$(wc -l <"$place/cloned")"
