# SPDX-License-Identifier: Apache-2.0
# libcore: every management operation as one call; linked by hostd, visorcli and dcui.

libraries += core
core-src := $(addprefix userworld/core/, \
	check.c conf_change.c limited.c lock.c paths.c progress.c \
	table.c utf8.c)
core-src += $(addprefix userworld/core/account/, \
	access.c account.c accounts.c identity.c lockdown.c lockout.c password.c role.c shadow.c store.c \
	token.c tokens.c users.c)
core-src += $(addprefix userworld/core/audit/, \
	audit.c)
core-src += $(addprefix userworld/core/boot/, \
	answers.c answers_state.c bank.c bank_keep.c boot.c content.c disks.c first_state.c grow.c image_plan.c \
	image_write.c install.c install_job.c kernel_part.c kexec.c kexec_call.c known.c last_words.c pace.c progress.c rebuild.c \
	scrub.c scrub_bank.c scrub_disk.c source.c source_cfg.c source_dir.c source_url.c spare.c target.c update.c)
core-src += $(addprefix userworld/core/bundle/, \
	admit.c admit_files.c apply.c back.c bank.c bundle.c change.c download.c effect.c finish.c flip.c \
	hook.c image.c image_list.c image_more.c image_stream.c install.c keep.c local.c local_plan.c local_rule.c manifest.c \
	plan.c pool.c reconcile.c record.c refused.c remove.c result.c services.c set.c solve.c \
	solve_words.c source.c stage.c step.c switch.c watch.c)
core-src += $(addprefix userworld/core/depot/, \
	archive.c archive_whole.c install.c pick.c place.c profile.c profile_host.c profile_plan.c \
	set.c sources.c stream.c zip_directory.c zip_member.c)
core-src += $(addprefix userworld/core/event/, \
	alarm.c alarm_store.c collect.c event.c list.c ops.c store.c time.c watch.c)
core-src += $(addprefix userworld/core/fetch/, \
	fetch.c range.c request.c thumbprint.c tls.c url.c)
core-src += $(addprefix userworld/core/hwerror/, \
	line.c ops.c tally.c)
core-src += $(addprefix userworld/core/metrics/, \
	expose.c metrics.c node.c table.c)
core-src += $(addprefix userworld/core/network/, \
	address.c change.c device.c diag.c dns.c dns_probe.c firewall.c firewall_conf.c \
	firewall_show.c firewall_text.c inet6.c interface.c ipv6.c net_conf.c net_word.c network.c nic.c \
	ntp.c ntp_conf.c ping.c resolv.c route.c route4.c route_table.c)
core-src += $(addprefix userworld/core/panic/, \
	panic.c record.c)
core-src += $(addprefix userworld/core/sched/, \
	admit.c keep.c sched.c show.c)
core-src += $(addprefix userworld/core/security/, \
	certificate.c client_ops.c client_use.c clients.c pem.c)
core-src += $(addprefix userworld/core/state/, \
	archive.c client.c history.c state.c)
core-src += $(addprefix userworld/core/support/, \
	find.c find_value.c folder.c index.c manifest.c ops.c redact.c secrets.c support.c take.c \
	take_file.c tgz.c)
core-src += $(addprefix userworld/core/syslog/, \
	file.c remote.c syslog.c)
core-src += $(addprefix userworld/core/system/, \
	hardware.c hostname.c log_empty.c logfile.c logfollow.c maintenance.c memory.c openapi.c power.c process.c process_stats.c \
	keyboard.c service.c service_policy.c setting.c setting_access.c setting_console.c setting_exec.c setting_number.c setting_shell.c \
	setting_spare.c setting_welcome.c task.c uptime.c version.c)
core-src += $(addprefix userworld/core/trust/, \
	acceptance.c host_trust.c provenance.c provenance_map.c revocation.c revocation_evict.c)
core-src += $(addprefix userworld/core/visorfs/, \
	biggest.c ramdisk.c ramdisk_files.c ramdisk_news.c residency.c tardisk.c verify.c versions.c)

# openapi.c takes this in with .incbin, which the compiler's dependencies do not see.
$(O)/obj/userworld/core/system/openapi.o $(O)/san/userworld/core/system/openapi.o: userworld/core/system/openapi.json

# What a program that links libcore needs: NAME-lib := $(core-lib), NAME-ldlibs := $(core-ldlibs).
# libarchive is linked statically: the shared one would bring 35 MB of libraries along.
core-lib := core install bank state tpm medium trust bundle tardisk pool syslog vmklog visor
core-ldlibs := -levent_openssl -levent_extra -levent_core -lssl -lcrypto -ljansson -lsqlite3 \
	-lcrypt -l:libarchive.a -lzstd -lz -lsolv -lblkid

# Tests are linked whole, so they take the shared libarchive.
core-test-ldlibs := $(patsubst -l:libarchive.a,-larchive,$(core-ldlibs))

core-tests := core_check_test account_test bundle_plan_test residency_test core_text_test fetch_test solve_test event_test state_test core_sched_test core_syslog_test ramdisk_news_test
core-tests += boot_scrub_test boot_test boot_rebuild_test boot_install_test boot_answers_test boot_update_test bundle_bank_test bundle_bank_cut_test update_bundles_test image_write_test depot_pick_test depot_sources_test zip_test archive_test bundle_back_test
core-tests += core_network_test net_conf_test network_ops_test firewall_test core_setting_test depot_set_test profile_test provenance_test fetch_tls_test
core-tests += room_test kexec_test metrics_test openapi_test redact_test support_manifest_test support_test panic_test hwerror_test alarm_test
core-tests += previous_test role_test users_test users_host_test certificate_test
unit-tests += $(core-tests)
$(foreach t,$(core-tests),$(eval $(t)-src := tests/unit/$(t).c tests/unit/tree.c)\
	$(eval $(t)-lib := $(core-lib))$(eval $(t)-ldlibs := $(core-test-ldlibs)))
solve_test-src += tests/unit/solve_model.c
certificate_test-src += tests/unit/pki.c
depot_set_test-src += tests/unit/pki.c
fetch_tls_test-src += tests/unit/pki.c
boot_scrub_test-src += tests/unit/boot_medium.c tests/unit/bank_sample.c tests/unit/powercut.c
boot_test-src += tests/unit/boot_medium.c tests/unit/bank_sample.c tests/unit/powercut.c
image-sample := $(addprefix tests/unit/,image_sample.c bank_sample.c bundle_sample.c pki.c powercut.c)
kexec_test-src += tests/unit/boot_medium.c tests/unit/bank_sample.c tests/unit/powercut.c
kexec_test-ldlibs += -Wl,--wrap=kexec_call
boot_update_test-src += tests/unit/update_host.c tests/unit/boot_medium.c $(image-sample)
image_write_test-src += tests/unit/powercut_sweep.c tests/powercut/journal.c $(image-sample)
boot_update_test-ldlibs += -Wl,--wrap=blkio_write
installing := $(addprefix tests/unit/,install_host.c installed.c bank_sample.c powercut.c)
boot_install_test-src += $(installing)
boot_rebuild_test-src += $(installing)
boot_rebuild_test-ldlibs += $(foreach f,state_ask state_snapshot_take vfs_ramdisk_add vfs_ramdisk_remove,-Wl,--wrap=$(f))
boot_answers_test-src += $(installing)
boot_answers_test-ldlibs += -Wl,--wrap=vfs_ramdisk_add -Wl,--wrap=vfs_ramdisk_remove
keeping := $(addprefix tests/unit/,keeping.c installed.c boot_medium.c bank_sample.c powercut.c)
bundle_bank_test-src += $(keeping)
bundle_bank_cut_test-src += tests/unit/powercut_sweep.c tests/powercut/journal.c $(keeping)
bundle_bank_cut_test-ldlibs += -Wl,--wrap=blkio_write -Wl,--wrap=banks_open
update_bundles_test-src += tests/unit/update_host.c tests/unit/boot_medium.c tests/unit/installed.c $(image-sample)
fetch_test-src += tests/unit/web.c
archive_test-src += tests/unit/web.c tests/unit/zip_sample.c
zip_test-src += tests/unit/zip_sample.c
previous_test-src += tests/unit/release.c

fuzzers += zip_fuzz
zip_fuzz-src := tests/fuzz/zip_fuzz.c $(addprefix userworld/core/depot/,zip_directory.c zip_member.c)
zip_fuzz-lib := visor
zip_fuzz-ldlibs := -lz
