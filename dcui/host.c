// SPDX-License-Identifier: Apache-2.0
/* Serial number, certificate, kind of image, and whether hostd answers. */
#include "dcui/host.h"

#include "cleanup.h"
#include "file.h"

#include <openssl/pem.h>
#include <openssl/x509.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>

#include "userworld/core/fetch/thumbprint.h"
#include "userworld/core/system/setting.h"
#include "userworld/hostd/cert.h"

#define HOSTD_SOCKET "/run/hostd.sock"
#define RELEASE "/etc/visoros-release"
#define SERIAL "/sys/class/dmi/id/product_serial"
#define PROBE_SECONDS 2
#define TEXT_MAX 65536

/* Of a certificate in PEM; -1 if it is none. */
static int thumbprint_of_pem(const char *pem, char out[static THUMBPRINT])
{
	BIO *bio = BIO_new_mem_buf(pem, -1);
	X509 *certificate = bio ? PEM_read_bio_X509(bio, NULL, NULL, NULL) : NULL;
	int rc = certificate ? thumbprint_of(certificate, out) : -1;

	X509_free(certificate);
	BIO_free(bio);
	return rc;
}

/* An answer of any kind: hostd lives. */
static int hostd_answers(void)
{
	static const char request[] = "GET /api/v1/system/version HTTP/1.0\r\n\r\n";
	_cleanup_close_ int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct sockaddr_un address = { .sun_family = AF_UNIX, .sun_path = HOSTD_SOCKET };
	struct timeval patience = { .tv_sec = PROBE_SECONDS };
	char byte;

	if (fd < 0)
		return 0;
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
	return connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0 &&
	       send(fd, request, sizeof(request) - 1, MSG_NOSIGNAL) > 0 &&
	       recv(fd, &byte, 1, 0) == 1;
}

static void add_thumbprint(json_t *host)
{
	_cleanup_free_ char *pem = NULL;
	char thumbprint[THUMBPRINT];

	if (file_read(CERT_FILE, TEXT_MAX, &pem, NULL, NULL) == 0 &&
	    thumbprint_of_pem(pem, thumbprint) == 0)
		json_object_set_new(host, "thumbprint", json_string(thumbprint));
}

static void add_serial(json_t *host)
{
	char serial[64];

	if (file_read_at(-1, SERIAL, serial, sizeof(serial), NULL) >= 0)
		json_object_set_new(host, "serial", json_string(serial));
}

static void add_welcome(json_t *host)
{
	_cleanup_free_ char *text = NULL;

	if (file_read(WELCOME_FILE, WELCOME_FILE_MAX, &text, NULL, NULL) == 0)
		json_object_set_new(host, "welcome", json_string(text));
}

/* A file that is not good is told where it is set; here what is shipped counts. */
static void add_idle(json_t *host)
{
	uint64_t seconds;

	if (setting_console_idle_get(&seconds, NULL) == 0)
		json_object_set_new(host, "idle_seconds", json_integer((json_int_t)seconds));
}

static json_t *look_at_host(void)
{
	_cleanup_free_ char *release = NULL;
	json_t *host = json_object();

	add_welcome(host);
	add_idle(host);
	add_serial(host);
	add_thumbprint(host);
	if (file_read(RELEASE, TEXT_MAX, &release, NULL, NULL) == 0)
		json_object_set_new(host, "development",
				    json_boolean(strstr(release, "DEVELOPMENT=\"y\"") != NULL));
	return host;
}

int host_call(const char *op, json_t *params, json_t **result, struct err *e)
{
	(void)params;
	if (!strcmp(op, HOST_OP))
		*result = look_at_host();
	else if (!strcmp(op, HOST_LIFE_OP))
		*result = json_pack("{s:b}", "hostd_answers", hostd_answers());
	else
		return err_set(e, ERR_NOT_FOUND, "%.64s: no such operation", op);
	return *result ? 0 : err_set(e, ERR_NO_SPACE, "out of memory");
}
