/* The guest's own file systems, disks, modules and policies. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>
#include "guest.h"

#define SECURITY "/sys/kernel/security"
#define MODULES "/modules"
#define MODULE_PARAMETERS "/sys/module/dm_verity/parameters/"
/* Seconds that a disk may take to appear. */
#define DISK_WAIT 10

void read_line(const char *path, char *line, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t length = fd < 0 ? 0 : read(fd, line, size - 1);

	line[length > 0 ? length : 0] = '\0';
	line[strcspn(line, "\n")] = '\0';
	if (fd >= 0)
		close(fd);
}

int write_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC), error;
	ssize_t written;

	if (fd < 0)
		return -1;
	written = write(fd, text, strlen(text));
	error = errno;
	close(fd);
	errno = error;
	return written < 0 ? -1 : 0;
}

static void need_mount(const char *type, const char *dir, const char *options)
{
	mkdir(dir, 0755);
	if (mount(type, dir, type, 0, options))
		fail(dir);
}

void mount_kernel_filesystems(void)
{
	/* The kernel limits open files to 1024, and a folder each level deep is open while it is listed. */
	struct rlimit files = { 16384, 524288 };
	int console;

	umask(022);
	need_mount("proc", "/proc", NULL);
	need_mount("sysfs", "/sys", NULL);
	need_mount("devtmpfs", "/dev", NULL);
	console = open("/dev/console", O_RDWR);
	if (console >= 0) {
		for (int fd = 0; fd < 3; fd++)
			dup2(console, fd);
		if (console > 2)
			close(console);
	}
	need_mount("securityfs", SECURITY, NULL);
	need_mount("tmpfs", WRITABLE, "mode=0755");
	setrlimit(RLIMIT_NOFILE, &files);
}

/* Disks that were seen: reading all serial numbers for each of a hundred layers takes seconds. */
static struct disk {
	char name[32], serial[32];
} disks[256];
static int disk_count;

static void read_disks(void)
{
	char path[512];
	struct dirent *entry;
	DIR *folder = opendir("/sys/block");

	disk_count = 0;
	while (folder && (entry = readdir(folder)) && disk_count < 256) {
		struct disk *disk = &disks[disk_count];

		if (strlen(entry->d_name) >= sizeof(disk->name))
			continue;
		strcpy(disk->name, entry->d_name);
		snprintf(path, sizeof(path), "/sys/block/%s/serial", entry->d_name);
		read_line(path, disk->serial, sizeof(disk->serial));
		if (disk->serial[0])
			disk_count++;
	}
	if (folder)
		closedir(folder);
}

static int look_for_disk(const char *serial, char *device, size_t size)
{
	for (int i = 0; i < disk_count; i++) {
		if (strcmp(disks[i].serial, serial))
			continue;
		snprintf(device, size, "/dev/%s", disks[i].name);
		return access(device, R_OK);
	}
	return -1;
}

int find_disk(const char *serial, char *device, size_t size)
{
	double start = now();

	while (look_for_disk(serial, device, size)) {
		if (now() - start > DISK_WAIT) {
			errno = ENODEV;
			return -1;
		}
		read_disks();
		if (look_for_disk(serial, device, size) == 0)
			return 0;
		usleep(20000);
	}
	return 0;
}

static int load_module(const char *path, const char *parameters)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), error = 0;

	if (fd < 0 || syscall(SYS_finit_module, fd, parameters, 0))
		error = errno;
	if (fd >= 0)
		close(fd);
	return error == EEXIST ? 0 : error;
}

/*
 * The job lies on a disk, and the modules of a stock kernel's disks in the initramfs. Those named virtio* are
 * loaded, in the order in which they take each other.
 */
void load_disk_modules(void)
{
	static char loaded[64][64];
	char path[512];
	struct dirent *entry;
	int count = 0, before;

	do {
		DIR *dir = opendir(MODULES);

		before = count;
		while (dir && (entry = readdir(dir)) && count < 64) {
			int known = 0;

			for (int i = 0; i < count; i++)
				known |= !strcmp(loaded[i], entry->d_name);
			if (known || strncmp(entry->d_name, "virtio", 6) || strlen(entry->d_name) >= sizeof(*loaded))
				continue;
			snprintf(path, sizeof(path), MODULES "/%s", entry->d_name);
			if (load_module(path, "") == 0)
				strcpy(loaded[count++], entry->d_name);
		}
		if (dir)
			closedir(dir);
	} while (count > before);
}

static int *module_errors;

void load_modules(const struct job *job)
{
	module_errors = resized(NULL, job->module_count * sizeof(*module_errors));
	for (int i = 0; i < job->module_count; i++)
		module_errors[i] = load_module(job->modules[i].path, job->modules[i].parameters);
}

static void report_policy(const char *name, const char *step, int error)
{
	event("policy");
	put_text("name", name);
	put_text("step", step);
	put_outcome("outcome", error);
	send_event();
}

void load_policies(const struct job *job)
{
	char path[512];

	for (int i = 0; i < job->policy_count; i++) {
		const struct policy *policy = &job->policies[i];
		int fd = open(SECURITY "/ipe/new_policy", O_WRONLY | O_CLOEXEC);
		/* A policy must come in one write. */
		int failed = fd < 0 || write(fd, policy->signature.data, policy->signature.length) < 0;

		report_policy(policy->name, "load", failed ? errno : 0);
		if (fd >= 0)
			close(fd);
		if (failed)
			continue;
		snprintf(path, sizeof(path), SECURITY "/ipe/policies/%.128s/active", policy->name);
		report_policy(policy->name, "activate", write_text(path, "1") ? errno : 0);
	}
}

void report_kernel(const struct job *job)
{
	struct utsname names;
	char line[64];

	event("kernel");
	put_text("release", uname(&names) ? "" : names.release);
	read_line(MODULE_PARAMETERS "require_signatures", line, sizeof(line));
	put_text("requireSignatures", line);
	read_line(SECURITY "/ipe/enforce", line, sizeof(line));
	put_text("ipeEnforce", line);
	send_event();
	for (int i = 0; i < job->module_count; i++) {
		event("module");
		put_text("path", job->modules[i].path);
		put_outcome("outcome", module_errors[i]);
		send_event();
	}
}
