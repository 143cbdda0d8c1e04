# The tests and the checks. A test program is one tests/unit/test_WHAT_*.c or tests/screen/test_*.c; what it links follows
# from WHAT, so that a directory which does not build holds up no other's tests.
# SPDX-License-Identifier: GPL-3.0-or-later

# --- what the tests are made of --------------------------------------------------------------------------------------

harness  := $(call obj,$(filter-out tests/env.c,$(wildcard tests/*.c)))
everyone := cli tui net desk cache training core
needs_core     := core
needs_cache    := cache core
needs_net      := net cache core
needs_sim      := net training cache desk core
needs_tui      := tui cache core
needs_desk     := desk core
needs_training := training core
needs_cli      := $(filter-out training,$(everyone))
# The programs that it runs, where they can be built.
runs_net       := motcua-training
runs_desk      := motcua-desk
runs_training  := motcua-training
runs_tui       := $(beside)
runs_cli       := $(TESTED) $(beside)

$B/libharness.a: $(harness)
	@mkdir -p $(@D) && rm -f $@
	$(call say,AR,$@)$(AR) rcsD $@ $^

# $(call test,PROGRAM,OBJECTS beside its own,DIRECTORIES,PROGRAMS that it runs)
define test
$B/$(1): $B/$(1).o $(2) $B/libharness.a $(patsubst %,$B/lib%.a,$(3)) | $(addprefix $B/,$(filter $(TESTED) $(beside),$(4)))
	$$(call say,LINK,$$@)$$(CC) $$(ALL_LDFLAGS) -o $$@ $$^ $$(call pkg,--libs,tests)
endef

# tests/unit/test_core_text.c: WHAT is core. What tests share stands in tests/unit/core_*.c, for cache's tests too, since
# they link core.
what = $(word 2,$(subst _, ,$(notdir $(basename $(1)))))
layers = $(or $(needs_$(call what,$(1))),$(everyone))
shared = $(call obj,$(wildcard $(foreach d,$(1),tests/unit/$d_*.c)))
UNIT := $(wildcard tests/unit/test_*.c)
$(foreach t,$(UNIT),$(eval $(call test,$(basename $t),$(call shared,$(call layers,$t)),$(call layers,$t),\
	$(runs_$(call what,$t)))))

SCREEN := $(wildcard tests/screen/test_*.c)
screen := $(call obj,$(filter-out $(SCREEN),$(wildcard tests/screen/*.c)))
$(foreach t,$(SCREEN),$(eval $(call test,$(basename $t),$(screen),$(everyone),$(runs_cli))))

SIM := $(if $(wildcard tests/sim/*.c),tests/sim/sim)
# What the code under test does to files beside SQLite's goes to the simulated disk (tests/sim/disk_plain.c).
wrapped := write fdatasync fsync ftruncate64 renameat linkat unlinkat
comma   := ,
$B/tests/sim/sim: $(call obj,$(wildcard tests/sim/*.c)) $B/libharness.a $(patsubst %,$B/lib%.a,$(needs_sim))
	$(call say,LINK,$@)$(CC) $(ALL_LDFLAGS) $(addprefix -Wl$(comma)--wrap=,$(wrapped)) -o $@ $^ $(call pkg,--libs,tests)

# Many workstations at once: the scheduler of net/ over a cache and an outbox of its own.
HERD := $(if $(wildcard tests/herd/*.c),tests/herd/herd)
$B/tests/herd/herd: $(call obj,$(wildcard tests/herd/*.c)) $(patsubst %,$B/lib%.a,$(needs_net))
	$(call say,LINK,$@)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(call pkg,--libs,net)

# --- make torture ------------------------------------------------------------------------------------------------------

# tests/torture/test_*.c hurt the real programs; what they share are the other files there. alloc.c gets at our own allocations so,
# also in motcua-m, which is motcua with it.
TORTURE := $(wildcard tests/torture/test_*.c)
torture := $(call obj,$(filter-out $(TORTURE),$(wildcard tests/torture/*.c)) tests/unit/cli_office.c tests/screen/pty.c \
	tests/screen/keys.c) $(call shared,core cache)
wraps   := $(addprefix -Wl$(comma)--wrap=,malloc calloc realloc reallocarray strdup vasprintf realpath sodium_malloc)
$(foreach t,$(TORTURE),$(eval $(call test,$(basename $t),$(torture),$(everyone),$(TESTED) $(beside))))
$(addprefix $B/,motcua-m $(basename $(TORTURE))): private LDFLAGS += $(wraps)
$B/motcua-m: $(call obj,$(SRC_motcua) tests/torture/alloc.c)
	$(call say,LINK,$@)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(call pkg,--libs,cli)
torture: $(addprefix $B/,$(basename $(or $(foreach t,$T,$(wildcard tests/torture/$t.c)),$(TORTURE))) motcua-m)
	@MOTCUA_BUILD=$(abspath $B) MOTCUA_SAN=$(SAN) MOTCUA_TEST_LIMIT=7200 MOTCUA_TORTURE_EVERY=$(or $(EVERY),1) tests/run \
		$(filter-out %/motcua-m,$^)
.PHONY: torture

# --- make test -------------------------------------------------------------------------------------------------------

UNITS   := $(addprefix $B/,$(basename $(UNIT)) tests/torture/test_memory_cache)
SCREENS := $(addprefix $B/,$(basename $(SCREEN)))
SIMS    := $(addprefix $B/,$(SIM))
HERDS   := $(addprefix $B/,$(HERD))
TESTS   := $(UNITS) $(SCREENS) $(SIMS) $(HERDS)
ifdef T
TESTS   := $(filter $(addprefix %/,$(basename $(notdir $(wildcard $(foreach t,$T,tests/*/$t.c)))) $(filter sim herd,$T)),$(TESTS))
endif

# What the tests build, they build without warnings.
ifneq ($(filter test test-% bench torture interop,$(MAKECMDGOALS)),)
WERROR := 1
endif

test: $(TESTS) $(if $T,,programs)
	@MOTCUA_BUILD=$(abspath $B) MOTCUA_SAN=$(SAN) tests/run $(if $(TESTS),$(TESTS),$(error no test is called '$T'))
test-unit: $(UNITS)
	@MOTCUA_BUILD=$(abspath $B) MOTCUA_SAN=$(SAN) tests/run $(UNITS)
test-screen: $(SCREENS)
	@MOTCUA_BUILD=$(abspath $B) MOTCUA_SAN=$(SAN) tests/run $(SCREENS)
test-sim: $(SIMS)
	@MOTCUA_BUILD=$(abspath $B) MOTCUA_SAN=$(SAN) tests/run $(SIMS)

.PHONY: test test-unit test-screen test-sim test-i386

# The tests on 32-bit Debian; not part of .ci/run.
test-i386: deps
	@tests/i386

# N seeds from SEED on; one alone says all that happens in it.
SEED ?= 1
N    ?= 100000
sim: $(SIMS)
	@MOTCUA_SAN=$(SAN) $B/tests/sim/sim $(SEED) $N
.PHONY: sim

# The load on a server after an outage; fails where it is too high. SCENARIO=1 … 5 for one.
STATIONS ?= 50000
CAPACITY ?= 2000
herd: $(HERDS)
	@$B/tests/herd/herd $(STATIONS) $(CAPACITY) $(SEED) $(SCENARIO)
.PHONY: herd

# --- make interop: our programs with other people's between and around them ------------------------------------------

INTEROP := $(wildcard tests/interop/test_*.c)
around  := $(call obj,tests/interop/fixture.c tests/unit/cli_office.c tests/screen/pty.c tests/screen/keys.c)
$(foreach t,$(INTEROP),$(eval $(call test,$(basename $t),$(around),,$(runs_cli))))
INTEROPS := $(addprefix $B/,$(basename $(INTEROP)))

# Prism knows no base path: it stands before every path instead.
$B/interop/contract.yaml: docs/central-api.yaml
	@mkdir -p $(@D)
	@sed -E 's,^  (/[^:]*):$$,  /api/v1\1:,; s,^  - url: /api/v1$$,  - url: /,' $< >$@
# Where what it imports lies beside it.
$B/interop/%.mjs: tests/interop/%.mjs
	@mkdir -p $(@D) && cp $< $@

interop: $(INTEROPS) $B/interop/contract.yaml $(patsubst tests/%,$B/%,$(wildcard tests/interop/*.mjs))
	@run='env MOTCUA_BUILD=$(abspath $B) MOTCUA_SAN=$(SAN) tests/run'; if tests/interop/npm $B/interop; then $$run $(INTEROPS); \
	elif [ $$? -eq 77 ]; then echo 'SKIPPED, since no npm registry can be reached: the proxy and the issuer'; \
		$$run $(filter %_nginx,$(INTEROPS)); else exit 1; fi
.PHONY: interop

# --- make bench, fuzz, screens: there as soon as what they run is there ----------------------------------------------

# tests/bench/bare_*.c, fill.c and replay.c are programs of one file each; the others together are `bench`, which runs them.
BENCH := $(wildcard tests/bench/*.c)
ifneq ($(BENCH),)
alone := $(basename $(filter $(addprefix tests/bench/,bare_%.c fill.c replay.c),$(BENCH)))
$(foreach t,$(alone),$(eval $(call test,$t,,$(everyone),)))
$B/tests/bench/bench: $(call obj,$(filter-out $(addsuffix .c,$(alone)),$(BENCH)) tests/screen/pty.c tests/screen/keys.c) $B/libharness.a \
		$(patsubst %,$B/lib%.a,$(everyone))
	$(call say,LINK,$@)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(call pkg,--libs,tests)
bench: $(addprefix $B/,$(alone) tests/bench/bench tests/unit/test_net_upload $(TESTED) $(beside))
	@MOTCUA_BUILD=$(abspath $B) $B/tests/bench/bench
.PHONY: bench
endif

# tests/fuzz/fuzz_NAME.c is a libFuzzer target that links what it includes, and of the other files there what it needs;
# tests/fuzz/corpus/NAME/ is what it starts from, NAME.dict its words. tests/fuzz/run runs them two at a time and keeps what it
# finds in $B/corpus/NAME, a finding in $B/found/.
FUZZ    := $(or $(foreach t,$T,$(wildcard tests/fuzz/fuzz_$t.c)),$(wildcard tests/fuzz/fuzz_*.c))
SECONDS ?= 60
ifneq ($(filter fuzz,$(MAKECMDGOALS)),)
$B/libfuzz.a: $(call obj,$(filter-out tests/fuzz/fuzz_%.c,$(wildcard tests/fuzz/*.c))) $(call shared,core cache tui)
	@mkdir -p $(@D) && rm -f $@
	$(call say,AR,$@)$(AR) rcsD $@ $^
included = $(foreach d,$(shell sed -n 's,^\#include "\([a-z]*\)/.*,\1,p' $(1)),$(needs_$d))
$(foreach t,$(FUZZ),$(eval $(call test,$(basename $t),$B/libfuzz.a,$(filter $(call included,$t),$(everyone)),)))
$(addprefix $B/,$(basename $(FUZZ))): private LDFLAGS += -fsanitize=fuzzer
endif
fuzz: $(addprefix $B/,$(basename $(FUZZ)))
	@MOTCUA_BUILD=$(abspath $B) SECONDS_EACH=$(SECONDS) tests/fuzz/run $(patsubst fuzz_%,%,$(basename $(notdir $(FUZZ))))
.PHONY: fuzz

# The pictures that the README and the guides show, made again.
GUIDES := $(addprefix $B/,$(basename $(wildcard tests/screen/test_readme.c tests/screen/test_guide_*.c)))
screens: $(GUIDES)
	@MOTCUA_BUILD=$(abspath $B) tests/screens $(GUIDES)
.PHONY: screens

# --- make lint -------------------------------------------------------------------------------------------------------

C_FILES  := $(wildcard $(foreach d,$(LAYERS) tests tests/unit tests/screen tests/sim tests/herd tests/interop tests/torture tests/fuzz tests/bench,$d/*.c))
H_FILES  := $(wildcard $(foreach d,$(LAYERS) tests tests/unit tests/screen tests/sim tests/herd tests/interop tests/torture tests/fuzz tests/bench,$d/*.h))
TIDY     := $(or $F,$(C_FILES))
TIDY_FLAGS = -std=gnu17 -iquote . -iquote $B $(DEFINES) -O2 $(WARN) $(call pkg,--cflags,tests)

lint: lint-layers lint-format lint-man po-check lint-cppcheck lint-tidy

lint-layers: $(call obj,$(foreach d,$(LAYERS),$(SRC_$d)))
	@tests/lint-layers $B

lint-format: | $(DEPS)
	@bad=0; for f in $(C_FILES) $(H_FILES); do \
		clang-format $$f | cmp -s - $$f || { echo "$$f: not in the style of .clang-format"; bad=1; }; done; exit $$bad

# The manual pages name all that there is.
lint-man: | $(DEPS)
	@tests/lint-man

lint-cppcheck: $(GENERATED) | $(DEPS)
	@cppcheck --quiet -j 2 --std=c11 --library=posix,gnu,tests/cppcheck.cfg --template=gcc --enable=warning,performance,portability --inline-suppr \
		--error-exitcode=1 --suppress=missingIncludeSystem --suppress=readdirCalled --suppress=nullPointerRedundantCheck --suppress='*:$B/*' -I . -I $B $(LAYERS)

# The slow one: two files at a time; F=core/err.c for one.
lint-tidy: $(GENERATED) | $(DEPS)
	@printf '%s\n' $(TIDY) | xargs -P 2 -n 1 tests/lint-tidy $(TIDY_FLAGS)

.PHONY: lint lint-layers lint-format lint-man lint-cppcheck lint-tidy
