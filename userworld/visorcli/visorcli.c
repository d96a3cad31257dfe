// SPDX-License-Identifier: Apache-2.0
/*
 * visorcli, esxcli and localcli: one program. Under the name localcli, or with
 * --local, it runs the operations in its own process and works with hostd dead. So do
 * visor-support, provision and login, which share most of their code with it.
 */
#include <string.h>

#include "cli.h"
#include "client.h"
#include "log.h"
#include "login.h"
#include "remote.h"
#include "support.h"
#include "userworld/core/core.h"
#include "userworld/provision/provision.h"

int main(int argc, char **argv)
{
	const char *slash = argc > 0 ? strrchr(argv[0], '/') : NULL;
	const char *name = slash ? slash + 1 : argc > 0 ? argv[0] : "visorcli";
	struct cli cli = { .name = name,
			   .call = client_call,
			   .local_call = core_call,
			   .connect = remote_connect,
			   .remote_call = remote_call,
			   .out = stdout,
			   .err = stderr };
	struct err e = ERR_INIT;

	log_open(name);
	if (!strcmp(name, "localcli")) {
		cli.call = core_call;
		cli.connect = NULL;
	}
	if (core_init(NULL, &e) < 0) {
		fprintf(stderr, "%s: %s\n", name, e.text);
		return err_exit_code(e.kind);
	}
	if (!strcmp(name, "visor-support"))
		return support_main(argc, argv);
	if (!strcmp(name, "login"))
		return login_main(argc, argv);
	if (!strcmp(name, "provision"))
		return provision_main(argc, argv);
	return cli_main(&cli, argc, argv);
}
