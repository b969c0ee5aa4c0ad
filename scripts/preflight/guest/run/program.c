/* What becomes of a process between the container and its program. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/keyctl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "run.h"

#define DEFAULT_PATH "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
#define BIT(capability) (1ULL << (capability))

/* Docker's default without CAP_MKNOD: a node has device cgroups, this guest has disks. */
#define CAPABILITIES                                                                                    \
	(BIT(CAP_CHOWN) | BIT(CAP_DAC_OVERRIDE) | BIT(CAP_FSETID) | BIT(CAP_FOWNER) | BIT(CAP_NET_RAW) | \
	 BIT(CAP_SETGID) | BIT(CAP_SETUID) | BIT(CAP_SETFCAP) | BIT(CAP_SETPCAP) |                       \
	 BIT(CAP_NET_BIND_SERVICE) | BIT(CAP_SYS_CHROOT) | BIT(CAP_KILL) | BIT(CAP_AUDIT_WRITE))

/* Of the program that this process could not become. */
static char missing[sizeof(((struct start *)0)->missing)];

static void report_start(int status, int error, const char *path)
{
	struct start start = { .error = error };

	snprintf(start.path, sizeof(start.path), "%s", path);
	snprintf(start.missing, sizeof(start.missing), "%s", missing);
	if (write(status, &start, sizeof(start)) < 0)
		_exit(126);
}

static void refuse(int status, const char *path) __attribute__((noreturn));
static void refuse(int status, const char *path)
{
	report_start(status, errno ? errno : EINVAL, path);
	_exit(127);
}

static char *in_environment(char **environment, const char *name)
{
	size_t length = strlen(name);

	for (; *environment; environment++)
		if (!strncmp(*environment, name, length) && (*environment)[length] == '=')
			return *environment + length + 1;
	return NULL;
}

static char **complete(char **environment, const struct user *user)
{
	const char *defaults[][2] = { { "PATH", DEFAULT_PATH }, { "HOSTNAME", "preflight" }, { "HOME", user->home } };
	size_t count = 0;
	char **all;

	while (environment[count])
		count++;
	all = resized(NULL, (count + 4) * sizeof(*all));
	memcpy(all, environment, (count + 1) * sizeof(*all));
	for (int i = 0; i < 3; i++) {
		if (in_environment(all, defaults[i][0]))
			continue;
		if (asprintf(&all[count], "%s=%s", defaults[i][0], defaults[i][1]) < 0)
			fail("memory");
		all[++count] = NULL;
	}
	return all;
}

static void make_folders(const char *directory)
{
	char path[MAX_PATH];

	snprintf(path, sizeof(path), "%s", directory);
	for (char *at = path + 1; *at; at++) {
		if (*at != '/')
			continue;
		*at = '\0';
		mkdir(path, 0755);
		*at = '/';
	}
	mkdir(path, 0755);
}

static void become(const struct user *user)
{
	struct __user_cap_header_struct header = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct data[2] = { 0 };

	for (int i = 0; i < 64; i++)
		if (!(CAPABILITIES & BIT(i)))
			prctl(PR_CAPBSET_DROP, i, 0, 0, 0);
	/* The guest's keys are not the program's. */
	syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, NULL);
	if (setgroups(user->group_count, user->groups) || setresgid(user->gid, user->gid, user->gid) ||
	    setresuid(user->uid, user->uid, user->uid))
		fail("user");
	if (user->uid == 0) {
		for (int i = 0; i < 2; i++)
			data[i].effective = data[i].permitted = CAPABILITIES >> (32 * i);
		if (syscall(SYS_capset, &header, data))
			fail("capabilities");
	}
}

/* As runtimes look a program up: the first file that may be executed. */
static int look_up(const char *name, const char *search, char *path, size_t size)
{
	struct stat status;
	size_t length;

	if (!*name) {
		errno = ENOENT;
		return -1;
	}
	if (strchr(name, '/'))
		return snprintf(path, size, "%s", name) < (int)size ? 0 : -1;
	for (; search; search = search[length] ? search + length + 1 : NULL) {
		length = strcspn(search, ":");
		if (snprintf(path, size, "%.*s/%s", (int)length, length ? search : ".", name) >= (int)size)
			continue;
		if (stat(path, &status) == 0 && S_ISREG(status.st_mode) && faccessat(AT_FDCWD, path, X_OK, AT_EACCESS) == 0)
			return 0;
	}
	errno = ENOENT;
	return -1;
}

static void reset(void)
{
	struct rlimit files = { 1024, 524288 }, core = { 0, 0 };
	sigset_t none;
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

	/* Never the console of the guest. */
	if (fd >= 0)
		dup2(fd, 0);
	else
		close(0);
	setrlimit(RLIMIT_NOFILE, &files);
	setrlimit(RLIMIT_CORE, &core);
	for (int i = 1; i < NSIG; i++)
		signal(i, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	umask(022);
}

void execute(const struct job *job, char **arguments, int status)
{
	const char *directory = *job->directory ? job->directory : "/";
	char path[1024], **environment;
	struct user user;
	int death_signal = 0;

	/* No program of the container may trace this process, and open what it has open. */
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	prctl(PR_GET_PDEATHSIG, &death_signal, 0, 0, 0);
	reset();
	if (find_user(job->user, &user))
		refuse(status, "/etc/passwd");
	environment = complete(job->environment, &user);
	make_folders(directory);
	if (chdir(directory))
		refuse(status, directory);
	become(&user);
	/* Another user's process has lost it. */
	prctl(PR_SET_PDEATHSIG, death_signal, 0, 0, 0);
	if (look_up(arguments[0], in_environment(environment, "PATH"), path, sizeof(path)))
		refuse(status, arguments[0]);
	report_start(status, 0, path);
	syscall(SYS_close_range, 3, ~0U, 4 /* CLOSE_RANGE_CLOEXEC */);
	execve(path, arguments, environment);
	if (errno == ENOENT) {
		find_missing(path, missing, sizeof(missing));
		errno = ENOENT;
	}
	refuse(status, path);
}

struct start read_start(int fd)
{
	struct start start = { .error = EIO }, next;

	/* The last one counts: after the path that is executed comes what kept it from that. */
	while (read(fd, &next, sizeof(next)) == sizeof(next))
		start = next;
	close(fd);
	return start;
}
