# make           installs what building needs and this machine lacks, and builds
# make demo      the main job on made-up audio, checked with plain git and git-lfs
# make test      installs what the tests need, and passes every one
# make install   PREFIX=/usr/local DESTDIR=
# make uninstall takes away what install laid down
# make trust     the long tests of what must never be lost: broken calls, power cuts, kills, damage, random operations
#                (at most 125 minutes; PARTS="power kills" chooses)
# make bench     measures Offbeat against git, git-lfs and the physical limit; as root on a file system of its own
#                ROWS=add-large,start chooses, GROWTH=1 goes up to a million tracks, JSON=FILE takes the figures
# make coverage  lines covered, a table by target; fails below 90 %
# make lint      layout and style

PREFIX ?= /usr/local
DESTDIR ?=
SWIFT ?= swift
ROWS ?=
GROWTH ?=
PARTS ?=
JSON ?= .build/bench.json
STRICT = -Xswiftc -warnings-as-errors
# Swift's own libraries go into the program, so that it runs where no Swift is.
RELEASE = $(SWIFT) build -c release --static-swift-stdlib
# Where SwiftPM puts it; known without asking, since who installs with sudo may have no Swift.
PROGRAM = .build/release/offbeat

# Where things are installed. The program looks for its template at ../share from where it lies.
BIN = $(DESTDIR)$(PREFIX)/bin
SHARE = $(DESTDIR)$(PREFIX)/share
MANUAL = $(SHARE)/man/man1/offbeat.1
BASH_COMPLETION = $(SHARE)/bash-completion/completions/offbeat
ZSH_COMPLETION = $(SHARE)/zsh/site-functions/_offbeat
FISH_COMPLETION = $(SHARE)/fish/vendor_completions.d/offbeat.fish

.PHONY: all demo test trust bench coverage lint build install uninstall clean prepare

all: build

prepare:
	@sh .ci/prepare build

build: prepare
	$(RELEASE) --product offbeat

$(PROGRAM): Package.swift $(shell find Sources -name '*.swift' -o -name '*.h' -o -name '*.modulemap')
	@$(MAKE) build
	@touch $@

demo: build
	$(RELEASE) --product made-up-audio
	@bin="$$($(RELEASE) --show-bin-path)" && sh Tests/Demo/demo.sh "$$bin/offbeat" "$$bin/made-up-audio"

bench: build
	$(RELEASE) --product bench
	$(RELEASE) --product bare
	@bin="$$($(RELEASE) --show-bin-path)" && "$$bin/bench" --programs "$$bin" --json "$(JSON)" \
		$(if $(ROWS),--rows "$(ROWS)") $(if $(GROWTH),--growth)

test:
	@sh .ci/prepare test
	$(MAKE) lint
	$(SWIFT) build --build-tests $(STRICT) --explicit-target-dependency-import-check error
	@SWIFT="$(SWIFT)" .ci/test $(STRICT) --explicit-target-dependency-import-check error

trust:
	@sh .ci/prepare test
	@SWIFT="$(SWIFT)" .ci/trust $(PARTS)

coverage:
	@sh .ci/prepare test
	@SWIFT="$(SWIFT)" python3 .ci/coverage

lint:
	$(SWIFT) format lint --strict --recursive --parallel Package.swift Sources Tests

install: $(PROGRAM)
	install -D -m 755 $(PROGRAM) "$(BIN)/offbeat"
	ln -sf offbeat "$(BIN)/git-lfs-transfer"
	cd store-template && find . -type f -exec install -D -m 644 {} "$(abspath $(SHARE))/offbeat/store-template/{}" \;
	cd Sources/Web/Page && find . -type f -exec install -D -m 644 {} "$(abspath $(SHARE))/offbeat/page/{}" \;
	mkdir -p "$(dir $(MANUAL))" "$(dir $(BASH_COMPLETION))" "$(dir $(ZSH_COMPLETION))" "$(dir $(FISH_COMPLETION))"
	$(PROGRAM) help --man >"$(MANUAL)"
	$(PROGRAM) completions bash >"$(BASH_COMPLETION)"
	$(PROGRAM) completions zsh >"$(ZSH_COMPLETION)"
	$(PROGRAM) completions fish >"$(FISH_COMPLETION)"
	chmod 644 "$(MANUAL)" "$(BASH_COMPLETION)" "$(ZSH_COMPLETION)" "$(FISH_COMPLETION)"

uninstall:
	rm -f "$(BIN)/offbeat" "$(BIN)/git-lfs-transfer" "$(MANUAL)" "$(BASH_COMPLETION)" "$(ZSH_COMPLETION)" "$(FISH_COMPLETION)"
	rm -rf "$(SHARE)/offbeat"

clean:
	$(SWIFT) package clean
