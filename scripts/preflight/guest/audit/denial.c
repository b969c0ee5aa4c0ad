/* A denial: who was denied, and where the code came from. */
#define _GNU_SOURCE
#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
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

static void put_process(int pid, const char *text)
{
	char path[64], exe[MAX_PATH], command[4096];
	ssize_t length = read_exe(pid, exe, sizeof(exe));
	int fd;

	if (length <= 0) {
		pid = stand_in(text);
		length = pid ? read_exe(pid, exe, sizeof(exe)) : 0;
	}
	if (length <= 0)
		return;
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

void report_denial(const struct job *job, const char *text, const char *phase)
{
	static char whole[MAX_RECORD + 32];
	const char *pid = strstr(text, " pid="), *origin;
	int layer;

	event("audit");
	if (pid)
		put_process(atoi(pid + 5), text);
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
	send_frequent();
}
