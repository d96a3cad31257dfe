// SPDX-License-Identifier: Apache-2.0
/* All commands in one table, and how the words of a command line find one. */
#include "commands.h"

#include <string.h>

static const struct cli_command *const groups[] = {
	hardware_commands,   network_commands,	   software_commands,	 account_commands,
	event_commands,	     hostname_commands,	   log_commands,	 process_commands,
	service_commands,    setting_commands,	   shutdown_commands,	 state_commands,
	syslog_commands,     version_commands,	   visorfs_commands,	 trust_commands,
	sched_commands,	     sources_commands,	   profile_commands,	 provenance_commands,
	boot_commands,	     maintenance_commands, support_commands,	 panic_commands,
	ntp_commands,	     access_commands,	   certificate_commands, network_diag_commands,
	network_ip_commands, firewall_commands,	   task_commands,
};

static const struct {
	const char *words;
	const char *help;
} namespaces[] = {
	{ "hardware", "The machine" },
	{ "hardware error", "Errors that the hardware has reported" },
	{ "hardware memory", "Memory of the machine" },
	{ "hardware platform", "Maker and model of the machine" },
	{ "network", "How the host is reached" },
	{ "network diag", "Does the network work?" },
	{ "network firewall", "What may come in over the network" },
	{ "network firewall ruleset", "Services, and who may use them" },
	{ "network firewall ruleset allowedip", "Addresses that may use a service" },
	{ "network firewall ruleset rule", "Ports of services" },
	{ "network ip", "IP addresses, routes and name servers" },
	{ "network ip dns", "Name servers, and domains that names are looked for in" },
	{ "network ip dns search", "Domains that names are looked for in" },
	{ "network ip dns server", "Name servers" },
	{ "network ip interface", "Network interfaces" },
	{ "network ip interface ipv4", "IPv4 addresses of the interfaces" },
	{ "network ip interface ipv6", "IPv6 addresses of the interfaces" },
	{ "network ip interface ipv6 address", "IPv6 addresses of the interfaces" },
	{ "network ip route", "Routes" },
	{ "network ip route ipv4", "IPv4 routes" },
	{ "network ip route ipv6", "IPv6 routes" },
	{ "network nic", "Network adapters" },
	{ "sched", "Who gets how much of the host" },
	{ "sched group", "Resource pools" },
	{ "software", "Bundles" },
	{ "software acceptance", "Level of trust that bundles must have" },
	{ "software bundle", "Install, remove and show bundles" },
	{ "software bundle refused", "Versions that failed here and are not taken again" },
	{ "software bundle signature", "Signatures of the installed bundles" },
	{ "software profile", "The set of bundles of this host" },
	{ "software provenance", "Where files and running code come from" },
	{ "software revocation", "Keys and bundles that are trusted no longer" },
	{ "software sources", "Depots that bundles are installed from" },
	{ "software sources bundle", "Bundles in depots" },
	{ "software sources profile", "Image profiles in depots" },
	{ "software sources vib", "Bundles in depots" },
	{ "software vib", "The same as 'software bundle', with the options of esxcli" },
	{ "software vib signature", "Signatures of the installed bundles" },
	{ "system", "The host itself" },
	{ "system account", "Users" },
	{ "system account password", "Passwords" },
	{ "system account token", "What programs log in with" },
	{ "system alarm", "What is wrong with the host now" },
	{ "system audit", "Who changed what, and who logged in" },
	{ "system boot", "The boot medium: what was started, what will be" },
	{ "system boot bank", "Images on the boot medium" },
	{ "system boot disk", "Disks, which can be installed to" },
	{ "system boot spare", "The running image, kept in memory" },
	{ "system boot failure", "The image that failed" },
	{ "system event", "What happened to the host" },
	{ "system hostname", "Name of the host" },
	{ "system lockdown", "Whether nobody but exception users comes in" },
	{ "system lockdown exception", "Users who may come in in lockdown mode" },
	{ "system log", "Logs below /var/log" },
	{ "system maintenanceMode", "Whether what the host is there for runs" },
	{ "system ntp", "Time from the network" },
	{ "system panic", "How the kernel ended before this start" },
	{ "system permission", "What users may do" },
	{ "system process", "Worlds of the kernel and of users" },
	{ "system process stats", "How busy the host is" },
	{ "system process stats load", "Load averages" },
	{ "system process stats running", "Worlds that run" },
	{ "system process stats uptime", "Time since boot" },
	{ "system security", "By what the host is known" },
	{ "system security certificate", "The host's certificate" },
	{ "system security certificate client", "Certificates by which clients log in" },
	{ "system service", "Services the supervisor looks after" },
	{ "system service policy", "What starts with the host" },
	{ "system settings", "Settings that are a number or a text, and the keyboard" },
	{ "system settings advanced", "Settings that are a number or a text" },
	{ "system settings keyboard", "Keyboard of the host's own screen" },
	{ "system settings keyboard layout", "Its layout" },
	{ "system shutdown", "Switch the machine off or restart it" },
	{ "system state", "Changed configuration files" },
	{ "system support", "What somebody else needs to find a fault" },
	{ "system support manifest", "What goes into a support bundle" },
	{ "system stats", "Time since boot" },
	{ "system stats uptime", "Time since boot" },
	{ "system syslog", "Logs, and hosts they are sent to" },
	{ "system syslog config", "Settings of all logs" },
	{ "system syslog config logger", "Settings of one log" },
	{ "system syslog remote", "Hosts the log is sent to" },
	{ "system task", "What hostd does that takes long" },
	{ "system version", "What runs here" },
	{ "system visorfs", "The file system in memory" },
	{ "system visorfs ramdisk", "Subtrees with a cap" },
	{ "system visorfs tardisk", "Archives that make up the namespace" },
	{ "system visorfs verify", "Checks of what is in memory" },
};

const struct cli_command *cli_command_at(size_t i)
{
	for (size_t g = 0; g < sizeof(groups) / sizeof(groups[0]); g++)
		for (const struct cli_command *c = groups[g]; c->words; c++)
			if (i-- == 0)
				return c;
	return NULL;
}

const char *cli_namespace_help(const char *words)
{
	for (size_t i = 0; i < sizeof(namespaces) / sizeof(namespaces[0]); i++)
		if (!strcmp(namespaces[i].words, words))
			return namespaces[i].help;
	return "";
}

/* How many words of the command the arguments begin with; *all: these are all it has. */
static int agreement(const char *words, int argc, char **argv, bool *all)
{
	int n = 0;

	*all = false;
	while (n < argc) {
		size_t len = strcspn(words, " ");

		if (strlen(argv[n]) != len || strncmp(words, argv[n], len) != 0)
			return n;
		n++;
		if (!words[len]) {
			*all = true;
			return n;
		}
		words += len + 1;
	}
	return n;
}

const struct cli_command *cli_find(int argc, char **argv, int *used)
{
	const struct cli_command *c;
	bool all;

	*used = 0;
	for (size_t i = 0; (c = cli_command_at(i)); i++) {
		int n = agreement(c->words, argc, argv, &all);

		if (all) {
			*used = n;
			return c;
		}
		if (n > *used)
			*used = n;
	}
	return NULL;
}
