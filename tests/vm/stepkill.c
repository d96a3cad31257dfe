// SPDX-License-Identifier: Apache-2.0
/*
 * Operations on bundles, seen from within:
 *
 *	stepkill steps
 *		lists the steps of a change
 *	stepkill sweep NAME OLD NEW STATE STEP...
 *		has bundle NAME installed from file OLD; for each number of a step, a
 *		process that installs NEW is killed when that step is done (one behind
 *		the last: never), what it left is put right, and "STEP STATUS: " and
 *		what the shell script STATE says follow; status 0 of it: all is as before
 *	stepkill times OPERATION PARAMS
 *		runs it and says after how many microseconds each step was done
 *	stepkill cycles N NAME VIB...
 *		installs one after the other and removes NAME, N times
 */
#include <inttypes.h>
#include <jansson.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "log.h"
#include "userworld/core/bundle/step.h"
#include "userworld/core/core.h"

#define SETTLE_TRIES 3000

static long last;
static int64_t began, done[BUNDLE_N_STEPS];

static int64_t now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static void end_here(enum bundle_step step)
{
	if ((long)step == last)
		kill(getpid(), SIGKILL);
}

static void take_time(enum bundle_step step)
{
	done[step] = now_us() - began;
}

static int call(const char *op, json_t *params)
{
	struct err e = ERR_INIT;
	int rc = core_call(op, params, NULL, &e);

	json_decref(params);
	if (rc == 0)
		return 0;
	fprintf(stderr, "%s\n", e.text);
	return err_exit_code(e.kind);
}

static int times(const char *op, const char *params)
{
	int rc;

	bundle_step_hook = take_time;
	began = now_us();
	rc = call(op, json_loads(params, 0, NULL));
	printf("%" PRId64 " all\n", now_us() - began);
	for (int i = 0; i < BUNDLE_N_STEPS; i++)
		if (done[i])
			printf("%" PRId64 " %s\n", done[i], bundle_step_words[i]);
	return rc;
}

static int install(const char *path)
{
	return call("software.bundle.install", json_pack("{s:s}", "path", path));
}

static int begin(const char *name, const char *old)
{
	core_call("software.bundle.remove", json_pack("{s:s}", "name", name), NULL, NULL);
	core_call("software.refused.remove", json_pack("{s:s}", "name", name), NULL, NULL);
	return install(old);
}

/* The wait status of the process that was killed, as a shell has it. */
static int kill_at(long step, const char *path)
{
	pid_t pid = fork();
	int status = 0;

	if (pid == 0) {
		last = step;
		bundle_step_hook = end_here;
		_exit(install(path));
	}
	waitpid(pid, &status, 0);
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

/*
 * By us, or by hostd if it was faster; it has the lock for a while after the journal is gone, too.
 * What a process has left before its journal, the next operation finds.
 */
static int settle(void)
{
	for (int tries = 0; tries < SETTLE_TRIES; tries++) {
		if (call("software.bundle.settle", NULL))
			return -1;
		if (!core_unsettled() && core_reconcile(NULL) == 0)
			return 0;
		usleep(100000);
	}
	return -1;
}

static int sweep(char **argv)
{
	const char *name = argv[0], *old = argv[1], *new = argv[2], *state = argv[3];
	bool good = false;

	for (char **step = argv + 4; *step; step++) {
		if (!good && begin(name, old))
			return 1;
		printf("%s %d: ", *step, kill_at(strtol(*step, NULL, 10), new));
		fflush(stdout);
		if (settle())
			return 1;
		good = system(state) == 0;
		core_call("software.refused.remove", json_pack("{s:s}", "name", name), NULL, NULL);
	}
	return 0;
}

static int cycles(long n, const char *name, char **vibs)
{
	while (n-- > 0) {
		int rc = 0;

		for (char **vib = vibs; *vib && rc == 0; vib++)
			rc = call("software.bundle.install", json_pack("{s:s}", "path", *vib));
		if (rc == 0)
			rc = call("software.bundle.remove", json_pack("{s:s}", "name", name));
		if (rc)
			return rc;
	}
	return 0;
}

int main(int argc, char **argv)
{
	struct err e = ERR_INIT;

	log_open_stderr("stepkill");
	log_max_severity(LOG_ERR);
	if (core_init(NULL, &e) < 0)
		return 1;
	if (argc == 2 && !strcmp(argv[1], "steps")) {
		for (int i = 0; i < BUNDLE_N_STEPS; i++)
			puts(bundle_step_words[i]);
		return 0;
	}
	if (argc > 4 && !strcmp(argv[1], "cycles"))
		return cycles(strtol(argv[2], NULL, 10), argv[3], argv + 4);
	if (argc > 6 && !strcmp(argv[1], "sweep"))
		return sweep(argv + 2);
	return argc == 4 && !strcmp(argv[1], "times") ? times(argv[2], argv[3]) : 2;
}
