// SPDX-License-Identifier: Apache-2.0
#include "secrets.h"

const char *const secret_paths[] = {
	/* Hashes of passwords, and the archives of state that have them. */
	"/etc/shadow*",
	"/etc/gshadow*",
	"/etc/visoros/accounts.json*",
	/* Administrators may see it; operators make support bundles, too. */
	"/var/log/audit*",
	"*/state.tgz",
	"*/local.tgz",
	/* Keys. */
	"*.key",
	"*_key",
	"*/id_rsa",
	"*/id_dsa",
	"*/id_ecdsa",
	"*/id_ed25519",
	"*.p12",
	"*.pfx",
	"*.ppk",
	"*.kdbx",
	"*/private/*",
	"/etc/dropbear/*",
	"*/.ssh/id*",
	/* Files of programs that keep passwords. */
	"*/.netrc",
	"*/.pgpass",
	"*/.my.cnf",
	"*/.git-credentials",
	"*/.aws/credentials",
	/* Memory of programs and of the kernel. */
	"/proc/*/environ",
	"/proc/*/mem",
	"/proc/kcore",
	"/var/core/*",
	NULL,
};

const struct secret_key secret_keys[] = {
	{ "password", SECRET_HAS },
	{ "passwd", SECRET_HAS },
	{ "passphrase", SECRET_HAS },
	{ "passcode", SECRET_HAS },
	{ "passwort", SECRET_HAS },
	{ "secret", SECRET_HAS },
	{ "token", SECRET_HAS },
	{ "credential", SECRET_HAS },
	{ "csrf", SECRET_HAS },
	{ "apikey", SECRET_HAS },
	{ "accesskey", SECRET_HAS },
	{ "privatekey", SECRET_HAS },
	{ "presharedkey", SECRET_HAS },
	{ "sharedkey", SECRET_HAS },
	{ "authkey", SECRET_HAS },
	{ "encryptionkey", SECRET_HAS },
	{ "signingkey", SECRET_HAS },
	{ "sessionkey", SECRET_HAS },
	{ "masterkey", SECRET_HAS },
	{ "authorization", SECRET_LINE },
	{ "cookie", SECRET_LINE },
	{ "sessionid", SECRET_ENDS },
	{ "session", SECRET_ENDS },
	{ "community", SECRET_ENDS },
	{ "pass", SECRET_ENDS },
	{ "passin", SECRET_ENDS },
	{ "passout", SECRET_ENDS },
	{ "psk", SECRET_ENDS },
	{ "pw", SECRET_ENDS },
	{ "pwd", SECRET_IS },
	{ "pin", SECRET_IS },
	{ "otp", SECRET_IS },
	{ 0 },
};

const struct secret_token secret_tokens[] = {
	{ "Basic ", 6 },     /* of HTTP */
	{ "Bearer ", 8 },    /* of HTTP */
	{ "Negotiate ", 8 }, /* of HTTP */
	{ "eyJ", 16 },	     /* JSON web tokens */
	{ "{SSHA}", 8 },     /* hashes of LDAP */
	{ "{SSHA512}", 8 },
	{ "AKIA", 12 }, /* cloud storage */
	{ "ASIA", 12 }, /* the same, for a time */
	{ "AIza", 30 }, /* another cloud */
	{ "ghp_", 16 }, /* source forges */
	{ "gho_", 16 },
	{ "ghs_", 16 },
	{ "github_pat_", 16 },
	{ "glpat-", 16 },
	{ "xoxb-", 10 },
	{ "xoxp-", 10 },
	{ "sk-", 20 },
	{ "sk_live_", 8 },
	{ "hvs.", 16 },
	{ "AGE-SECRET-KEY-", 8 },
	{ 0 },
};

const struct secret_program secret_programs[] = {
	{ "passwd", NULL, false },
	{ "chpasswd", NULL, true },
	{ "mkpasswd", NULL, true },
	{ "cryptpw", NULL, true },
	{ "htpasswd", NULL, false },
	{ "sshpass", NULL, false },
	{ "curl", "-u", false },
	{ "curl", "-U", false },
	{ "curl", "--user", false },
	{ "curl", "--proxy-user", false },
	{ "openssl", "-k", false },
	{ "openssl", "-K", false },
	{ 0 },
};
