// SPDX-License-Identifier: Apache-2.0
#include "init.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "userworld/lib/file.h"
#include "userworld/lib/log.h"
#include "userworld/lib/program.h"
#include "version.h"

#define SUPERVISOR "/usr/sbin/supervisor"
#define RESTART_DELAY 1 /* seconds before a supervisor that died is started again */
#define STOP_LIMIT 60	/* seconds the supervisor has to stop all userworlds */

static const struct program self = {
	.name = "init",
	.usage = "",
	.help = "The first process of VisorOS; the kernel starts it. Signals end the host:\n"
		"  SIGTERM, SIGINT  reboot\n"
		"  SIGUSR2, SIGPWR  power off\n"
		"  SIGUSR1          halt\n"
		"      --help, --version\n",
};

struct init {
	pid_t supervisor; /* 0: none */
	time_t due;	  /* CLOCK_MONOTONIC s of what comes next, 0: nothing */
	end_kind end;	  /* what has been asked for */
};

static time_t now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec;
}

static void __attribute__((noreturn)) become_supervisor(void)
{
	static char *const argv[] = { (char *)"supervisor", NULL };
	static char *const envp[] = { (char *)"PATH=/usr/sbin:/usr/bin:/sbin:/bin",
				      (char *)"HOME=/", NULL };
	int null = open("/dev/null", O_RDONLY);
	int kmsg = open("/dev/kmsg", O_WRONLY);
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	setsid();
	if (null >= 0)
		dup2(null, STDIN_FILENO);
	if (kmsg >= 0) {
		dup2(kmsg, STDOUT_FILENO);
		dup2(kmsg, STDERR_FILENO);
	}
	close_range(STDERR_FILENO + 1, ~0U, 0);
	execve(SUPERVISOR, argv, envp);
	log_fatal("%s", SUPERVISOR);
}

static void start_supervisor(struct init *s)
{
	s->due = 0;
	s->supervisor = fork();
	if (s->supervisor == 0)
		become_supervisor();
	if (s->supervisor > 0)
		return;
	log_warn("start the supervisor");
	s->supervisor = 0;
	s->due = now() + RESTART_DELAY;
}

static void collect(struct init *s)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		if (pid != s->supervisor)
			continue;
		s->supervisor = 0;
		if (s->end)
			continue;
		log_warnx("the supervisor ended (%s %d) and is started again",
			  WIFEXITED(status) ? "exit code" : "signal",
			  WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status));
		s->due = now() + RESTART_DELAY;
	}
}

/* The worlds are stopped by the supervisor in their order; it ends when all are down. */
static void begin_end(struct init *s, end_kind kind)
{
	if (s->end)
		return;
	s->end = kind;
	s->due = now() + STOP_LIMIT;
	log_info("the host goes down: %s", end_name(kind));
	if (s->supervisor)
		kill(s->supervisor, SIGTERM);
}

static void on_due(struct init *s)
{
	if (!s->end) {
		start_supervisor(s);
		return;
	}
	log_warnx("the supervisor has not stopped all userworlds in %d s", STOP_LIMIT);
	s->supervisor = 0;
}

static void wait_for_signal(struct init *s, const sigset_t *set)
{
	struct timespec timeout = { 0 };
	int sig;

	if (s->due && s->due > now())
		timeout.tv_sec = s->due - now();
	sig = sigtimedwait(set, NULL, s->due ? &timeout : NULL);
	if (sig == SIGCHLD)
		collect(s);
	else if (sig > 0)
		begin_end(s, end_of_signal(sig));
	else if (errno == EAGAIN)
		on_due(s);
}

static void block_signals(sigset_t *set)
{
	static const int sigs[] = { SIGCHLD, SIGTERM, SIGINT, SIGUSR1, SIGUSR2, SIGPWR };

	sigemptyset(set);
	for (size_t i = 0; i < sizeof(sigs) / sizeof(sigs[0]); i++)
		sigaddset(set, sigs[i]);
	sigprocmask(SIG_BLOCK, set, NULL);
}

static void protect(void)
{
	struct err e = ERR_INIT;

	if (mlockall(MCL_CURRENT | MCL_FUTURE) < 0)
		log_warn("mlockall");
	if (file_write_at(AT_FDCWD, "/proc/self/oom_score_adj", "-1000", &e) < 0)
		log_err(&e);
}

static int usage(int argc, char **argv)
{
	static const struct option longs[] = {
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'V' },
		{ 0 },
	};
	int c = getopt_long(argc, argv, "", longs, NULL);

	if (c == 'h')
		return program_help(&self);
	if (c == 'V')
		return program_version(&self, PROGRAM_VERSION);
	return program_usage(&self, "only the kernel starts init; see reboot(8) and poweroff(8)");
}

int main(int argc, char **argv)
{
	struct init s = { 0 };
	sigset_t set;

	if (getpid() != 1)
		return usage(argc, argv);
	block_signals(&set);
	umask(022);
	if (chdir("/") < 0)
		return 1;
	mount_all();
	log_patience(0);
	log_open(self.name);
	protect();
	reboot(RB_DISABLE_CAD);
	set_hostname("/etc/hostname");
	loopback_up();
	set_kernel_settings("/usr/lib/visoros/sysctl.conf");
	set_kernel_settings("/etc/sysctl.conf");
	log_info("VisorOS %s", PROGRAM_VERSION);
	guard_execution();
	start_supervisor(&s);
	while (!s.end || s.supervisor)
		wait_for_signal(&s, &set);
	end_host(s.end);
}
