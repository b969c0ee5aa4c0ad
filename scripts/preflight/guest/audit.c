/*
 * Denials, as the kernel logs them. A process of its own reads the log and looks up at once who was denied,
 * since a program that could not execute another one often ends.
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include "guest.h"

/* AUDIT_IPE_ACCESS of the kernel. */
#define DENIAL "type=1420 "
#define MARKER "preflight: phase "
#define DELETED " (deleted)"
/* Seconds that the log may take to reach the reader. */
#define PATIENCE 5

static const char *phases[] = { "list", "run", "attack", "end" };

/* The phase that the reader has come to. */
static volatile int *reached;
static int phase;
static const struct job *the_job;

/* The value of a field as audit writes strings: quoted, or in hexadecimal digits; 0 if there is none. */
static int field(const char *text, const char *name, char *value, size_t size)
{
	const char *at = strstr(text, name);
	size_t length = 0;
	unsigned int byte;

	if (!at)
		return 0;
	at += strlen(name);
	if (*at == '"') {
		for (at++; *at && *at != '"' && length + 1 < size; at++)
			value[length++] = *at;
	} else {
		for (; isxdigit((unsigned char)at[0]) && sscanf(at, "%2x", &byte) == 1 && length + 1 < size; at += 2)
			value[length++] = byte;
	}
	value[length] = '\0';
	return length > 0;
}

/* Whether a folder has the path, following no symbolic link; a whiteout is not the file. */
static int has(const char *dir, const char *path)
{
	struct open_how how = { .flags = O_PATH | O_NOFOLLOW | O_CLOEXEC,
				.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS };
	int parent = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC), found = 0, fd;
	struct stat status;

	fd = parent < 0 ? -1 : syscall(SYS_openat2, parent, path + strspn(path, "/"), &how, sizeof(how));
	if (fd >= 0) {
		found = fstat(fd, &status) == 0 && !(S_ISCHR(status.st_mode) && status.st_rdev == 0);
		close(fd);
	}
	if (parent >= 0)
		close(parent);
	return found;
}

static const char *overlay_origin(const char *path, int *layer)
{
	char dir[64];
	size_t length = strlen(path), deleted = strlen(DELETED);

	if (has(UPPER, path))
		return "upper";
	for (int i = the_job->layer_count - 1; i >= 0; i--) {
		snprintf(dir, sizeof(dir), LAYERS "/%d", i);
		if (has(dir, path)) {
			*layer = the_job->layers[i].number;
			return "layer";
		}
	}
	/* What a layer has cannot be denied and gone: it was written. */
	return length > deleted && !strcmp(path + length - deleted, DELETED) ? "upper" : "other";
}

static const char *origin_of(const char *text, int *layer)
{
	static char path[MAX_PATH];
	char device[256];

	*layer = -1;
	if (!field(text, " path=", path, sizeof(path)))
		return "memory";
	/* What the kernel calls memory that is a file without a name. */
	if (!strncmp(path, "/memfd:", 7) || !strncmp(path, "/SYSV", 5) || !strcmp(path, "/dev/zero" DELETED))
		return "memory";
	if (!field(text, " dev=", device, sizeof(device)))
		return "other";
	if (!strcmp(device, "hugetlbfs"))
		return "memory";
	if (!strcmp(device, "overlay"))
		return overlay_origin(path, layer);
	return !strcmp(device, "tmpfs") || !strcmp(device, "devtmpfs") ? "tmpfs" : "other";
}

static void put_process(int pid)
{
	char path[64], exe[MAX_PATH], command[4096];
	ssize_t length;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/exe", pid);
	length = readlink(path, exe, sizeof(exe));
	if (length > 0)
		put_bytes("executable", exe, length);
	snprintf(path, sizeof(path), "/proc/%d/cmdline", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	length = read(fd, command, sizeof(command));
	close(fd);
	while (length > 0 && !command[length - 1])
		length--;
	for (ssize_t i = 0; i < length; i++)
		if (!command[i])
			command[i] = ' ';
	if (length > 0)
		put_bytes("command", command, length);
}

static void report_denial(const char *text)
{
	const char *pid = strstr(text, " pid="), *origin;
	int layer;

	event("audit");
	if (pid)
		put_process(atoi(pid + 5));
	put_text("text", text);
	put_text("phase", phases[phase < PHASE_END ? phase : PHASE_ATTACK]);
	origin = origin_of(text, &layer);
	put_text("origin", origin);
	if (layer < 0)
		put_null("layer");
	else
		put_number("layer", layer);
	send_event();
}

static void report_lost(unsigned long long records)
{
	event("auditLost");
	put_number("records", records);
	send_event();
}

/* The log has `\xNN` for what it does not print, and for the backslash. */
static void unescape(char *text)
{
	char *to = text;
	unsigned int byte;

	while (*text) {
		if (text[0] == '\\' && text[1] == 'x' && sscanf(text + 2, "%2x", &byte) == 1 && byte) {
			*to++ = byte;
			text += 4;
		} else {
			*to++ = *text++;
		}
	}
	*to = '\0';
}

/* `PRIORITY,SEQUENCE,TIME,FLAGS;TEXT`, then lines that begin with a space. */
static void take_record(char *record)
{
	static unsigned long long expected, lost;
	unsigned long long sequence, now_lost;
	unsigned int priority;
	char *text = strchr(record, ';'), *at;
	int from_kernel;

	if (!text || sscanf(record, "%u,%llu,", &priority, &sequence) != 2)
		return;
	if (sequence > expected)
		report_lost(sequence - expected);
	expected = sequence + 1;
	text++;
	text[strcspn(text, "\n")] = '\0';
	from_kernel = priority >> 3 == 0;
	if (!from_kernel && !strncmp(text, MARKER, strlen(MARKER))) {
		phase = atoi(text + strlen(MARKER));
		*reached = phase;
	} else if (from_kernel && (at = strstr(text, "audit: " DENIAL))) {
		unescape(at);
		report_denial(at);
	} else if (from_kernel && (at = strstr(text, "audit_lost="))) {
		now_lost = strtoull(at + 11, NULL, 10);
		if (now_lost > lost)
			report_lost(now_lost - lost);
		lost = now_lost;
	}
}

static void read_log(void)
{
	static char record[16384];
	int log = open("/dev/kmsg", O_RDONLY | O_CLOEXEC);

	if (log < 0)
		fail("/dev/kmsg");
	while (phase != PHASE_END) {
		ssize_t length = read(log, record, sizeof(record) - 1);

		if (length > 0) {
			record[length] = '\0';
			take_record(record);
		} else if (errno != EPIPE && errno != EINTR) {
			fail("/dev/kmsg");
		}
	}
}

/* The kernel thread that logs the records, and the reader, go before the program that was denied. */
static void go_first(pid_t pid)
{
	struct sched_param priority = { .sched_priority = 10 };

	sched_setscheduler(pid, SCHED_FIFO, &priority);
}

static void hurry_kernel(void)
{
	char path[300], name[64];
	struct dirent *entry;
	DIR *processes = opendir("/proc");

	while (processes && (entry = readdir(processes))) {
		if (!isdigit((unsigned char)entry->d_name[0]))
			continue;
		snprintf(path, sizeof(path), "/proc/%s/comm", entry->d_name);
		read_line(path, name, sizeof(name));
		if (!strcmp(name, "kauditd"))
			go_first(atoi(entry->d_name));
	}
	if (processes)
		closedir(processes);
}

void follow_audit(const struct job *job)
{
	pid_t reader;

	the_job = job;
	reached = mmap(NULL, sizeof(*reached), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (reached == MAP_FAILED)
		fail("memory");
	hurry_kernel();
	reader = fork();
	if (reader < 0)
		fail("fork");
	if (reader == 0) {
		go_first(0);
		write_text("/proc/self/oom_score_adj", "-1000");
		read_log();
		_exit(0);
	}
}

/* In the log itself, so that the order of the records tells their phase. */
void enter_phase(enum phase to)
{
	char marker[64];
	double start = now(), next = 0;

	usleep(20000);
	snprintf(marker, sizeof(marker), "<6>" MARKER "%d", to);
	while (*reached != (int)to && now() - start < PATIENCE) {
		/* Again, since the kernel may drop what is written to its log. */
		if (now() >= next && write_text("/dev/kmsg", marker))
			fail("/dev/kmsg");
		if (now() >= next)
			next = now() + 0.5;
		usleep(2000);
	}
	/* What it has not read is not in the report. */
	if (*reached != (int)to)
		fatal("the reader of the audit log does not answer");
}
