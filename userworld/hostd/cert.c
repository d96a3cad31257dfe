// SPDX-License-Identifier: Apache-2.0
/* The host's key and self-signed certificate. */
#include "cert.h"

#include <arpa/inet.h>
#include <errno.h>
#include <ifaddrs.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cleanup.h"
#include "file.h"

#define SAN_MAX 1024

/*
 * Valid from 1970 on: the clock of a host without battery may be there at
 * first boot. Until the end of 2049, the last year of X.509's short times.
 */
#define NOT_BEFORE "19700101000000Z"
#define NOT_AFTER "20491231235959Z"

static void free_key(EVP_PKEY **key)
{
	EVP_PKEY_free(*key);
}

static void free_cert(X509 **cert)
{
	X509_free(*cert);
}

static void free_bio(BIO **bio)
{
	BIO_free(*bio);
}

#define _cleanup_key_ _cleanup_(free_key)
#define _cleanup_cert_ _cleanup_(free_cert)
#define _cleanup_bio_ _cleanup_(free_bio)

/* "DNS:name,DNS:localhost,IP:..." of everything the host is called now. */
static void alternative_names(const char *host, char san[static SAN_MAX])
{
	struct ifaddrs *list = NULL;
	size_t len = (size_t)snprintf(san, SAN_MAX, "DNS:%s,DNS:localhost", host);

	if (getifaddrs(&list) < 0)
		return;
	for (const struct ifaddrs *a = list; a && len < SAN_MAX - 32; a = a->ifa_next) {
		char text[INET_ADDRSTRLEN];

		if (!a->ifa_addr || a->ifa_addr->sa_family != AF_INET)
			continue;
		inet_ntop(AF_INET, &((struct sockaddr_in *)(void *)a->ifa_addr)->sin_addr, text,
			  sizeof(text));
		len += (size_t)snprintf(san + len, SAN_MAX - len, ",IP:%s", text);
	}
	freeifaddrs(list);
}

static bool add_extension(X509 *cert, int nid, const char *value)
{
	X509_EXTENSION *ext = X509V3_EXT_conf_nid(NULL, NULL, nid, value);
	bool good = ext && X509_add_ext(cert, ext, -1) == 1;

	X509_EXTENSION_free(ext);
	return good;
}

static bool set_serial(X509 *cert)
{
	unsigned char bytes[16];
	BIGNUM *number;
	bool good;

	if (RAND_bytes(bytes, sizeof(bytes)) != 1)
		return false;
	bytes[0] &= 0x7f; /* positive */
	number = BN_bin2bn(bytes, sizeof(bytes), NULL);
	good = number && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(cert));
	BN_free(number);
	return good;
}

static bool fill(X509 *cert, EVP_PKEY *key, const char *host)
{
	X509_NAME *name = X509_get_subject_name(cert);
	char san[SAN_MAX];

	alternative_names(host, san);
	return X509_set_version(cert, X509_VERSION_3) == 1 && set_serial(cert) &&
	       ASN1_TIME_set_string_X509(X509_getm_notBefore(cert), NOT_BEFORE) == 1 &&
	       ASN1_TIME_set_string_X509(X509_getm_notAfter(cert), NOT_AFTER) == 1 &&
	       X509_set_pubkey(cert, key) == 1 &&
	       X509_NAME_add_entry_by_txt(name, "O", MBSTRING_ASC, (const unsigned char *)"VisorOS",
					  -1, -1, 0) == 1 &&
	       X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)host, -1,
					  -1, 0) == 1 &&
	       X509_set_issuer_name(cert, name) == 1 &&
	       add_extension(cert, NID_basic_constraints, "critical,CA:FALSE") &&
	       add_extension(cert, NID_key_usage, "critical,digitalSignature") &&
	       add_extension(cert, NID_ext_key_usage, "serverAuth") &&
	       add_extension(cert, NID_subject_alt_name, san) &&
	       X509_sign(cert, key, EVP_sha256()) > 0;
}

static int write_pem(const char *root, const char *path, mode_t mode, BIO *pem, struct err *e)
{
	char full[PATH_MAX];
	char *data;
	long len = BIO_get_mem_data(pem, &data);

	snprintf(full, sizeof(full), "%s%s", root, path);
	return file_write_atomic(full, data, (size_t)len, mode, e);
}

static int make(const char *root, const char *host, struct err *e)
{
	_cleanup_key_ EVP_PKEY *key = EVP_EC_gen("P-256");
	_cleanup_cert_ X509 *cert = X509_new();
	_cleanup_bio_ BIO *key_pem = BIO_new(BIO_s_mem());
	_cleanup_bio_ BIO *cert_pem = BIO_new(BIO_s_mem());
	char dir[PATH_MAX];

	if (!key || !cert || !key_pem || !cert_pem || !fill(cert, key, host) ||
	    PEM_write_bio_PKCS8PrivateKey(key_pem, key, NULL, NULL, 0, NULL, NULL) != 1 ||
	    PEM_write_bio_X509(cert_pem, cert) != 1)
		return err_set(e, ERR_SYSTEM, "making the host's key and certificate failed");
	snprintf(dir, sizeof(dir), "%s%s", root, CERT_DIR);
	if (file_make_dirs(dir, e) < 0)
		return -1;
	/* The key last: both are made anew as long as it is missing. */
	if (write_pem(root, CERT_FILE, 01600, cert_pem, e) < 0 ||
	    write_pem(root, CERT_KEY, 01600, key_pem, e) < 0)
		return -1;
	return 1;
}

static bool is_there(const char *root, const char *path)
{
	char full[PATH_MAX];

	snprintf(full, sizeof(full), "%s%s", root, path);
	return access(full, R_OK) == 0;
}

int cert_ensure(const char *root, struct err *e)
{
	char host[65] = "";

	if (is_there(root, CERT_KEY) && is_there(root, CERT_FILE))
		return 0;
	if (gethostname(host, sizeof(host) - 1) < 0 || !host[0])
		snprintf(host, sizeof(host), "visoros");
	return make(root, host, e);
}
