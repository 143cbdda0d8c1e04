# motcua: what is built from what. Every *.c of a directory is picked up by itself; docs/architecture.md says who may
# include whom. Output goes to $B; `make SAN=1 …` (ASan and UBSan) to $B-san. `make help` lists the targets.
# SPDX-License-Identifier: GPL-3.0-or-later
VERSION := 0.1.0
B       ?= build
prefix  ?= /usr/local
DESTDIR ?=

bindir    = $(prefix)/bin
datadir   = $(prefix)/share/motcua
localedir = $(prefix)/share/locale
mandir    = $(prefix)/share/man

ifneq ($(filter fuzz,$(MAKECMDGOALS)),)
override B := $(B)-fuzz
override CC := clang
else ifeq ($(SAN),1)
override B := $(B)-san
endif
ifeq ($(origin CC),default)
CC := gcc
endif
ifeq ($(filter -j%,$(MAKEFLAGS)),)
MAKEFLAGS += -j$(shell nproc)
endif

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.SECONDARY:
.SUFFIXES:
MAKEFLAGS += --no-builtin-rules
# One line for each step; V=1 shows the commands.
say = $(if $(V),,@printf '  %-5s %s\n' $(1) $(2);)

# --- sources -------------------------------------------------------------------------------------------------------

LAYERS := core cache net tui cli desk training
$(foreach d,$(LAYERS),$(eval SRC_$d := $(wildcard $d/*.c)))
client  := $(wildcard desk/client*.c)
obj      = $(patsubst %.c,$B/%.o,$(1))

# A program is built from the moment that its main() is there.
SRC_motcua          := $(SRC_core) $(SRC_cache) $(SRC_net) $(SRC_tui) $(SRC_cli) $(client) $(wildcard desk/secret.c)
SRC_motcua-t        := $(filter-out cli/env.c,$(SRC_motcua)) tests/env.c
SRC_motcua-desk     := $(SRC_core) $(filter-out $(client),$(SRC_desk))
SRC_motcua-training := $(SRC_core) $(SRC_training)

INSTALLED := $(if $(wildcard cli/main.c),motcua) $(if $(wildcard desk/main.c),motcua-desk) \
	$(if $(wildcard training/main.c),motcua-training)
TESTED    := $(INSTALLED) $(if $(and $(wildcard cli/main.c),$(wildcard tests/env.c)),motcua-t)

# --- compiler ------------------------------------------------------------------------------------------------------
# Warnings and hardening as the OpenSSF compiler options guide has them. Whatever asks the compiler or pkg-config is put
# off until the first recipe needs it, then kept: `make demo` starts on a machine that has neither.

WARN := -Wall -Wextra -Wformat=2 -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition -Wvla \
	-Wimplicit-fallthrough -Wpointer-arith -Wwrite-strings -Wundef -Wno-unused-parameter \
	-Werror=format-security -Werror=implicit -Werror=incompatible-pointer-types -Werror=int-conversion
HARDEN := -fPIE -fstack-protector-strong -fno-delete-null-pointer-checks -fno-strict-overflow -fno-strict-aliasing
SANITIZE := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all
ifneq ($(filter fuzz,$(MAKECMDGOALS)),)
OPTIMIZE := $(SANITIZE) -fsanitize=fuzzer-no-link
else ifeq ($(SAN),1)
OPTIMIZE := $(SANITIZE)
else
OPTIMIZE := -O2 -g -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3
endif
DEFINES = -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 -D_TIME_BITS=64 -DMOTCUA_VERSION='"$(VERSION)"' \
	-DBINDIR='"$(bindir)"' -DDATADIR='"$(datadir)"' -DLOCALEDIR='"$(localedir)"'

# What not every compiler and machine knows. Clang before 16 lets variables be set to zero only with a second switch; a
# pattern serves as well.
known    = $(foreach f,$(1),$(shell $(CC) $f -Werror -x c -c /dev/null -o /dev/null 2>/dev/null && echo ' $f'))
initvars = $(firstword $(call known,-ftrivial-auto-var-init=zero -ftrivial-auto-var-init=pattern))
asked    = $(strip $(initvars) $(call known,-fcf-protection=full -mbranch-protection=standard -fstack-clash-protection \
	-fstrict-flex-arrays=3 -Wtrampolines -Wlogical-op -Wduplicated-cond))
optional = $(if $(filter undefined,$(origin kept_cc)),$(eval kept_cc := $$(asked)))$(kept_cc)

# What each directory's code may use: its own libraries and those of what it may include.
PKG_core     := libutf8proc jansson
PKG_cache    := $(PKG_core) sqlite3 libsodium
PKG_net      := $(PKG_cache) libcurl
PKG_tui      := $(PKG_cache) ncursesw libqrencode
PKG_cli      := $(PKG_net) ncursesw libqrencode libkeyutils
PKG_desk     := $(PKG_core) openssl p11-kit-1 pangocairo libqrencode
PKG_training := $(PKG_core) libmicrohttpd sqlite3 openssl
PKG_tests    := $(PKG_cli) libmicrohttpd openssl p11-kit-1 pangocairo cmocka vterm m17n-shell
pkg = $(if $(filter undefined,$(origin kept$(1)_$(2))),$(eval kept$(1)_$(2) := $$(shell \
	pkg-config $(1) $(PKG_$(2)))))$(kept$(1)_$(2))

ALL_CFLAGS  = -std=gnu17 -iquote . -iquote $B $(DEFINES) $(OPTIMIZE) $(WARN) $(HARDEN) $(optional) $(CFLAGS)
ALL_LDFLAGS = $(OPTIMIZE) -pie -Wl,-z,relro,-z,now,-z,noexecstack,-z,nodlopen,--as-needed,--no-copy-dt-needed-entries $(LDFLAGS)

# --- rules ---------------------------------------------------------------------------------------------------------

# These goals first install what is missing; a plain `make` or `make install` never touches the system.
NEEDS := $(if $(filter demo,$(MAKECMDGOALS)),build) $(if $(filter interop,$(MAKECMDGOALS)),interop) \
	$(if $(filter test test-% bench torture screens interop,$(MAKECMDGOALS)),build test) \
	$(if $(filter lint lint-% po po-check fuzz deps,$(MAKECMDGOALS)),build test lint)
DEPS  := $(if $(strip $(NEEDS)),deps)

all: programs
mo := locale/vi/LC_MESSAGES/motcua.mo
# What a program looks for beside itself; installed, in its own places.
beside := $(mo) $(wildcard keymaps/*.keymap)
programs: $(addprefix $B/,$(INSTALLED) $(beside))

deps:
	@.ci/deps $(NEEDS)

# Everything is compiled again when the flags change (but not for -Werror, which changes no object).
$B/flags: FORCE | $(DEPS)
	@$(shell mkdir -p $B)$(file >$@.new,$(CC) $(ALL_CFLAGS))cmp -s $@.new $@ && rm $@.new || mv $@.new $@
FORCE:

$B/keymaps/%: keymaps/%
	@mkdir -p $(@D) && cp $< $@

# The built-in keymap is data: it is compiled in as one string.
GENERATED := $(if $(wildcard keymaps/default.keymap),$B/gen/keymap_default.h)
$B/gen/keymap_default.h: keymaps/default.keymap
	@mkdir -p $(@D)
	@{ echo '/* Made from $<. */'; echo 'static const char keymap_default[] ='; \
		sed -e 's/\r$$//' -e 's/[\\"]/\\&/g' -e 's/\t/\\t/g' -e 's/.*/    "&\\n"/' $<; echo '    "";'; } >$@

$B/%.o: %.c $B/flags | $(GENERATED) $(DEPS)
	@mkdir -p $(@D)
	$(call say,CC,$<)$(CC) $(ALL_CFLAGS) $(if $(filter 1,$(WERROR)),-Werror) $(call pkg,--cflags,$(firstword $(subst /, ,$*))) -MMD -MP -c -o $@ $<

# $(call program,NAME,DIRECTORY whose libraries it links)
define program
$B/$(1): $(call obj,$(SRC_$(1)))
	$$(call say,LINK,$$@)$$(CC) $$(ALL_LDFLAGS) -o $$@ $$^ $$(call pkg,--libs,$(2))
endef
$(eval $(call program,motcua,cli))
$(eval $(call program,motcua-t,cli))
$(eval $(call program,motcua-desk,desk))
$(eval $(call program,motcua-training,training))

# For the tests: a directory without its main(), of which the linker takes what a test needs.
define library
$B/lib$(1).a: $(call obj,$(filter-out %/main.c,$(SRC_$(1))))
	@mkdir -p $$(@D) && rm -f $$@
	$$(call say,AR,$$@)$$(AR) rcsD $$@ $$^
endef
$(foreach d,$(LAYERS),$(eval $(call library,$d)))

# --- Vietnamese ----------------------------------------------------------------------------------------------------

$B/$(mo): po/vi.po | $(DEPS)
	@mkdir -p $(@D)
	$(call say,MO,$@)msgfmt --check-format --check-domain -o $@ $<

$B/po/motcua.pot: $(wildcard $(foreach d,$(LAYERS),$d/*.[ch] $d/*.def)) | $(DEPS)
	@mkdir -p $(@D)
	@xgettext -L C --from-code=UTF-8 --keyword --keyword=_ --keyword=N_ --keyword=C_:1c,2 --keyword=NC_:1c,2 \
		--flag=_:1:pass-c-format --flag=err_set:3:c-format --force-po --no-wrap --add-location=file -o $@ $^

# Every text that a person sees has its Vietnamese; nothing is left over from texts that are gone.
po-check: $B/po/motcua.pot po/vi.po
	@tests/lint-po $^

# Takes new texts into po/vi.po, without their Vietnamese, and old ones out.
po: $B/po/motcua.pot
	@msgmerge --quiet --no-fuzzy-matching --no-wrap --sort-by-file -o $B/po/merged.po po/vi.po $<
	@msgattrib --no-obsolete --no-wrap --sort-by-file -o $B/po/vi.po $B/po/merged.po
	@sed -i '/^"POT-Creation-Date/d; /^"Report-Msgid-Bugs-To/d' $B/po/vi.po
	@cmp -s $B/po/vi.po po/vi.po || cp $B/po/vi.po po/vi.po

# --- use -----------------------------------------------------------------------------------------------------------

demo: programs
	@$B/motcua demo $(if $(ROLE),--role '$(ROLE)') $(if $(SCENARIO),--scenario '$(SCENARIO)')

INSTALL := install -D -m 644
SHARED  = $(wildcard training/scenarios/*.json keymaps/*.keymap)
MANUALS = $(wildcard docs/*.1 docs/*.5)
place   = $(if $(filter keymaps/%,$(1)),$(datadir)/keymaps/$(notdir $(1)),$(datadir)/scenarios/$(notdir $(1)))
manual  = $(mandir)/man$(subst .,,$(suffix $(1)))/$(notdir $(1))

install: programs
	@for p in $(INSTALLED); do install -D -m 755 $B/$$p '$(DESTDIR)$(bindir)/'$$p || exit; done
	@$(INSTALL) $B/$(mo) '$(DESTDIR)$(localedir)/vi/LC_MESSAGES/motcua.mo'
	@$(foreach f,$(SHARED),$(INSTALL) $f '$(DESTDIR)$(call place,$f)' &&) true
	@$(foreach f,$(MANUALS),$(INSTALL) $f '$(DESTDIR)$(call manual,$f)' &&) true

uninstall:
	rm -f $(foreach p,$(INSTALLED),'$(DESTDIR)$(bindir)/$p') '$(DESTDIR)$(localedir)/vi/LC_MESSAGES/motcua.mo' \
		$(foreach f,$(SHARED),'$(DESTDIR)$(call place,$f)') $(foreach f,$(MANUALS),'$(DESTDIR)$(call manual,$f)')
	rmdir --ignore-fail-on-non-empty $(wildcard $(addprefix $(DESTDIR)$(datadir),/keymaps /scenarios)) || true
	rmdir --ignore-fail-on-non-empty $(wildcard $(DESTDIR)$(datadir)) || true

clean:
	rm -rf $B $(if $(SAN),,$B-san $B-fuzz)

help:
	@echo 'make                    build the programs into $B'
	@echo 'make demo [ROLE=R]      install what is missing, build, try it out on a training server'
	@echo 'make test [T=NAME]      all tests, or one program; SAN=1: with ASan and UBSan; also test-unit, -screen, -sim'
	@echo 'make lint               style, analysers, layers, translations; also lint-layers, lint-tidy F=FILE'
	@echo 'make po                 take new texts into po/vi.po; po-check says which have no Vietnamese'
	@echo 'make torture [EVERY=10]  killed, out of memory, on a failing disk: at every call there is, or every tenth; T=NAME for one'
	@echo 'make bench              figures against bounds measured in the same run'
	@echo 'make interop            our programs with a validating proxy, another issuer, nginx between them; from npm and Debian'
	@echo 'make herd               50,000 workstations after an outage: the load that comes back'
	@echo 'make sim [SEED=1 N=1]   seeds of the simulator (docs/sim.md): one alone says all that happens; without arguments 100,000'
	@echo 'make fuzz [SECONDS=60]  every fuzz target for so many seconds, two at a time; T=NAME for one'
	@echo 'make screens            the pictures of the README again'
	@echo 'make test-i386          the tests on 32-bit Debian, in a chroot'
	@echo 'make install uninstall  DESTDIR= prefix=/usr/local'
	@echo 'make deps               install every Debian package that all this needs'

include tests/tests.mk

.PHONY: all programs deps FORCE po po-check demo install uninstall clean help
-include $(shell find $B -name '*.d' 2>/dev/null)
