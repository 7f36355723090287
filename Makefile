# SPDX-License-Identifier: BSD-2-Clause
# dtrace-net: make; sudo make demo; sudo make check; make install. `make help` lists the rest.
# On a machine without make: sudo ./demo; sudo ./check.
B       := build
PREFIX  ?= /usr
prefix  ?= $(PREFIX)
ifeq ($(origin CC),default)
CC      := gcc
endif
CLANG   ?= clang
CFLAGS  ?= -O2 -g -gz
WARN    := -Wall -Wextra -Werror -Wno-missing-field-initializers
override CPPFLAGS += -Isrc -I$(B) -D_GNU_SOURCE
override CFLAGS   += -std=gnu11 $(WARN)
LIBS    := -lbpf -lelf -lz -lzstd

SRC    := $(filter-out src/routines/%,$(wildcard src/*.c src/*/*.c))
OBJ    := $(SRC:src/%.c=$(B)/obj/%.o)
DLIB   := $(sort $(wildcard dlib/*.d))
BPFOBJ := $(patsubst src/routines/%.c,$(B)/routines/%.o,$(sort $(wildcard src/routines/*.c)))
LIBOBJ := $(filter-out $(B)/obj/main.o,$(OBJ)) $(B)/obj/dlib.o $(B)/obj/support.o
UNIT   := $(patsubst tests/unit/%.c,$(B)/tests/unit/%,$(wildcard tests/unit/test_*.c))
LIVE   := $(patsubst tests/live/%.c,$(B)/tests/%,$(wildcard tests/live/*.c))
TOOLS  := $(filter-out $(B)/tests/test_%,$(LIVE))
OURS   := $(filter-out tests/fixtures/%,$(wildcard src/*.[ch] src/*/*.[ch] tests/*/*.[ch] tools/*.c))

export DTRACE  := $(abspath $(B)/dtrace)
export TRAFFIC := $(abspath $(B)/tests/traffic)
export BUILD   := $(abspath $(B))

all: $(B)/dtrace ## the command: build/dtrace

$(B)/dtrace: $(B)/obj/main.o $(LIBOBJ)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)

# The same with the check of the IR between passes (src/ir/verify.c), which tests run.
$(B)/checked/dtrace: $(B)/obj/main.o $(filter-out $(B)/obj/ir/finish.o,$(LIBOBJ)) $(B)/obj/ir/finish-checked.o
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)

$(B)/obj/ir/finish-checked.o: src/ir/finish.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -DIR_VERIFY -MMD -MP -c -o $@ $<

$(B)/obj/%.o: src/%.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

# D libraries, embedded. The list of names is a prerequisite, so that a file that goes is noticed.
$(B)/embed: tools/embed.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -o $@ $<

$(B)/dlib.names: FORCE
	@mkdir -p $(@D)
	@echo '$(DLIB)' | cmp -s - $@ || echo '$(DLIB)' > $@

$(B)/dlib.c: $(B)/embed $(DLIB) $(B)/dlib.names
	$(B)/embed $(DLIB) > $@.new && mv $@.new $@

$(B)/obj/dlib.o: $(B)/dlib.c src/dlib.h
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -c -o $@ $<

# Support routines in restricted C: to BPF, and that into C arrays.
$(B)/routines/%.o: src/routines/%.c
	@mkdir -p $(@D)
	$(CLANG) -target bpf -mcpu=v2 -O2 -ffreestanding -Wall -Wextra -Werror -Isrc -MMD -MP -c -o $@ $<

$(B)/bpfembed: tools/bpfembed.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $< -lelf

$(B)/bpf.names: FORCE
	@mkdir -p $(@D)
	@echo '$(BPFOBJ)' | cmp -s - $@ || echo '$(BPFOBJ)' > $@

$(B)/support.c: $(B)/bpfembed $(BPFOBJ) $(B)/bpf.names
	$(B)/bpfembed $(BPFOBJ) > $@.new && mv $@.new $@

$(B)/obj/support.o: $(B)/support.c src/routines/routines.h src/ir/support.h
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -c -o $@ $<

$(B)/tests/unit/%: tests/unit/%.c $(LIBOBJ)
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP $(LDFLAGS) -o $@ $< $(LIBOBJ) -lcmocka $(LIBS)

$(B)/tests/%: tests/live/%.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP $(LDFLAGS) -o $@ $< -lpthread

$(B)/tests/randd: tests/fuzz/randd.c tests/fuzz/forms.h
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $<

# Tests of parts on the running kernel: like unit tests, but for root.
$(B)/tests/test_%: tests/live/test_%.c $(LIBOBJ)
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP $(LDFLAGS) -o $@ $< $(LIBOBJ) -lcmocka $(LIBS) -lpthread

$(B)/bench/%: bench/%.c $(LIBOBJ)
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP $(LDFLAGS) -o $@ $< $(LIBOBJ) $(LIBS)

# On all CPUs, unless make was told otherwise; a line now and then instead of one for each file.
BUILDING := sh tools/step.sh Building
JOBS      = --no-print-directory $(if $(findstring -j,$(MAKEFLAGS)),,-j$(shell nproc || echo 1))

# deps.sh comes first and by itself: without it there may be no compiler yet.
demo: ## builds, makes its own traffic, shows it (as root)
	@sh tools/deps.sh demo
	@$(BUILDING) $(MAKE) $(JOBS) all tools
	@sh examples/demo.sh

check: ## all tests (as root; without root those that need none)
	@sh tools/deps.sh check
	@$(BUILDING) $(MAKE) $(JOBS) all tests
	@sh tests/run.sh floors unit lang live

unit: all unit-build ## the unit tests alone
	@sh tests/run.sh unit

lang: all $(B)/checked/dtrace ## the language tests alone
	@sh tests/run.sh lang

tools: $(TOOLS)
unit-build: $(UNIT) $(B)/tests/randd
tests: $(UNIT) $(LIVE) $(B)/tests/randd $(B)/checked/dtrace

SANITIZE := -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
# (no -Werror: gcc's warnings are wrong about instrumented code)
asan: ## unit and language tests under the sanitizers, with a check of the IR between passes
	$(MAKE) B=build-asan WARN='-Wall -Wextra -Wno-missing-field-initializers' CFLAGS='-O1 -g -DIR_VERIFY $(SANITIZE)' all unit-build
	@BUILD=$(abspath build-asan) DTRACE=$(abspath build-asan/dtrace) sh tests/run.sh unit lang

listings: all $(B)/checked/dtrace ## pins the code of tests/listing/ anew, where a change is meant
	@bash tests/unit/listing.sh pin

fuzz: all $(B)/tests/randd $(B)/checked/dtrace ## N=20000 random programs, from SEED=, on both engines (as root)
	@CHECKED=$(abspath $(B))/checked/dtrace bash tests/fuzz/fuzz.sh $(or $(N),20000) $(SEED)

vm: ## the live tests on Debian's kernels 6.1, 6.1-rt and 6.12, emulated
	@sh tools/deps.sh vm
	@$(BUILDING) $(MAKE) $(JOBS) all $(LIVE) $(B)/tests/randd
	@bash tests/vm/matrix.sh

bench: ## the benchmarks, against other tracers (as root)
	@sh tools/deps.sh bench >&2
	@$(BUILDING) $(MAKE) $(JOBS) all tools $(B)/bench/machine $(B)/bench/consumer >&2
	@bash bench/run.sh

lint: ## format, floors and static checks
	@sh tools/floors
	@clang-format --dry-run -Werror $(OURS)
	@if command -v cppcheck >/dev/null; then \
		cppcheck -q --std=c11 --enable=warning,portability --inline-suppr --error-exitcode=1 \
			--suppress=missingIncludeSystem --suppress=unknownMacro \
			-Isrc -D_GNU_SOURCE $(SRC); \
	else echo 'lint: no cppcheck here: only the format was checked'; fi

format: ## clang-format over everything
	clang-format -i $(OURS)

install: all ## into $(DESTDIR)$(prefix)
	install -d $(DESTDIR)$(prefix)/sbin $(DESTDIR)$(prefix)/share/man/man1 $(DESTDIR)$(prefix)/lib/dtrace
	install -m 755 $(B)/dtrace $(DESTDIR)$(prefix)/sbin/dtrace
	install -m 644 docs/dtrace.1 $(DESTDIR)$(prefix)/share/man/man1/dtrace.1
	install -m 644 $(DLIB) $(DESTDIR)$(prefix)/lib/dtrace

uninstall: ## what install put there
	rm -f $(DESTDIR)$(prefix)/sbin/dtrace $(DESTDIR)$(prefix)/share/man/man1/dtrace.1
	rm -f $(patsubst dlib/%,$(DESTDIR)$(prefix)/lib/dtrace/%,$(DLIB))

deps: ## the Debian packages for building and testing (as root)
	@sh tools/deps.sh check

clean: ## everything that was built
	rm -rf build build-asan

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 20

-include $(OBJ:.o=.d) $(B)/obj/ir/finish-checked.d $(BPFOBJ:.o=.d) $(UNIT:=.d) $(LIVE:=.d)
FORCE:
.PHONY: all demo check unit lang tools unit-build tests asan fuzz listings vm bench lint format install uninstall deps \
	clean help FORCE
.DELETE_ON_ERROR:
.SECONDARY:
