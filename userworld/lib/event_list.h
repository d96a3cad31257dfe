/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The catalogue: every event there is, one entry each. Included where EVENT_TYPE is
 * defined, so that the numbers, the table and docs/events.md are made from one list.
 *
 * EVENT_TYPE(name, id, severity, effect, alarm, details, help)
 *
 * id: AREA.WHAT, never changed once released. effect: what it does to the alarm. alarm:
 * "NAME", or "NAME:DETAIL" if there is one for each value of that detail; "": none.
 * details: what it carries, a number if ":n" follows. help: what it means and, after the
 * first full stop, what the operator can do.
 */
/* clang-format off */

/* Ramdisks */
EVENT_TYPE(RAMDISK_HIGH, "ramdisk.high", WARNING, RAISES, "ramdisk:ramdisk", "ramdisk path used:n max:n refused:n owner",
	"A ramdisk is more than 80 % full. Find what grows (\"system visorfs ramdisk owners\", vdu), delete it or raise the cap")
EVENT_TYPE(RAMDISK_CRITICAL, "ramdisk.critical", WARNING, RAISES, "ramdisk:ramdisk", "ramdisk path used:n max:n refused:n owner",
	"A ramdisk is more than 95 % full. Act as for ramdisk.high, now")
EVENT_TYPE(RAMDISK_FULL, "ramdisk.full", ERR, RAISES, "ramdisk:ramdisk", "ramdisk path used:n max:n refused:n owner",
	"Writes to a ramdisk were refused: it is full. Delete files or raise its cap; what could not be written is lost")
EVENT_TYPE(RAMDISK_NORMAL, "ramdisk.normal", INFO, ENDS, "ramdisk:ramdisk", "ramdisk path used:n max:n refused:n owner",
	"A ramdisk is below 80 % again, or gone")
EVENT_TYPE(RAMDISK_FILES_HIGH, "ramdisk.files.high", WARNING, RAISES, "ramdisk-files:ramdisk", "ramdisk path used:n max:n refused:n owner",
	"A ramdisk holds more than 80 % of the files it may have. Delete files or raise its number of inodes")
EVENT_TYPE(RAMDISK_FILES_CRITICAL, "ramdisk.files.critical", WARNING, RAISES, "ramdisk-files:ramdisk", "ramdisk path used:n max:n refused:n owner",
	"A ramdisk holds more than 95 % of the files it may have. Act as for ramdisk.files.high, now")
EVENT_TYPE(RAMDISK_FILES_FULL, "ramdisk.files.full", ERR, RAISES, "ramdisk-files:ramdisk", "ramdisk path used:n max:n refused:n owner",
	"Files could not be made: the ramdisk has as many as it may have. Delete files or raise its number of inodes")
EVENT_TYPE(RAMDISK_FILES_NORMAL, "ramdisk.files.normal", INFO, ENDS, "ramdisk-files:ramdisk", "ramdisk path used:n max:n refused:n owner",
	"A ramdisk holds fewer than 80 % of the files it may have, or is gone")

/* Pools */
EVENT_TYPE(POOL_MEMORY_SOFT, "pool.memory.soft", WARNING, RAISES, "pool:service", "service pool times:n limit",
	"A userworld is above the soft memory limit of its pool and is slowed down. See what it does; raise memory.high if it needs that much")
EVENT_TYPE(POOL_MEMORY_HARD, "pool.memory.hard", WARNING, RAISES, "pool:service", "service pool times:n limit",
	"A userworld met the hard memory limit of its pool. Raise memory.max (\"sched group set\") if it needs that much; it may be ended else")
EVENT_TYPE(POOL_FORKS, "pool.forks", WARNING, RAISES, "pool:service", "service pool times:n limit",
	"Forks were refused: a pool has as many processes as it may have. Look for a fork bomb, or raise pids.max")
EVENT_TYPE(POOL_CPU, "pool.cpu", INFO, NONE, "", "service pool times:n limit",
	"A userworld used all the CPU time of its pool and was cut short. No harm to others; raise cpu.max if it is too slow")
EVENT_TYPE(POOL_QUIET, "pool.quiet", INFO, ENDS, "pool:service", "service pool",
	"The limits of a pool do not bite any more")

/* Out of memory */
EVENT_TYPE(OOM_SHORT, "oom.short", WARNING, NONE, "", "available:n total:n needed:n",
	"The host ran short of memory. What was done about it follows")
EVENT_TYPE(OOM_RECLAIMED, "oom.reclaimed", WARNING, NONE, "", "bytes:n",
	"Memory was short; pages that can be made again were enough. Give the host more memory if it happens often")
EVENT_TYPE(OOM_PURGED, "oom.purged", WARNING, NONE, "", "ramdisk files:n bytes:n",
	"Memory was short; a ramdisk that was declared purgeable was emptied")
EVENT_TYPE(OOM_VICTIM, "oom.victim", ERR, NONE, "", "service pool bytes:n ms:n policy",
	"Memory was short; a userworld that may be ended was. It starts again if its config says so. Look which one grows, give it a limit")
EVENT_TYPE(OOM_FAILED, "oom.failed", ERR, NONE, "", "service pool",
	"Memory was short, and the userworld that was drawn could not be ended. The next one is drawn")
EVENT_TYPE(OOM_NOBODY, "oom.nobody", ERR, RAISES, "memory", "candidates:n",
	"Memory is short, and no userworld that may be ended would free any. Stop one that is essential, or delete files in a ramdisk")
EVENT_TYPE(OOM_OVER, "oom.over", INFO, ENDS, "memory", "available:n",
	"There is enough memory again")

/* Services and their watchdog */
EVENT_TYPE(SERVICE_CHANGED, "service.changed", INFO, NONE, "", "service action",
	"Somebody started, stopped or restarted a service")
EVENT_TYPE(SERVICE_ENDED, "service.ended", WARNING, NONE, "", "service seconds:n exit:n signal:n",
	"A userworld ended by itself, with a failure. It starts again if its config says so; its log says why")
EVENT_TYPE(SERVICE_MEMORY, "service.memory", WARNING, NONE, "", "service pool seconds:n",
	"A userworld was ended because it needed more memory than its pool may have")
EVENT_TYPE(SERVICE_STUCK, "service.stuck", WARNING, RAISES, "service:service", "service seconds:n",
	"A userworld did not become ready, or has processes that cannot be ended. Look into its log; a restart of the host may be needed")
EVENT_TYPE(SERVICE_CRASHES, "service.crashes", WARNING, RAISES, "service:service", "service times:n",
	"A userworld that must run ends again and again. It is started with longer pauses; look into its log")
EVENT_TYPE(SERVICE_DOWN, "service.down", ERR, RAISES, "service:service", "service times:n",
	"A userworld has failed and is left down. Put right what is wrong, and start it (\"system service start\")")
EVENT_TYPE(SERVICE_WELL, "service.well", INFO, ENDS, "service:service", "service",
	"A userworld that had failed runs, or was stopped by request")
EVENT_TYPE(WATCHDOG_SERVICE, "watchdog.service", WARNING, RAISES, "service:service", "service times:n",
	"A userworld runs but does not do its work, so it was restarted. Look into its log if it happens again")

/* The boot medium, banks and state */
EVENT_TYPE(MEDIUM_LOST, "medium.lost", WARNING, RAISES, "medium", "",
	"The boot medium is not there. The host goes on, but changes are kept in memory only: plug it in again or replace it")
EVENT_TYPE(MEDIUM_BACK, "medium.back", INFO, ENDS, "medium", "",
	"The boot medium is there again")
EVENT_TYPE(MEDIUM_DAMAGED, "medium.damaged", ERR, RAISES, "medium-damage", "part name",
	"A part of the boot medium is not as it was written, and could not be repaired. Write the image again (\"system boot update\"), or replace the medium")
EVENT_TYPE(MEDIUM_REPAIRED, "medium.repaired", WARNING, NONE, "", "part name",
	"A part of the boot medium was damaged, and is repaired. Replace the medium if it happens often")
EVENT_TYPE(MEDIUM_CHANGED, "medium.changed", INFO, NONE, "", "part name",
	"A part of the boot medium is different, and nobody can say whether that is wrong")
EVENT_TYPE(MEDIUM_REBUILT, "medium.rebuilt", WARNING, CLEARS, "medium-damage", "device build",
	"The boot medium was made anew on another disk, by request. Take the old one out before the next start")
EVENT_TYPE(MEDIUM_GOOD, "medium.good", INFO, ENDS, "medium-damage", "",
	"The boot medium was looked through, and nothing of it is damaged any more")
EVENT_TYPE(STATE_FAILED, "state.failed", ERR, RAISES, "state", "",
	"State is not saved, because writing fails or nobody has decided. Do what the text says; changes are lost with a restart until then")
EVENT_TYPE(STATE_SAVED, "state.saved", INFO, ENDS, "state", "",
	"State is saved again")
EVENT_TYPE(STATE_LOCKED, "state.locked", ERR, RAISES, "state", "",
	"State on the medium is encrypted, and this host cannot open it: the TPM is missing, was cleared or is another machine's, or the medium was changed. The host runs without it; the text says what to do")
EVENT_TYPE(STATE_SEALED, "state.sealed", INFO, NONE, "", "",
	"State on the medium is encrypted from now on, with a key that the TPM keeps. Older images in the other bank may not be able to read it")
EVENT_TYPE(STATE_PLAIN, "state.plain", WARNING, NONE, "", "",
	"State on the medium is not encrypted, because the TPM refused or visoros.seal says so. Whoever has the medium can read it")
EVENT_TYPE(STATE_STATELESS, "state.stateless", INFO, NONE, "", "",
	"The host has nowhere to keep state. Changes are lost with a restart")
EVENT_TYPE(STATE_OFTEN, "state.often", WARNING, NONE, "", "",
	"State changes so often that saving is held back. Find what writes below /etc all the time")
EVENT_TYPE(STATE_DAMAGED, "state.damaged", WARNING, NONE, "", "",
	"A part of the state could not be read or put in force. The text says which, and what was used instead")
EVENT_TYPE(STATE_CHANGED, "state.changed", WARNING, NONE, "", "",
	"State was restored, reverted, moved or reset by somebody")
EVENT_TYPE(STATE_LOADED, "state.loaded", INFO, NONE, "", "",
	"State was loaded from a server")
EVENT_TYPE(STATE_TRIAL, "state.trial", INFO, NONE, "", "",
	"Changes of the state are on trial, or were confirmed")
EVENT_TYPE(STATE_TRIAL_OVER, "state.trial.over", WARNING, NONE, "", "",
	"Changes of the state were not confirmed in time and are taken back")
EVENT_TYPE(BANK_FALLBACK, "bank.fallback", ERR, RAISES, "bank", "build reason",
	"An image was started and did not stay: the host runs the other one. \"system boot failure get\" has the end of its log; update again")
EVENT_TYPE(BANK_DAMAGED, "bank.damaged", ERR, NONE, "", "bank:n files:n",
	"Files of a bank are not as they were written. Write the image again (\"system boot update\"), or replace the medium")
EVENT_TYPE(BANK_CHOSEN, "bank.chosen", WARNING, NONE, "", "bank:n build",
	"Somebody chose the bank that is started next")
EVENT_TYPE(BANK_CONFIRMED, "bank.confirmed", INFO, NONE, "", "bank:n build",
	"The running image is good, and is started from now on")
EVENT_TYPE(BANK_BUNDLES, "bank.bundles", INFO, NONE, "", "bank:n",
	"The bundles of the host were written to a bank, which is started next")
EVENT_TYPE(BANK_BUNDLES_FAILED, "bank.bundles.failed", WARNING, NONE, "", "reason",
	"The next start will not have the bundles of now. When the medium is good, run \"software bundle keep\"")
EVENT_TYPE(BANK_GROWN, "bank.grown", INFO, NONE, "", "bank:n size:n",
	"A bank got a larger partition, of so many MiB; an update writes to all of it")
EVENT_TYPE(IMAGE_WRITTEN, "image.written", INFO, CLEARS, "bank", "bank:n build",
	"An image was written to the bank that does not run; it is tried next")
EVENT_TYPE(IMAGE_FAILED, "image.failed", ERR, NONE, "", "bank:n build",
	"An image was not written, and its bank is invalid. Try again, or replace the medium")
EVENT_TYPE(DISK_INSTALLED, "disk.installed", WARNING, NONE, "", "device build",
	"The image was installed to a disk")
EVENT_TYPE(DISK_INSTALL_FAILED, "disk.install.failed", ERR, NONE, "", "device",
	"Installing to a disk failed. The text says whether what was on it may be lost")

/* Bundles and trust */
EVENT_TYPE(BUNDLE_INSTALLED, "bundle.installed", INFO, NONE, "", "bundle version",
	"A bundle was installed")
EVENT_TYPE(BUNDLE_REMOVED, "bundle.removed", INFO, NONE, "", "bundle version",
	"A bundle was removed")
EVENT_TYPE(BUNDLE_INSTALL_FAILED, "bundle.install.failed", ERR, NONE, "", "source",
	"An install or update failed, and nothing has changed. The text says why")
EVENT_TYPE(BUNDLE_REMOVE_FAILED, "bundle.remove.failed", ERR, NONE, "", "bundle",
	"A bundle that is trusted no longer could not be removed. The text says why; remove what needs it first")
EVENT_TYPE(BUNDLE_ROLLED_BACK, "bundle.rolled-back", ERR, NONE, "", "bundle version",
	"A bundle did not work after its install and was taken back. The version is refused from now on (\"software bundle refused list\")")
EVENT_TYPE(BUNDLE_STUCK, "bundle.stuck", ERR, NONE, "", "bundle version",
	"A bundle does not work and could not be taken back. Remove it, or restart the host")
EVENT_TYPE(BUNDLE_ALLOWED, "bundle.allowed", INFO, NONE, "", "bundle version",
	"A version that had failed may be installed again")
EVENT_TYPE(BUNDLE_UNTRUSTED, "bundle.untrusted", WARNING, NONE, "", "bundle",
	"An installed bundle is trusted no longer: a key or it was revoked. Remove or replace it")
EVENT_TYPE(SIGNATURE_REFUSED, "signature.refused", WARNING, NONE, "", "bundle",
	"A bundle or image was refused for its signature. Look where it comes from; nothing of it was used")
EVENT_TYPE(REVOCATION_IMPORTED, "revocation.imported", INFO, NONE, "", "number:n",
	"A list of revoked keys and bundles is in force")
EVENT_TYPE(ACCEPTANCE_CHANGED, "acceptance.changed", INFO, NONE, "", "level",
	"The level of trust that bundles must have was changed")
EVENT_TYPE(DEPOT_ADDED, "depot.added", INFO, NONE, "", "depot",
	"A depot was added to the sources of the host")
EVENT_TYPE(DEPOT_REMOVED, "depot.removed", INFO, NONE, "", "depot",
	"A depot was removed from the sources of the host")
EVENT_TYPE(PROFILE_INSTALLED, "profile.installed", INFO, NONE, "", "profile version",
	"The host has the bundles of an image profile")

/* Users and rules */
EVENT_TYPE(AUTH_LOCKED, "auth.locked", WARNING, NONE, "", "user seconds:n",
	"Too many wrong passwords: the login of a user is locked out for a while. Find out who tries")
EVENT_TYPE(AUTH_PASSWORD, "auth.password", INFO, NONE, "", "account",
	"A password was changed")
EVENT_TYPE(AUTH_FAILED, "auth.failed", INFO, NONE, "", "account origin",
	"A login failed: a wrong password, no permission, or lockdown mode. Find out who tries, if there are many")
EVENT_TYPE(AUTH_ACCOUNT, "auth.account", INFO, NONE, "", "account action",
	"A user was added, removed, or given another role or token")
EVENT_TYPE(SECURITY_LOCKDOWN, "security.lockdown", WARNING, NONE, "", "change",
	"Who may come in has changed: lockdown mode, or its exception users")
EVENT_TYPE(SECURITY_CERTIFICATE, "security.certificate", INFO, NONE, "", "thumbprint",
	"The host has another certificate. Clients that know it by its thumbprint need the new one")
EVENT_TYPE(SECURITY_EXEC, "security.exec", INFO, NONE, "", "",
	"From now on only unchanged files of tardisks are executed")

/* The host */
EVENT_TYPE(HOST_STARTED, "host.started", INFO, NONE, "", "",
	"The management agent was started")
EVENT_TYPE(HOST_SHUTDOWN, "host.shutdown", WARNING, NONE, "", "reason",
	"Somebody asked for a shutdown or restart")
EVENT_TYPE(HOST_PANIC, "host.panic", ERR, RAISES, "panic", "reason log",
	"The host ended with a panic before this start. Its last lines are in the log that is named; acknowledge the alarm when you have read them")
EVENT_TYPE(HOST_FAULT, "host.fault", WARNING, RAISES, "panic", "reason log",
	"The kernel had a fault before this start. Its last lines are in the log that is named; acknowledge the alarm when you have read them")
EVENT_TYPE(HARDWARE_CORRECTED, "hardware.corrected", WARNING, NONE, "", "where source severity untold:n",
	"The hardware reported an error that it corrected. No harm so far; plan to replace the part if it happens often (\"hardware error list\")")
EVENT_TYPE(HARDWARE_ERROR, "hardware.error", ERR, RAISES, "hardware:where", "where source severity untold:n",
	"The hardware reported an error that it could not correct. Data may be lost: replace the part, and acknowledge the alarm then")
EVENT_TYPE(MAINTENANCE_ENTERED, "maintenance.entered", INFO, RAISES, "maintenance", "",
	"Maintenance mode was entered: the userworlds of host/user are stopped. Leave it when the work is done")
EVENT_TYPE(MAINTENANCE_LEFT, "maintenance.left", INFO, CLEARS, "maintenance", "",
	"Maintenance mode was left")
EVENT_TYPE(CLOCK_STEPPED, "clock.stepped", INFO, NONE, "", "ms:n",
	"The clock was set. Times before this event are of the old clock; the details say by how much")

/* Events themselves */
EVENT_TYPE(EVENT_LOST, "event.lost", WARNING, NONE, "", "count:n",
	"Events came faster than they could be kept. vmkernel.log has them")
EVENT_TYPE(ALARM_ACKNOWLEDGED, "alarm.acknowledged", INFO, NONE, "", "alarm",
	"Somebody has seen an alarm")
