# SPDX-License-Identifier: Apache-2.0
# libcore: every management operation as one call; linked by hostd, visorcli and dcui.

libraries += core
core-src := $(addprefix userworld/core/, account.c bundle.c bundle_admit.c bundle_install.c \
	bundle_plan.c bundle_pool.c bundle_reconcile.c bundle_record.c bundle_remove.c \
	bundle_services.c bundle_set.c bundle_source.c bundle_stage.c bundle_switch.c check.c \
	event.c event_store.c fetch.c fetch_range.c fetch_tls.c fetch_url.c lock.c lockout.c logfile.c maintenance.c memory.c network.c password.c paths.c power.c process.c process_stats.c \
	ramdisk.c ramdisk_news.c resolv.c route4.c service.c sched.c sched_keep.c sched_show.c setting.c shadow.c state.c state_archive.c state_client.c state_history.c \
	syslog.c syslog_file.c syslog_remote.c \
	system_hardware.c system_hostname.c system_uptime.c system_version.c table.c tardisk.c \
	utf8.c verify.c versions.c)
core-src += $(addprefix userworld/core/, archive.c archive_whole.c bundle_download.c depot_install.c depot_pick.c depot_place.c depot_set.c \
	depot_sources.c depot_stream.c profile.c profile_host.c profile_plan.c provenance.c \
	provenance_map.c zip_directory.c zip_member.c)
core-src += $(addprefix userworld/core/, acceptance.c bundle_effect.c bundle_manifest.c bundle_solve.c \
	bundle_solve_words.c host_trust.c residency.c revocation.c revocation_evict.c)
core-src += $(addprefix userworld/core/, bundle_apply.c bundle_back.c bundle_change.c bundle_finish.c \
	bundle_flip.c bundle_hook.c bundle_keep.c bundle_local.c bundle_local_plan.c bundle_local_rule.c bundle_refused.c \
	bundle_step.c bundle_watch.c limited.c)
core-src += $(addprefix userworld/core/, boot.c boot_bank.c boot_install.c boot_target.c boot_update.c image_plan.c image_write.c \
	bank_keep.c bundle_bank.c bundle_result.c bundle_image.c bundle_image_stream.c)
core-src += $(addprefix userworld/core/, boot_answers.c boot_answers_state.c boot_content.c boot_disks.c \
	boot_source.c boot_source_url.c)

# What a program that links libcore needs: NAME-lib := $(core-lib), NAME-ldlibs := $(core-ldlibs).
# libarchive is linked statically: the shared one would bring 35 MB of libraries along.
core-lib := core install bank state medium trust bundle tardisk pool syslog vmklog visor
core-ldlibs := -levent_openssl -levent_extra -levent_core -lssl -lcrypto -ljansson -lsqlite3 \
	-lcrypt -l:libarchive.a -lzstd -lz -lsolv -lblkid

# Tests are linked whole, so they take the shared libarchive.
core-test-ldlibs := $(patsubst -l:libarchive.a,-larchive,$(core-ldlibs))

core-tests := core_check_test account_test bundle_plan_test residency_test core_text_test fetch_test solve_test event_test state_test core_sched_test core_syslog_test ramdisk_news_test
core-tests += boot_test boot_install_test boot_update_test bundle_bank_test bundle_bank_cut_test update_bundles_test image_write_test depot_pick_test depot_sources_test zip_test archive_test bundle_back_test
core-tests += depot_set_test profile_test provenance_test fetch_tls_test
unit-tests += $(core-tests)
$(foreach t,$(core-tests),$(eval $(t)-src := tests/unit/$(t).c tests/unit/tree.c)\
	$(eval $(t)-lib := $(core-lib))$(eval $(t)-ldlibs := $(core-test-ldlibs)))
solve_test-src += tests/unit/solve_model.c
depot_set_test-src += tests/unit/pki.c
fetch_tls_test-src += tests/unit/pki.c
boot_test-src += tests/unit/boot_medium.c tests/unit/bank_sample.c tests/unit/powercut.c
image-sample := $(addprefix tests/unit/,image_sample.c bank_sample.c bundle_sample.c pki.c powercut.c)
boot_update_test-src += tests/unit/update_host.c tests/unit/boot_medium.c $(image-sample)
image_write_test-src += tests/unit/powercut_sweep.c tests/powercut/journal.c $(image-sample)
boot_update_test-ldlibs += -Wl,--wrap=blkio_write
boot_install_test-src += tests/unit/bank_sample.c tests/unit/powercut.c
keeping := $(addprefix tests/unit/,keeping.c installed.c boot_medium.c bank_sample.c powercut.c)
bundle_bank_test-src += $(keeping)
bundle_bank_cut_test-src += tests/unit/powercut_sweep.c tests/powercut/journal.c $(keeping)
bundle_bank_cut_test-ldlibs += -Wl,--wrap=blkio_write -Wl,--wrap=banks_open
update_bundles_test-src += tests/unit/update_host.c tests/unit/boot_medium.c tests/unit/installed.c $(image-sample)
fetch_test-src += tests/unit/web.c
archive_test-src += tests/unit/web.c tests/unit/zip_sample.c
zip_test-src += tests/unit/zip_sample.c

fuzzers += zip_fuzz
zip_fuzz-src := tests/fuzz/zip_fuzz.c $(addprefix userworld/core/,zip_directory.c zip_member.c)
zip_fuzz-lib := visor
zip_fuzz-ldlibs := -lz
