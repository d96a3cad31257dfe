// SPDX-License-Identifier: Apache-2.0
#include "init.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/reboot.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "userworld/lib/file.h"
#include "userworld/lib/log.h"

#define GRACE 2000 /* milliseconds for what the supervisor did not know */

end_kind end_of_signal(int sig)
{
	switch (sig) {
	case SIGUSR1:
		return (end_kind)RB_HALT_SYSTEM;
	case SIGUSR2:
	case SIGPWR:
		return (end_kind)RB_POWER_OFF;
	case SIGTERM:
	case SIGINT: /* Ctrl-Alt-Del */
		return (end_kind)RB_AUTOBOOT;
	default:
		return 0;
	}
}

const char *end_name(end_kind kind)
{
	if (kind == (end_kind)RB_HALT_SYSTEM)
		return "halt";
	if (kind == (end_kind)RB_KEXEC)
		return "reboot without the firmware";
	return kind == (end_kind)RB_POWER_OFF ? "power off" : "reboot";
}

static void nap(int ms)
{
	struct timespec ts = { .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000L };

	nanosleep(&ts, NULL);
}

/* Orphans become our children, so it is enough to look at those. */
static bool nobody_left(void)
{
	pid_t pid;

	while ((pid = waitpid(-1, NULL, WNOHANG)) > 0)
		;
	return pid < 0 && errno == ECHILD;
}

/* hostd has the kernel load what starts next if a restart is to go without the firmware. */
static bool next_is_loaded(void)
{
	char value[8];

	return file_read_at(AT_FDCWD, "/sys/kernel/kexec_loaded", value, sizeof(value), NULL) > 0 &&
	       value[0] == '1';
}

void end_host(end_kind kind)
{
	kill(-1, SIGTERM);
	kill(-1, SIGCONT);
	for (int waited = 0; waited < GRACE && !nobody_left(); waited += 50)
		nap(50);
	kill(-1, SIGKILL);
	for (int waited = 0; waited < GRACE && !nobody_left(); waited += 50)
		nap(50);
	if (kind == (end_kind)RB_AUTOBOOT && next_is_loaded())
		kind = (end_kind)RB_KEXEC;
	log_info("%s", end_name(kind));
	sync();
	reboot((int)kind);
	if (kind == (end_kind)RB_KEXEC) {
		log_warn("%s", end_name(kind));
		reboot(RB_AUTOBOOT);
	}
	/* Only without the right to; PID 1 must not return either way. */
	log_warn("%s", end_name(kind));
	for (;;)
		pause();
}
