# SPDX-License-Identifier: Apache-2.0
# dcui: the console. All but the rim is a library, so that tests link it without
# terminal and system.

libraries += console
console-src := $(addprefix dcui/, actions.c answers.c area.c call.c cell.c choices.c draw.c driver.c facts.c \
	field.c gather.c hotkey.c key.c keyseq.c lines.c live.c look.c model.c pace.c page.c probe.c script.c table.c text.c typed.c ui.c \
	warnings.c welcome.c) \
	$(addprefix dcui/steps/, agents.c common.c install.c log.c login.c password.c power.c table.c) \
	$(addprefix dcui/screens/, adapters.c address.c addresses.c agents.c banks.c bundles.c changes.c confirm.c diff.c dns.c erase.c \
	files.c form.c frame.c help.c history.c home.c image.c \
	install.c keyboard.c live.c lockdown.c login.c logs.c menu.c nettest.c network.c password.c pools.c power.c ramdisks.c reset.c result.c settings.c \
	shortages.c status.c support.c trial.c trouble.c viewer.c \
	welcome.c)

programs += dcui
dcui-src := $(addprefix dcui/, consoles.c host.c line.c loop.c main.c shed.c shell.c term.c)
dcui-lib := console $(core-lib)
dcui-ldlibs := -lncursesw -ltinfo $(core-ldlibs)
dcui-to := /usr/sbin/dcui

# Without it ncurses writes no UTF-8.
image-files += /usr/lib/locale/C.utf8/LC_CTYPE:/usr/lib/locale/C.utf8/LC_CTYPE

dcui-tests := area text keys facts call install live pace typed welcome monkey
unit-tests += $(dcui-tests:%=dcui_%_test)
$(foreach t,$(dcui-tests),$(eval dcui_$(t)_test-src := tests/unit/dcui_$(t)_test.c)$(eval \
	dcui_$(t)_test-lib := console visor)$(eval dcui_$(t)_test-ldlibs := -ljansson))

golden-tests += tests/golden/dcui/run tests/golden/dcui/terminals
