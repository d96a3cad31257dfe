// SPDX-License-Identifier: Apache-2.0
/* Passwords from a terminal or a pipe. */
#include "secret.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

static int read_line(char out[static SECRET_MAX], struct err *e)
{
	size_t len;

	if (!fgets(out, SECRET_MAX, stdin))
		return err_set(e, ERR_INVALID, "no password came from stdin");
	len = strcspn(out, "\n");
	if (!out[len] && len == SECRET_MAX - 1)
		return err_set(e, ERR_INVALID, "a password may have %d bytes", SECRET_MAX - 2);
	out[len] = '\0';
	return 0;
}

static int prompt_line(const char *prompt, char out[static SECRET_MAX], struct err *e)
{
	struct termios old, quiet;
	int rc;

	fputs(prompt, stderr);
	if (tcgetattr(STDIN_FILENO, &old) < 0)
		return err_set(e, ERR_SYSTEM, "the terminal cannot be set");
	quiet = old;
	quiet.c_lflag &= ~(tcflag_t)ECHO;
	tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
	rc = read_line(out, e);
	tcsetattr(STDIN_FILENO, TCSAFLUSH, &old);
	fputc('\n', stderr);
	return rc;
}

int secret_read(const char *prompt, const char *again, char out[static SECRET_MAX], struct err *e)
{
	char second[SECRET_MAX];
	bool same;

	if (!isatty(STDIN_FILENO))
		return read_line(out, e);
	if (prompt_line(prompt, out, e) < 0 || prompt_line(again, second, e) < 0)
		return -1;
	same = !strcmp(out, second);
	explicit_bzero(second, sizeof(second));
	return same ? 0 : err_set(e, ERR_INVALID, "the passwords differ");
}

int secret_old(const char *prompt, char out[static SECRET_MAX], struct err *e)
{
	return isatty(STDIN_FILENO) ? prompt_line(prompt, out, e) : read_line(out, e);
}

int secret_ask(const char *prompt, char out[static SECRET_MAX], struct err *e)
{
	if (!isatty(STDIN_FILENO))
		return err_set(e, ERR_USAGE,
			       "there is no terminal to ask for the password: give "
			       "--password-file or VISORCLI_PASSWORD");
	return prompt_line(prompt, out, e);
}
