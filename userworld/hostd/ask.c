// SPDX-License-Identifier: Apache-2.0
/* Asks as messages, and back without trust. */
#include "ask.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#define SIZE_MAX_ASKED ((json_int_t)4 << 30)

static const char *const kinds[PROOF_KINDS] = { "none", "token", "password", "certificate" };

json_t *ask_pack(const struct ask *ask)
{
	const char *certificate =
		ask->proof.kind == PROOF_CERTIFICATE ? ask->proof.certificate : NULL;

	return json_pack("{s:s, s:s, s:s, s:s*, s:s, s:s, s:O?, s:b, s:s, s:s, s:I}", "proof",
			 kinds[ask->proof.kind], "user", ask->proof.user, "secret",
			 ask->proof.secret, "certificate", certificate, "from", ask->from, "op",
			 ask->op ? ask->op->name : "", "params", ask->params, "async", ask->async,
			 "key", ask->key, "match", ask->match, "size", ask->size);
}

static int copy(char *to, size_t max, const char *what, const char *text, struct err *e)
{
	if (strlen(text) > max)
		return err_set(e, ERR_INVALID, "message: %s is too long", what);
	strcpy(to, text);
	return 0;
}

static int parse_proof(const char *kind, const char *user, const char *secret, struct proof *p,
		       struct err *e)
{
	for (int i = 0; i < PROOF_KINDS; i++) {
		if (strcmp(kind, kinds[i]) != 0)
			continue;
		p->kind = (enum proof_kind)i;
		if (copy(p->user, SESSION_USER, "user", user, e) < 0)
			return -1;
		return copy(p->secret, ASK_SECRET_MAX, "secret", secret, e);
	}
	return err_set(e, ERR_INVALID, "message: no such proof");
}

/* There is one exactly if it is the proof. */
static int parse_certificate(const char *text, struct proof *p, struct err *e)
{
	size_t len = text ? strlen(text) : 0;

	if ((p->kind == PROOF_CERTIFICATE) != (text != NULL))
		return err_set(e, ERR_INVALID, "message: a certificate is missing or too much");
	if (text && (len == 0 || len % 4 || len > ASK_CERTIFICATE_MAX))
		return err_set(e, ERR_INVALID, "message: no certificate has that length");
	p->certificate = text;
	return 0;
}

static int parse_op(const char *name, struct ask *ask, struct err *e)
{
	ask->op = core_find(name);
	if (!ask->op || ask->op->privilege == CORE_LOCAL || !ask->op->method)
		return err_set(e, ERR_INVALID, "message: no such operation");
	return 0;
}

static int parse_params(json_t *params, struct ask *ask, struct err *e)
{
	if (!json_is_object(params))
		return err_set(e, ERR_INVALID, "message: parameters are no object");
	ask->params = params;
	return 0;
}

int ask_parse(unsigned int type, json_t *message, struct ask *ask, struct err *e)
{
	const char *kind, *user, *secret, *certificate = NULL, *from, *op, *key, *match;
	json_t *params = NULL;
	int async;

	memset(ask, 0, sizeof(*ask));
	if (type == 0 || type >= ASK_TYPES)
		return err_set(e, ERR_INVALID, "message: no such type");
	ask->type = (enum ask_type)type;
	if (json_unpack(message, "{s:s, s:s, s:s, s?s, s:s, s:s, s:o, s:b, s:s, s:s, s:I !}",
			"proof", &kind, "user", &user, "secret", &secret, "certificate",
			&certificate, "from", &from, "op", &op, "params", &params, "async", &async,
			"key", &key, "match", &match, "size", &ask->size) < 0)
		return err_set(e, ERR_INVALID, "message: malformed");
	ask->async = async;
	if (parse_proof(kind, user, secret, &ask->proof, e) < 0 ||
	    parse_certificate(certificate, &ask->proof, e) < 0 ||
	    copy(ask->from, ASK_FROM_MAX, "from", from, e) < 0 ||
	    copy(ask->key, ASK_KEY_MAX, "key", key, e) < 0 ||
	    copy(ask->match, ASK_TAG_MAX, "match", match, e) < 0)
		return -1;
	if (ask->size < 0 || ask->size > SIZE_MAX_ASKED)
		return err_set(e, ERR_INVALID, "message: size out of range");
	if (type == ASK_CALL && parse_op(op, ask, e) < 0)
		return -1;
	return type == ASK_CALL || type == ASK_UPLOAD ? parse_params(params, ask, e) : 0;
}

void ask_wipe(struct ask *ask)
{
	explicit_bzero(&ask->proof, sizeof(ask->proof));
}

void asker_fail(const struct asker *to, int status, const struct err *e)
{
	const struct outcome outcome = { .e = e, .status = status };

	to->end(to->context, &outcome);
}

void asker_give(const struct asker *to, json_t *result)
{
	const struct outcome outcome = { .result = result };

	to->end(to->context, &outcome);
}
