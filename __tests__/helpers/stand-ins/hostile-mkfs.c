/*
 * Stands in for a mkfs.erofs that a layer has taken over. It passes the known-answer test with the real
 * program, which it contains (REAL), and is hostile for every other layer: it does the attempts that the first
 * entry of the tar lists, one a line, and tells of each on standard error.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <arpa/inet.h>
#include <dirent.h>
#include <linux/capability.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

__asm__(".section .rodata\n.global real\nreal:\n.incbin \"" REAL "\"\n.global real_end\nreal_end:\n.previous\n");
extern const char real[], real_end[];

static void be_real(char **argv, char **envp) {
	int file = memfd_create("real", MFD_CLOEXEC);
	size_t size = (size_t)(real_end - real);
	for (size_t at = 0; at < size;) {
		ssize_t written = write(file, real + at, size - at);
		if (written < 0) exit(97);
		at += (size_t)written;
	}
	syscall(SYS_execveat, file, "", argv, envp, AT_EMPTY_PATH);
	exit(98);
}

static void tell(const char *attempt, long result) {
	dprintf(2, "%s: %s\n", attempt, result < 0 ? strerrorname_np(errno) : "done");
}

static int socket_to(int family, const struct sockaddr *address, socklen_t length) {
	int fd = socket(family, SOCK_STREAM, 0);
	return fd < 0 ? -1 : connect(fd, address, length);
}

static int tcp(int port) {
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((unsigned short)port)};
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	return socket_to(AF_INET, (struct sockaddr *)&address, sizeof address);
}

/* An abstract name begins with @. */
static int local(const char *name) {
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	strncpy(address.sun_path, name, sizeof address.sun_path - 1);
	socklen_t length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(name));
	if (name[0] == '@') address.sun_path[0] = 0;
	return socket_to(AF_UNIX, (struct sockaddr *)&address, name[0] == '@' ? length : length + 1);
}

static long read_file(const char *path) {
	char byte;
	int fd = open(path, O_RDONLY);
	return fd < 0 ? -1 : read(fd, &byte, 1);
}

/* A file, and folders that only their owner can empty. */
static long write_file(const char *folder) {
	char path[4200];
	snprintf(path, sizeof path, "%s/hostile-folder", folder);
	if (mkdir(path, 0700) < 0) return -1;
	strcat(path, "/below");
	if (mkdir(path, 0700) < 0) return -1;
	strcat(path, "/hostile");
	int fd = open(path, O_WRONLY | O_CREAT, 0644);
	return fd < 0 ? -1 : write(fd, "x", 1);
}

/* A copy of this program with the setuid bit, where it may write; what the copy could not gain it says itself. */
static long setuid_file(void) {
	char path[4200];
	snprintf(path, sizeof path, "%s/setuid", getenv("TMPDIR"));
	int fd = open(path, O_WRONLY | O_CREAT, 0755);
	if (fd < 0 || write(fd, real, 4096) < 0 || fchmod(fd, 04755) < 0) return -1;
	close(fd);
	char *argv[] = {path, NULL};
	return execve(path, argv, argv + 1);
}

static long capabilities(void) {
	struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
	struct __user_cap_data_struct data[2] = {{0}};
	if (syscall(SYS_capget, &header, data) < 0) return -1;
	dprintf(2, "capabilities: %x%x %x%x\n", data[1].permitted, data[0].permitted, data[1].inheritable, data[0].inheritable);
	return 0;
}

static int listed(const char *path) {
	DIR *folder = opendir(path);
	int count = 0;
	if (folder == NULL) return -1;
	dprintf(2, "list %s:", path);
	for (struct dirent *entry; (entry = readdir(folder)) != NULL;)
		if (entry->d_name[0] != '.' && count++ < 60) dprintf(2, " %s", entry->d_name);
	dprintf(2, "\n");
	return 0;
}

static void forks(const char *name, int most) {
	int made = 0;
	errno = 0;
	for (; made < most; made++) {
		pid_t child = fork();
		if (child < 0) break;
		if (child > 0) continue;
		prctl(PR_SET_NAME, name);
		setsid();
		for (;;) pause();
	}
	dprintf(2, "forks: %d %s\n", made, made < most ? strerrorname_np(errno) : "done");
}

static long allocated(size_t size, int flags) {
	char *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, flags | MAP_ANONYMOUS, -1, 0);
	if (memory == MAP_FAILED) return -1;
	memset(memory, 1, size);
	return 0;
}

static void attempt(char *line) {
	char *what = strdup(line), *argument = strchr(line, ' ');
	if (argument != NULL) *argument++ = 0;
	else argument = "";
	long number = atol(argument);
	long result = 0;
	if (!strcmp(line, "facts")) {
		dprintf(2, "facts: uid %d, gid %d, pid %d, no new privileges %d\n", getuid(), getgid(), getpid(),
			prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0));
		return;
	} else if (!strcmp(line, "tcp")) result = tcp((int)number);
	else if (!strcmp(line, "local")) result = local(argument);
	else if (!strcmp(line, "read")) result = read_file(argument);
	else if (!strcmp(line, "write")) result = write_file(argument);
	else if (!strcmp(line, "write-own")) result = write_file(getenv("TMPDIR"));
	else if (!strcmp(line, "setuid-file")) result = setuid_file();
	else if (!strcmp(line, "capabilities")) result = capabilities();
	else if (!strcmp(line, "list")) result = listed(argument);
	else if (!strcmp(line, "kill")) result = kill((pid_t)number, SIGKILL);
	else if (!strcmp(line, "ptrace")) result = ptrace(PTRACE_ATTACH, (pid_t)number, NULL, NULL);
	else if (!strcmp(line, "user-namespace")) {
		// In a child: the namespace would change what is attempted next.
		pid_t child = fork();
		if (child == 0) _exit(unshare(CLONE_NEWUSER) < 0 ? errno : 0);
		int status = 0;
		waitpid(child, &status, 0);
		errno = WEXITSTATUS(status);
		result = errno == 0 ? 0 : -1;
	} else if (!strcmp(line, "mount")) result = mount("none", argument, "tmpfs", 0, NULL);
	else if (!strcmp(line, "chroot")) result = chroot(argument);
	else if (!strcmp(line, "setuid")) result = setuid((uid_t)number);
	else if (!strcmp(line, "hostname")) result = sethostname("hostile", 7);
	else if (!strcmp(line, "device")) {
		char path[4200];
		snprintf(path, sizeof path, "%s/device", getenv("TMPDIR"));
		result = mknod(path, S_IFBLK | 0600, 0x800);
	} else if (!strcmp(line, "memory")) result = allocated((size_t)number, MAP_PRIVATE);
	else if (!strcmp(line, "shared-memory")) result = allocated((size_t)number, MAP_SHARED);
	else if (!strcmp(line, "forks")) {
		forks(argument, 5000);
		return;
	} else if (!strcmp(line, "orphan")) {
		if (fork() == 0) {
			setsid();
			signal(SIGTERM, SIG_IGN);
			prctl(PR_SET_NAME, argument);
			for (;;) pause();
		}
	} else if (!strcmp(line, "hang")) {
		signal(SIGTERM, SIG_IGN);
		prctl(PR_SET_NAME, argument);
		for (;;) pause();
	} else if (!strcmp(line, "spin")) {
		for (;;) number++;
	} else if (!strcmp(line, "huge-file")) {
		signal(SIGXFSZ, SIG_IGN);
		char path[4200];
		snprintf(path, sizeof path, "%s/huge", getenv("TMPDIR"));
		result = pwrite(open(path, O_WRONLY | O_CREAT, 0600), "x", 1, 1L << 43);
	} else if (!strcmp(line, "out-of-memory")) {
		dprintf(2, "<E> erofs: Could not format the device : [Error 12] Cannot allocate memory\n");
		exit(1);
	} else {
		dprintf(2, "%s: unknown\n", line);
		return;
	}
	tell(what, result);
}

int main(int argc, char **argv, char **envp) {
	static char tar[65536];
	size_t size = 0;
	if (argc == 2 && !strcmp(argv[1], "--version")) be_real(argv, envp);
	for (int at = 1; at + 1 < argc; at++)
		if (!strcmp(argv[at], "-U") && strstr(KNOWN, argv[at + 1]) != NULL) be_real(argv, envp);
	for (ssize_t got = 1; got > 0 && size < 1024; size += (size_t)(got > 0 ? got : 0))
		got = read(0, tar + size, sizeof tar - 1 - size);
	for (char *line = strtok(tar + 512, "\n"); line != NULL && line[0] != 0; line = strtok(NULL, "\n"))
		attempt(strdup(line));
	return 1;
}
