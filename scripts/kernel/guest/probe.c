/*
 * One request to the kernel; prints `OK`, or the name of the errno that the request failed with.
 *
 *   probe open NAME DEVICE HASHOFFSET ROOTHASH [SIGNATURE]
 *                                  a dm-verity device, then at /dev/mapper/NAME; hash tree on DEVICE itself
 *   probe close NAME
 *   probe mount TYPE SOURCE DIR [OPTIONS]     read-only unless OPTIONS has an upperdir
 *   probe read PATH                           every regular file at or below PATH
 *   probe run ROOT FILE [ARGUMENT]...         executes FILE with ROOT as its root directory
 *   probe memfd ROOT FILE [ARGUMENT]...       the same with a copy of FILE in a memfd
 *   probe write FILE TARGET                   all bytes of FILE to TARGET by one write
 *   probe map [FILE]                          maps FILE, or anonymous memory, executable
 *
 * `run` and `memfd` print what became of the program too: `OK` and its first line of output,
 * `exit:STATUS` or `signal:NAME`. `write` prints the microseconds that the kernel took after `OK`.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "shared/device-mapper.h"

static int open_device(const char *name, const char *device, uint64_t hash_offset, const char *root_hash,
		       const char *signature)
{
	static unsigned char bytes[128 * 1024];
	struct seal seal = { .hash_offset = hash_offset, .root_hash = root_hash };
	struct verity verity;
	ssize_t length;
	int fd;

	if (signature) {
		fd = open(signature, O_RDONLY | O_CLOEXEC);
		length = fd < 0 ? -1 : read(fd, bytes, sizeof(bytes));
		if (length < 0)
			return -1;
		close(fd);
		seal.signature = (struct bytes){ bytes, length };
	}
	if (verity_table(device, &seal, &verity))
		return -1;
	return open_verity(name, &verity, &seal);
}

static int mount_it(const char *type, const char *source, const char *dir, const char *options)
{
	unsigned long flags = options && strstr(options, "upperdir=") ? 0 : MS_RDONLY;

	return mount(source, dir, type, flags, options);
}

static int read_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	static char buffer[256 * 1024];
	ssize_t length;
	int fd, error;

	(void)ftw;
	if (type == FTW_DNR || type == FTW_NS)
		return -1;
	if (!S_ISREG(st->st_mode))
		return 0;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	do {
		length = read(fd, buffer, sizeof(buffer));
	} while (length > 0);
	error = errno;
	close(fd);
	errno = error;
	return length == 0 ? 0 : -1;
}

static int copy_to_memory(const char *path)
{
	char buffer[64 * 1024];
	ssize_t length;
	int from = open(path, O_RDONLY | O_CLOEXEC), to = memfd_create("copy", MFD_CLOEXEC);

	if (from < 0 || to < 0)
		return -1;
	while ((length = read(from, buffer, sizeof(buffer))) > 0)
		if (write(to, buffer, length) != length)
			return -1;
	close(from);
	return length == 0 ? to : -1;
}

/* Reads the program's first line of output, then the rest of it away. */
static void first_line(int fd, char *line, size_t size)
{
	char rest[4096];
	size_t length = 0;
	ssize_t got;

	while (length + 1 < size && (got = read(fd, line + length, size - 1 - length)) > 0)
		length += got;
	while (read(fd, rest, sizeof(rest)) > 0)
		;
	line[length] = '\0';
	line[strcspn(line, "\n")] = '\0';
}

/* Executes `path`, or what `fd` is open on, in `root`. Prints the outcome itself. */
static int run_program(const char *root, int fd, char **argv)
{
	static char *environment[] = { "PATH=/usr/bin:/bin", NULL };
	char line[256];
	int output[2], status;
	volatile int *error = mmap(NULL, sizeof(*error), PROT_READ | PROT_WRITE,
				   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid_t child;

	if (error == MAP_FAILED || pipe2(output, O_CLOEXEC) || (child = fork()) < 0)
		return -1;
	if (child == 0) {
		if (chroot(root) == 0 && chdir("/") == 0 && dup2(output[1], 1) == 1 && dup2(output[1], 2) == 2)
			syscall(SYS_execveat, fd, fd < 0 ? argv[0] : "", argv, environment,
				fd < 0 ? 0 : AT_EMPTY_PATH);
		*error = errno;
		_exit(127);
	}
	close(output[1]);
	first_line(output[0], line, sizeof(line));
	if (waitpid(child, &status, 0) < 0)
		return -1;
	errno = *error;
	if (*error)
		return -1;
	if (WIFSIGNALED(status))
		printf("signal:SIG%s\n", sigabbrev_np(WTERMSIG(status)));
	else if (WEXITSTATUS(status))
		printf("exit:%d %s\n", WEXITSTATUS(status), line);
	else
		printf("OK%s%s\n", *line ? " " : "", line);
	exit(0);
}

/* A policy of IPE must come in one write, with nothing behind it. Prints the outcome itself. */
static int write_whole(const char *path, const char *target)
{
	static char bytes[4 * 1024 * 1024];
	struct timespec begin, end;
	ssize_t length, written;
	int from = open(path, O_RDONLY | O_CLOEXEC), to = open(target, O_WRONLY | O_CLOEXEC);

	if (from < 0 || to < 0 || (length = read(from, bytes, sizeof(bytes))) < 0)
		return -1;
	clock_gettime(CLOCK_MONOTONIC, &begin);
	written = write(to, bytes, length);
	clock_gettime(CLOCK_MONOTONIC, &end);
	if (written < 0)
		return -1;
	printf("%s %ld\n", written == length ? "OK" : "short",
	       (end.tv_sec - begin.tv_sec) * 1000000 + (end.tv_nsec - begin.tv_nsec) / 1000);
	exit(0);
}

static int map_executable(const char *path)
{
	int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;

	if (path && fd < 0)
		return -1;
	return mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | (path ? 0 : MAP_ANONYMOUS), fd, 0) ==
	       MAP_FAILED ? -1 : 0;
}

static int in_root(const char *root, const char *file, char *path, size_t size)
{
	return snprintf(path, size, "%s/%s", root, file) < (int)size ? 0 : -1;
}

static int answer(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";
	char path[4096];
	int fd;

	if (!strcmp(what, "open") && (argc == 6 || argc == 7))
		return open_device(argv[2], argv[3], strtoull(argv[4], NULL, 10), argv[5], argv[6]);
	if (!strcmp(what, "close") && argc == 3)
		return remove_device(argv[2]);
	if (!strcmp(what, "mount") && (argc == 5 || argc == 6))
		return mount_it(argv[2], argv[3], argv[4], argv[5]);
	if (!strcmp(what, "read") && argc == 3)
		return nftw(argv[2], read_one, 16, FTW_PHYS);
	if (!strcmp(what, "run") && argc >= 4)
		return run_program(argv[2], -1, argv + 3);
	if (!strcmp(what, "memfd") && argc >= 4) {
		if (in_root(argv[2], argv[3], path, sizeof(path)))
			return -1;
		fd = copy_to_memory(path);
		return fd < 0 ? -1 : run_program(argv[2], fd, argv + 3);
	}
	if (!strcmp(what, "write") && argc == 4)
		return write_whole(argv[2], argv[3]);
	if (!strcmp(what, "map") && argc <= 3)
		return map_executable(argv[2]);
	fprintf(stderr, "probe: no such request: %s\n", what);
	exit(2);
}

int main(int argc, char **argv)
{
	int failed = answer(argc, argv);

	puts(failed ? strerrorname_np(errno) : "OK");
	return failed ? 1 : 0;
}
