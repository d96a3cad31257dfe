// SPDX-License-Identifier: Apache-2.0
#include "skeleton.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#include "cleanup.h"
#include "conf.h"

struct skeleton {
	int fd;
	ZSTD_DStream *stream;
	ZSTD_inBuffer in;
	bool ended; /* the frame is complete, its checksum is right */
	char buffer[16384];
	char path[];
};

static int take_size(const struct conf *c, const char *key, uint64_t *bytes, struct err *e)
{
	int rc = conf_get_size(c, key, bytes, e);

	if (rc < 0)
		return -1;
	if (rc == 0)
		return err_set(e, ERR_INVALID, "%s: '%s' is missing", c->name, key);
	if (*bytes == 0 || *bytes % GPT_SECTOR || *bytes > 1ull << 40)
		return err_set(e, ERR_INVALID, "%s: '%s' is no size of a partition", c->name, key);
	return 0;
}

int skeleton_layout(struct install_layout *layout, const char *path, struct err *e)
{
	static const char *const known[] = { "bios", "esp", "state", "bank", NULL };
	_cleanup_(conf_free) struct conf c = { 0 };

	if (conf_read(&c, path, e) < 0 || conf_check_keys(&c, known, e) < 0 ||
	    take_size(&c, "bios", &layout->bios, e) < 0 ||
	    take_size(&c, "esp", &layout->esp, e) < 0 ||
	    take_size(&c, "state", &layout->state, e) < 0)
		return -1;
	layout->edge = INSTALL_EDGE;
	return take_size(&c, "bank", &layout->bank, e);
}

int skeleton_open(struct skeleton **out, const char *path, struct err *e)
{
	size_t len = strlen(path) + 1;
	struct skeleton *s = calloc(1, sizeof(*s) + len);
	int rc = -1;

	if (!s)
		return err_set(e, ERR_NO_SPACE, "out of memory");
	memcpy(s->path, path, len);
	s->in.src = s->buffer;
	s->stream = ZSTD_createDStream();
	s->fd = open(path, O_RDONLY | O_CLOEXEC);
	if (s->fd < 0)
		err_sys(e, errno, "%s", path);
	else if (!s->stream)
		err_set(e, ERR_NO_SPACE, "out of memory");
	else
		rc = 0;
	if (rc == 0)
		*out = s;
	else
		skeleton_close(s);
	return rc;
}

void skeleton_close(struct skeleton *s)
{
	if (!s)
		return;
	if (s->fd >= 0)
		close(s->fd);
	ZSTD_freeDStream(s->stream);
	free(s);
}

static void close_p(struct skeleton **s)
{
	skeleton_close(*s);
}

static int refill(struct skeleton *s, struct err *e)
{
	ssize_t n = read(s->fd, s->buffer, sizeof(s->buffer));

	if (n < 0)
		return err_sys(e, errno, "%s", s->path);
	if (n == 0)
		return err_set(e, ERR_INVALID, "%s: it ends too early", s->path);
	s->in.size = (size_t)n;
	s->in.pos = 0;
	return 0;
}

/* More bytes, as far as there is room and input for them. */
static int step(struct skeleton *s, ZSTD_outBuffer *out, struct err *e)
{
	size_t before = out->pos;
	/* What was read may be used up while bytes of it are still to come out. */
	size_t rc = ZSTD_decompressStream(s->stream, out, &s->in);

	if (ZSTD_isError(rc))
		return err_set(e, ERR_INVALID, "%s: %s", s->path, ZSTD_getErrorName(rc));
	s->ended = rc == 0;
	if (!s->ended && out->pos == before && s->in.pos == s->in.size)
		return refill(s, e);
	return 0;
}

static int too_short(const struct skeleton *s, struct err *e)
{
	return err_set(e, ERR_INVALID, "%s: it is shorter than its layout", s->path);
}

int skeleton_read(struct skeleton *s, void *buf, size_t len, struct err *e)
{
	ZSTD_outBuffer out = { buf, len, 0 };

	while (out.pos < len) {
		if (s->ended)
			return too_short(s, e);
		if (step(s, &out, e) < 0)
			return -1;
	}
	return 0;
}

/* Behind the last byte is nothing but the end of the frame. */
static int at_end(struct skeleton *s, struct err *e)
{
	char more;
	ZSTD_outBuffer out = { &more, 1, 0 };

	while (!s->ended && out.pos == 0)
		if (step(s, &out, e) < 0)
			return -1;
	if (out.pos > 0)
		return err_set(e, ERR_INVALID, "%s: it is longer than its layout", s->path);
	return 0;
}

int skeleton_check(const struct install_layout *layout, const char *path, struct err *e)
{
	uint64_t left = GPT_SECTOR + layout->bios + layout->esp;
	_cleanup_(close_p) struct skeleton *s = NULL;
	char buf[4096];

	if (skeleton_open(&s, path, e) < 0)
		return -1;
	while (left > 0) {
		size_t n = left < sizeof(buf) ? (size_t)left : sizeof(buf);

		if (skeleton_read(s, buf, n, e) < 0)
			return -1;
		left -= n;
	}
	return at_end(s, e);
}
