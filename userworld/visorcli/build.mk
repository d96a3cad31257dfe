# SPDX-License-Identifier: Apache-2.0
# visorcli, under its other names too: esxcli, and localcli that needs no hostd.

libraries += cli
cli-src := $(addprefix userworld/visorcli/, cli.c client.c cmd_access.c cmd_account.c cmd_boot.c cmd_certificate.c cmd_event.c cmd_firewall.c \
	cmd_hardware.c cmd_hostname.c cmd_log.c cmd_maintenance.c cmd_network.c cmd_network_diag.c cmd_network_ip.c cmd_ntp.c cmd_panic.c cmd_process.c \
	cmd_profile.c cmd_provenance.c cmd_sched.c cmd_service.c cmd_setting.c \
	cmd_shutdown.c cmd_software.c cmd_sources.c cmd_state.c cmd_support.c cmd_syslog.c cmd_task.c cmd_trust.c cmd_version.c cmd_visorfs.c commands.c complete.c complete_value.c completion.c exchange.c format.c \
	format_table.c format_value.c format_xml.c help.c http.c option_help.c options.c path.c remote.c secret.c)

programs += visorcli
visorcli-src := userworld/visorcli/visorcli.c userworld/visorcli/login.c userworld/visorcli/support.c userworld/provision/provision.c
visorcli-lib := cli provision $(core-lib)
visorcli-ldlibs := $(core-ldlibs) -l:libyaml.a
visorcli-to := /usr/bin/visorcli /usr/bin/esxcli /usr/bin/localcli /usr/bin/visor-support /usr/lib/visoros/login /usr/lib/visoros/provision

image-files += $(foreach m,$(wildcard userworld/core/support/manifests/*.mfx),$(m):/usr/lib/visoros/support.d/$(notdir $(m)):0644)

unit-tests += visorcli_test visorcli_golden_test visorcli_table_test visorcli_complete_test
$(foreach t,visorcli_test visorcli_golden_test visorcli_table_test visorcli_complete_test,$(eval $(t)-src := tests/unit/$(t).c)\
	$(eval $(t)-lib := cli $(core-lib))$(eval $(t)-ldlibs := $(core-test-ldlibs)))

golden-tests += tests/golden/completion/run

# The scripts of shells are a part of it.
$(O)/obj/userworld/visorcli/completion.o $(O)/san/userworld/visorcli/completion.o: $(addprefix userworld/visorcli/completion/, bash zsh fish)
