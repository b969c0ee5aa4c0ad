/* A denial: who was denied, and where the code came from. */
#define _GNU_SOURCE
#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "audit.h"

#define DELETED " (deleted)"

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
	int root = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC), found;
	struct stat status;

	found = root >= 0 && status_in(root, path, &status) == 0 && !is_whiteout(&status);
	if (root >= 0)
		close(root);
	return found;
}

static const char *overlay_origin(const struct job *job, const char *path, int *layer)
{
	char dir[64];
	size_t length = strlen(path), deleted = strlen(DELETED);

	if (has(UPPER, path))
		return "upper";
	for (int i = job->layer_count - 1; i >= 0; i--) {
		snprintf(dir, sizeof(dir), LAYERS "/%d", i);
		if (has(dir, path)) {
			*layer = job->layers[i].number;
			return "layer";
		}
	}
	/* What a layer has cannot be denied and gone: it was written. */
	return length > deleted && !strcmp(path + length - deleted, DELETED) ? "upper" : "other";
}

static const char *origin_of(const struct job *job, const char *text, int *layer)
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
		return overlay_origin(job, path, layer);
	return !strcmp(device, "tmpfs") || !strcmp(device, "devtmpfs") ? "tmpfs" : "other";
}

static ssize_t read_exe(int pid, char *exe, size_t size)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/exe", pid);
	return readlink(path, exe, size);
}

/*
 * What has ended has no program any more. Until it executes another one, a process has the name and program of
 * its parent, so that another process of that name stands for it, if all of them have one program.
 */
static int stand_in(const char *text)
{
	char path[300], name[64], denied[64], exe[MAX_PATH], found[MAX_PATH];
	ssize_t length, found_length = 0;
	struct dirent *entry;
	int pid = 0;
	DIR *processes;

	if (!field(text, " comm=", denied, sizeof(denied)) || !(processes = opendir("/proc")))
		return 0;
	while (pid >= 0 && (entry = readdir(processes))) {
		snprintf(path, sizeof(path), "/proc/%s/comm", entry->d_name);
		read_line(path, name, sizeof(name));
		if (!isdigit((unsigned char)entry->d_name[0]) || strcmp(name, denied))
			continue;
		length = read_exe(atoi(entry->d_name), exe, sizeof(exe));
		if (length <= 0)
			continue;
		if (!pid) {
			pid = atoi(entry->d_name);
			found_length = length;
			memcpy(found, exe, length);
		} else if (length != found_length || memcmp(found, exe, length)) {
			pid = -1;
		}
	}
	closedir(processes);
	return pid > 0 ? pid : 0;
}

/* The program of a process, as far as it is known. Lengths are 0 if not. */
struct process {
	char name[16], exe[MAX_PATH], command[4096];
	ssize_t exe_length, command_length;
};

static void read_process(int pid, struct process *process)
{
	char path[64];
	ssize_t length;
	int fd;

	process->command_length = 0;
	process->exe_length = read_exe(pid, process->exe, sizeof(process->exe));
	snprintf(path, sizeof(path), "/proc/%d/cmdline", pid);
	fd = process->exe_length > 0 ? open(path, O_RDONLY | O_CLOEXEC) : -1;
	if (fd < 0)
		return;
	length = read(fd, process->command, sizeof(process->command));
	close(fd);
	while (length > 0 && !process->command[length - 1])
		length--;
	for (ssize_t i = 0; i < length; i++)
		if (!process->command[i])
			process->command[i] = ' ';
	process->command_length = length;
}

/* Of those that were denied before: the last ones, each name once. */
static struct process *known(const char *name, int add)
{
	static struct process processes[16];
	static int next;

	for (int i = 0; i < 16; i++)
		if (!strcmp(processes[i].name, name))
			return &processes[i];
	if (!add)
		return NULL;
	next = (next + 1) % 16;
	snprintf(processes[next].name, sizeof(processes[next].name), "%s", name);
	return &processes[next];
}

static void read_first(const struct job *job, const char *path, struct process *process)
{
	size_t size = sizeof(process->command), length = 0;

	process->exe_length = snprintf(process->exe, sizeof(process->exe), "%s", path);
	for (char **argument = job->arguments; *argument && length < size; argument++)
		length += snprintf(process->command + length, size - length, "%s%s", length ? " " : "", *argument);
	/* Without the NUL at its end, if it was cut off. */
	process->command_length = length < size ? length : size - 1;
}

/* At once; then by another process of the name; then by what was known of the name before. */
static void put_process(const struct job *job, const struct first_process *first, int pid, const char *text)
{
	static struct process process;
	struct process *before;
	const char *base = strrchr(first->path, '/');
	int other;

	process.name[0] = '\0';
	field(text, " comm=", process.name, sizeof(process.name));
	read_process(pid, &process);
	if (process.exe_length <= 0 && (other = stand_in(text)))
		read_process(other, &process);
	if (process.exe_length <= 0 && pid == first->pid && base && !strncmp(base + 1, process.name, 15))
		read_first(job, first->path, &process);
	before = known(process.name, process.exe_length > 0);
	/* A process can be seen without its command line, for a moment at least. */
	if (process.exe_length > 0 && process.command_length <= 0 && before->exe_length == process.exe_length &&
	    !memcmp(before->exe, process.exe, process.exe_length)) {
		process.command_length = before->command_length;
		memcpy(process.command, before->command, sizeof(process.command));
	}
	if (process.exe_length > 0)
		*before = process;
	else if (before)
		process = *before;
	if (process.exe_length > 0)
		put_bytes("executable", process.exe, process.exe_length);
	if (process.command_length > 0)
		put_bytes("command", process.command, process.command_length);
}

void report_denial(const struct job *job, const struct first_process *first, const char *text, const char *phase)
{
	static char whole[MAX_RECORD + 32];
	const char *pid = strstr(text, " pid="), *origin;
	int layer;

	event("audit");
	if (pid)
		put_process(job, first, atoi(pid + 5), text);
	/* As the kernel's messages have it. */
	snprintf(whole, sizeof(whole), "audit: type=%d %s", DENIAL, text);
	put_text("text", whole);
	put_text("phase", phase);
	origin = origin_of(job, text, &layer);
	put_text("origin", origin);
	if (layer < 0)
		put_null("layer");
	else
		put_number("layer", layer);
	send_denial();
}
