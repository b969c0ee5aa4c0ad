/* Of each stream the first 64 KiB are kept, and the last 192 KiB of the rest. */
#define _GNU_SOURCE
#include <errno.h>
#include <string.h>
#include <unistd.h>
#include "run.h"

#define FIRST (64 << 10)
#define LAST (192 << 10)
/* Bytes of an event: it must not be longer than the host takes. */
#define PIECE 8192

void open_output(struct output *output, const char *name, int fd)
{
	*output = (struct output){ .name = name, .fd = fd };
	output->first = resized(NULL, FIRST);
	output->last = resized(NULL, LAST);
}

void take_output(struct output *output)
{
	unsigned char bytes[PIECE];
	ssize_t length = read(output->fd, bytes, sizeof(bytes));

	if (length < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (length <= 0) {
		close(output->fd);
		output->fd = -1;
		return;
	}
	for (ssize_t i = 0; i < length; i++, output->total++) {
		if (output->total < FIRST)
			output->first[output->first_length++] = bytes[i];
		else
			output->last[(output->total - FIRST) % LAST] = bytes[i];
	}
}

static void send(const struct output *output, const unsigned char *bytes, size_t length)
{
	while (length) {
		size_t part = length < PIECE ? length : PIECE;

		event("output");
		put_text("stream", output->name);
		put_bytes("text", (const char *)bytes, part);
		send_event();
		bytes += part;
		length -= part;
	}
}

void send_first(struct output *output)
{
	send(output, output->first + output->sent, output->first_length - output->sent);
	output->sent = output->first_length;
}

void send_rest(struct output *output)
{
	uint64_t rest = output->total - output->first_length, begin;

	send_first(output);
	if (rest > LAST) {
		event("outputCut");
		put_number("bytes", rest - LAST);
		send_event();
		begin = rest % LAST;
		send(output, output->last + begin, LAST - begin);
		send(output, output->last, begin);
	} else {
		send(output, output->last, rest);
	}
}
