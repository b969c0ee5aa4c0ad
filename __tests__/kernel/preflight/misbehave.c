/*
 * Does what the policy denies, one thing for each argument, and prints what came of it.
 *
 *   jit         anonymous memory, executable from the start
 *   protect     anonymous memory, made executable later
 *   memfd       executes a copy of itself in memory
 *   copy:PATH   executes a copy of itself at PATH
 *   map:PATH    maps a file of one page, which it writes at PATH
 *   flood:N     asks N times for executable memory
 *   deleted     executes a copy of itself in a file that has no name any more
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static int copy(int to)
{
	int from = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	struct stat status;

	return from >= 0 && fstat(from, &status) == 0 &&
	       sendfile(to, from, NULL, status.st_size) == status.st_size && fchmod(to, 0755) == 0 ? 0 : -1;
}

static int execute(int written)
{
	char name[64], *arguments[] = { "misbehave", NULL };
	int status, fd;
	pid_t child;

	/* A file that is open for writing is not executed. */
	snprintf(name, sizeof(name), "/proc/self/fd/%d", written);
	fd = open(name, O_RDONLY | O_CLOEXEC);
	close(written);
	child = fork();
	if (child == 0) {
		fexecve(fd, arguments, environ);
		_exit(errno);
	}
	waitpid(child, &status, 0);
	errno = WEXITSTATUS(status);
	return errno ? -1 : 0;
}

static int try(const char *what)
{
	void *memory;
	int fd;

	if (!strcmp(what, "jit"))
		return mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) ==
		       MAP_FAILED ? -1 : 0;
	if (!strcmp(what, "protect")) {
		memory = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		return mprotect(memory, 4096, PROT_READ | PROT_EXEC);
	}
	if (!strncmp(what, "flood:", 6)) {
		for (long times = atol(what + 6); times > 0; times--)
			if (mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED)
				return 0;
		return -1;
	}
	if (!strncmp(what, "map:", 4)) {
		fd = open(what + 4, O_RDWR | O_CREAT, 0644);
		if (fd < 0 || ftruncate(fd, 4096))
			return -1;
		return mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, 0) == MAP_FAILED ? -1 : 0;
	}
	if (!strcmp(what, "memfd"))
		fd = memfd_create("hidden", 0);
	else if (!strcmp(what, "deleted"))
		fd = open("/tmp", O_RDWR | O_TMPFILE, 0755);
	else
		fd = open(what + 5, O_RDWR | O_CREAT, 0755);
	return fd < 0 || copy(fd) ? -1 : execute(fd);
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		printf("%s %s\n", argv[i], try(argv[i]) ? strerrorname_np(errno) : "OK");
	return 0;
}
