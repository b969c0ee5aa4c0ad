/*
 * The report: one JSON object a line. Several processes write it. A string has one character, U+0000 to
 * U+00FF, for each byte, so that names in any encoding come through.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <semaphore.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>
#include "guest.h"

/* At the end of the disk: a block for the attack, not larger than any block of dm-verity. */
#define SCRATCH_BYTES (64 << 10)
/* What the list leaves for the run, the denials and the end. */
#define RESERVED_BYTES (4 << 20)
/* Listed and frequent events that may be lost if the guest hangs. */
#define UNSYNCED 2000

static struct shared {
	sem_t lock;
	uint64_t end, limit, dropped;
	unsigned int unsynced;
} *shared;

static int disk = -1;
static char *line;
static size_t used, room;

void open_report(const char *device)
{
	uint64_t size;

	disk = open(device, O_RDWR | O_CLOEXEC);
	if (disk < 0 || ioctl(disk, BLKGETSIZE64, &size))
		fail(device);
	if (size < 2 * RESERVED_BYTES)
		fatal("the report's disk is too small");
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED || sem_init(&shared->lock, 1, 1))
		fail("report");
	shared->limit = size - SCRATCH_BYTES;
}

uint64_t report_scratch(void)
{
	return shared->limit;
}

static void append(const char *bytes, size_t length)
{
	if (used + length > room) {
		room = 2 * (used + length);
		line = resized(line, room);
	}
	memcpy(line + used, bytes, length);
	used += length;
}

__attribute__((format(printf, 1, 2))) static void appendf(const char *format, ...)
{
	char text[128];
	va_list arguments;

	va_start(arguments, format);
	append(text, vsnprintf(text, sizeof(text), format, arguments));
	va_end(arguments);
}

static void quote(const char *bytes, size_t length)
{
	append("\"", 1);
	for (size_t i = 0; i < length; i++) {
		unsigned char byte = bytes[i];

		if (byte < ' ' || byte >= 0x7f || byte == '"' || byte == '\\')
			appendf("\\u%04x", byte);
		else
			append(bytes + i, 1);
	}
	append("\"", 1);
}

static void key(const char *name)
{
	appendf(",\"%s\":", name);
}

void event(const char *name)
{
	used = 0;
	appendf("{\"event\":\"%s\"", name);
}

void put_bytes(const char *name, const char *bytes, size_t length)
{
	key(name);
	quote(bytes, length);
}

void put_text(const char *name, const char *text)
{
	put_bytes(name, text, strlen(text));
}

void put_number(const char *name, long long number)
{
	key(name);
	appendf("%lld", number);
}

void put_seconds(const char *name, double seconds)
{
	key(name);
	appendf("%.3f", seconds);
}

void put_flag(const char *name, int flag)
{
	key(name);
	append(flag ? "true" : "false", flag ? 4 : 5);
}

void put_null(const char *name)
{
	key(name);
	append("null", 4);
}

void put_outcome(const char *name, int error)
{
	const char *known = error ? strerrorname_np(error) : "OK";
	char unknown[16];

	if (!known) {
		snprintf(unknown, sizeof(unknown), "E%d", error);
		known = unknown;
	}
	put_text(name, known);
}

static void write_line(uint64_t limit, int urgent)
{
	size_t written = 0;
	ssize_t part;

	append("}\n", 2);
	while (sem_wait(&shared->lock) && errno == EINTR)
		;
	if (shared->end + used > limit) {
		shared->dropped++;
	} else {
		while (written < used &&
		       (part = pwrite(disk, line + written, used - written, shared->end + written)) > 0)
			written += part;
		if (written == used)
			shared->end += used;
		else
			shared->dropped++;
	}
	if (urgent || ++shared->unsynced >= UNSYNCED) {
		fdatasync(disk);
		shared->unsynced = 0;
	}
	sem_post(&shared->lock);
}

void send_event(void)
{
	write_line(shared->limit - 4096, 1);
}

void send_frequent(void)
{
	write_line(shared->limit - 4096, 0);
}

void send_listed(void)
{
	write_line(shared->limit - RESERVED_BYTES, 0);
}

/* What was dropped is said, since a report without it looks complete. */
void end_report(void)
{
	if (shared->dropped) {
		event("reportFull");
		put_number("events", shared->dropped);
		write_line(shared->limit, 1);
	}
	event("end");
	write_line(shared->limit, 1);
}
