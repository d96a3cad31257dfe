// SPDX-License-Identifier: Apache-2.0
/*
 * Puts /etc/firewall.conf in force: makes the rules' text and has libnftables load it, all or
 * nothing. A oneshot that runs before anything listens, and after each change. A host whose
 * firewall is off has none of the kernel's modules for it.
 */
#include <errno.h>
#include <nftables/libnftables.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cleanup.h"
#include "file.h"
#include "log.h"
#include "program.h"
#include "userworld/core/network/firewall.h"

static struct firewall firewall;

static int load_modules(struct err *e)
{
	static char *const argv[] = { (char *)"modprobe", (char *)"-a", (char *)"nf_tables",
				      (char *)"nft_ct", NULL };
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		execv("/usr/sbin/modprobe", argv);
		execv("/usr/bin/modprobe", argv);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) < 0)
		return err_sys(e, errno, "modprobe");
	return WIFEXITED(status) && WEXITSTATUS(status) == 0
		       ? 0
		       : err_set(e, ERR_UNAVAILABLE,
				 "the modules nf_tables and nft_ct cannot be loaded");
}

static int load(const char *text, struct err *e)
{
	struct nft_ctx *nft = nft_ctx_new(NFT_CTX_DEFAULT);
	int rc;

	if (!nft)
		return err_set(e, ERR_NO_SPACE, "out of memory");
	nft_ctx_buffer_error(nft);
	nft_ctx_buffer_output(nft);
	rc = nft_run_cmd_from_buffer(nft, text);
	if (rc) {
		const char *why = nft_ctx_get_error_buffer(nft);

		err_set(e, ERR_SYSTEM, "nftables: %.*s", (int)strcspn(why, "\n"), why);
	}
	nft_ctx_free(nft);
	return rc ? -1 : 0;
}

static int apply(struct err *e)
{
	_cleanup_free_ char *text = NULL;
	size_t size;
	FILE *out;

	/* Off, and it was never on: nothing of it is in the kernel. */
	if (!firewall.enabled && access("/sys/module/nf_tables", F_OK) < 0)
		return 0;
	out = open_memstream(&text, &size);
	if (!out)
		return err_set(e, ERR_NO_SPACE, "out of memory");
	firewall_text(&firewall, out);
	fclose(out);
	if (load_modules(e) < 0 || load(text, e) < 0)
		return -1;
	if (firewall.enabled)
		return file_write_atomic(FIREWALL_LOADED, "", 0, 0644, e);
	unlink(FIREWALL_LOADED);
	return 0;
}

static void usage(FILE *out)
{
	fputs("usage: firewall [-n]\n\n"
	      "Puts /etc/firewall.conf in force.\n\n"
	      "  -n   print the rules for nftables, change nothing\n",
	      out);
}

int main(int argc, char **argv)
{
	bool dry = argc == 2 && !strcmp(argv[1], "-n");
	struct err e = ERR_INIT;

	if (argc > 1 && !dry) {
		usage(stderr);
		return 2;
	}
	if (firewall_read(&firewall, "", &e) < 0) {
		/* Rules that are in force stay. */
		fprintf(stderr, "firewall: %s\n", e.text);
		return err_exit_code(e.kind);
	}
	if (dry) {
		firewall_text(&firewall, stdout);
		return 0;
	}
	if (apply(&e) < 0) {
		fprintf(stderr, "firewall: %s\n", e.text);
		return err_exit_code(e.kind);
	}
	if (file_write_atomic(FIREWALL_DONE, "", 0, 0644, &e) < 0)
		fprintf(stderr, "firewall: %s\n", e.text);
	printf("the firewall is %s\n", firewall.enabled ? "on" : "off");
	return 0;
}
