/*
 * The container's processes are in a cgroup of their own: they leave processor time and processes to the guest, and
 * are ended all at once. Without it, a program that starts processes without end holds the guest up for minutes. A
 * kernel may lack cgroups, or a controller; the run then goes on without. [cgroup-v2.rst]
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>
#include "run.h"

#define CGROUPS "/sys/fs/cgroup"
#define CONTAINER CGROUPS "/container"
/* Processes and threads: as many as podman allows. */
#define LIMIT "2048"

/* Of cgroup.procs: the container's mounts have no path to it. */
static int members = -1;

void make_cgroup(void)
{
	/* With nsdelegate, root of a user namespace in the container cannot lift its limits. */
	if (mount("cgroup2", CGROUPS, "cgroup2", MS_NOSUID | MS_NODEV | MS_NOEXEC, "nsdelegate")) {
		fprintf(stderr, "preflight: %s is not mounted: %m\n", CGROUPS);
		return;
	}
	/* In one write, a controller that is missing would keep out the other. */
	write_text(CGROUPS "/cgroup.subtree_control", "+cpu");
	write_text(CGROUPS "/cgroup.subtree_control", "+pids");
	if (mkdir(CONTAINER, 0755))
		fail(CONTAINER);
	write_text(CONTAINER "/pids.max", LIMIT);
	members = open(CONTAINER "/cgroup.procs", O_WRONLY | O_CLOEXEC);
	if (members < 0)
		fail(CONTAINER);
}

void join_cgroup(void)
{
	if (members < 0)
		return;
	if (write(members, "0", 1) < 0)
		fail("cgroup");
	/* As runtimes do: for the container, it is the only one. */
	unshare(CLONE_NEWCGROUP);
}

void kill_cgroup(void)
{
	/* Before Linux 5.14 there is no such file: the end of the first process ends the others. */
	write_text(CONTAINER "/cgroup.kill", "1");
}
