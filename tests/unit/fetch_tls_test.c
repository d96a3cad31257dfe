// SPDX-License-Identifier: Apache-2.0
/* Which web servers a host believes. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/pki.h"
#include "tests/unit/tree.h"
#include "tests/unit/unit.h"
#include "userworld/core/fetch/fetch.h"
#include "userworld/core/fetch/tls.h"

#define DAY 86400
#define ANSWER "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"

static void answer(SSL_CTX *tls, int fd)
{
	SSL *ssl = SSL_new(tls);
	char request[4096];

	SSL_set_fd(ssl, fd);
	if (SSL_accept(ssl) == 1 && SSL_read(ssl, request, sizeof(request)) > 0) {
		SSL_write(ssl, ANSWER, strlen(ANSWER));
		SSL_shutdown(ssl);
	}
	SSL_free(ssl);
	close(fd);
}

static pid_t serve(const struct pki *server, int *port)
{
	struct sockaddr_in where = { .sin_family = AF_INET };
	socklen_t len = sizeof(where);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	pid_t pid;

	assert_int_equal(bind(fd, (struct sockaddr *)&where, sizeof(where)), 0);
	assert_int_equal(listen(fd, 8), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&where, &len), 0);
	*port = ntohs(where.sin_port);
	pid = fork();
	if (pid == 0) {
		SSL_CTX *tls = SSL_CTX_new(TLS_server_method());

		prctl(PR_SET_PDEATHSIG, SIGKILL);
		signal(SIGPIPE, SIG_IGN);
		if (SSL_CTX_use_certificate(tls, server->certificate) != 1 ||
		    SSL_CTX_use_PrivateKey(tls, server->key) != 1)
			_exit(1);
		for (;;)
			answer(tls, accept(fd, NULL, NULL));
	}
	close(fd);
	return pid;
}

/* Reads from a server with that certificate, under an address: why not, or NULL. */
static const char *fetched(const struct pki *server, const char *address)
{
	static struct err e;
	struct fetch *f = NULL;
	char url[64], text[16] = "";
	int port, rc;
	pid_t pid = serve(server, &port);

	e = (struct err)ERR_INIT;
	snprintf(url, sizeof(url), "https://%s:%d/file", address, port);
	rc = fetch_open(&f, url, &e);
	if (rc == 0) {
		assert_int_equal(fetch_read(f, text, sizeof(text) - 1), 5);
		assert_string_equal(text, "hello");
		fetch_close(f);
	}
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	if (rc == 0)
		return NULL;
	assert_int_equal(e.kind, ERR_DENIED);
	return e.text;
}

static void refused(const struct pki *server, const char *address, const char *why)
{
	const char *text = fetched(server, address);

	assert_non_null(text);
	if (!strstr(text, why))
		fail_msg("\"%s\" is not in \"%s\"", why, text);
}

static void believes(void **state)
{
	time_t now = time(NULL);
	struct pki root = pki_make("root", NULL, PKI_ROOT, now - DAY, now + DAY);
	struct pki other = pki_make("other", NULL, PKI_ROOT, now - DAY, now + DAY);
	struct pki good = pki_make("good", &root, PKI_SERVER, now - DAY, now + DAY);
	struct pki stranger = pki_make("stranger", &other, PKI_SERVER, now - DAY, now + DAY);
	struct pki own = pki_make("own", NULL, PKI_SERVER, now - DAY, now + DAY);
	struct pki old = pki_make("old", &root, PKI_SERVER, now - 2 * DAY, now - DAY);
	struct pki early = pki_make("early", &root, PKI_SERVER, now + DAY, now + 2 * DAY);
	struct pki code = pki_make("code", &root, PKI_CODE, now - DAY, now + DAY);
	const struct pki *list[] = { &root, &other };

	(void)state;
	refused(&good, "127.0.0.1", "this host believes no web server");
	tree_write(FETCH_ROOTS_HOST, "", 0644);
	pki_write(tree_path(FETCH_ROOTS_HOST), list, 1);
	if (fetched(&good, "127.0.0.1"))
		fail_msg("%s", fetched(&good, "127.0.0.1"));
	refused(&good, "127.0.0.2", "IP address mismatch");
	refused(&stranger, "127.0.0.1", "leads to no authority in " FETCH_ROOTS_HOST);
	refused(&own, "127.0.0.1", "leads to no authority in " FETCH_ROOTS_HOST);
	refused(&old, "127.0.0.1", "has expired, by this host's clock");
	refused(&early, "127.0.0.1", "not yet valid, by this host's clock");
	refused(&code, "127.0.0.1", "purpose");
	/* What the image brings counts as well. */
	tree_write(FETCH_ROOTS_IMAGE, "", 0644);
	pki_write(tree_path(FETCH_ROOTS_IMAGE), list + 1, 1);
	assert_null(fetched(&stranger, "127.0.0.1"));
	assert_null(fetched(&good, "127.0.0.1"));
	pki_free(&root), pki_free(&other), pki_free(&good), pki_free(&stranger);
	pki_free(&own), pki_free(&old), pki_free(&early), pki_free(&code);
}

static void damaged(void **state)
{
	struct err e = ERR_INIT;

	(void)state;
	tree_write(FETCH_ROOTS_HOST, "no certificate\n", 0644);
	assert_null(fetch_tls_new(&e));
	assert_int_equal(e.kind, ERR_INVALID);
	assert_string_equal(e.text,
			    FETCH_ROOTS_HOST ": has no certificates in PEM, or cannot be read");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(believes),
		cmocka_unit_test(damaged),
	};

	return cmocka_run_group_tests(tests, tree_setup, tree_teardown);
}
