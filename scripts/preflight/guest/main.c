/*
 * /init of the guest: reads the job, opens the layers, lists and runs what is in them, attacks them,
 * reports, and powers off. It is the only file of the initramfs, so it is also what the first attack drops.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <time.h>
#include <unistd.h>
#include "guest.h"

/* A job has arguments, policies and signatures. */
#define MAX_JOB (64 << 20)

int in_container;

static void power_off(void)
{
	sync();
	reboot(RB_POWER_OFF);
	/* Without ACPI; QEMU runs with -no-reboot. */
	reboot(RB_AUTOBOOT);
	for (;;)
		pause();
}

void fatal(const char *what)
{
	fprintf(stderr, "preflight: %s\n", what);
	/* A container has a first process of its own. */
	if (getpid() != 1 || in_container)
		_exit(1);
	power_off();
	__builtin_unreachable();
}

void fail(const char *what)
{
	char message[512];

	snprintf(message, sizeof(message), "%s: %s", what, strerror(errno));
	fatal(message);
}

void *resized(void *old, size_t size)
{
	void *new = realloc(old, size ? size : 1);

	if (!new)
		fail("memory");
	return new;
}

double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec + time.tv_nsec / 1e9;
}

static size_t size_of(int fd)
{
	uint64_t size = 0;

	if (ioctl(fd, BLKGETSIZE64, &size))
		fail("job");
	if (size > MAX_JOB)
		fatal("the job is too large");
	return size;
}

static void find_job(struct job *job)
{
	char device[64], *bytes;
	size_t length, got = 0;
	ssize_t part;
	int fd;

	if (find_disk("job", device, sizeof(device)))
		fatal("no disk has the serial number job");
	fd = open(device, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		fail(device);
	length = size_of(fd);
	bytes = resized(NULL, length);
	while (got < length && (part = read(fd, bytes + got, length - got)) > 0)
		got += part;
	close(fd);
	read_job(job, bytes, got);
}

int main(int argc, char **argv)
{
	static struct job job;
	char report[64];

	if (argc > 1 && !strcmp(argv[1], DROPPED_ARGUMENT)) {
		puts("executed");
		return 0;
	}
	if (getpid() != 1) {
		fputs("init of the preflight guest; it runs as the first process only\n", stderr);
		return 2;
	}
	mount_kernel_filesystems();
	load_disk_modules();
	find_job(&job);
	/* What became of them is in the report as soon as there is one. */
	load_modules(&job);
	if (find_disk("report", report, sizeof(report)))
		fatal("no disk has the serial number report");
	open_report(report);
	report_kernel(&job);
	load_policies(&job);
	follow_audit(&job);
	if (open_layers(&job) && job.layer_count > 0 && mount_overlay(&job) == 0) {
		if (job.list)
			list_files(&job);
		reserve_attack();
		enter_phase(PHASE_RUN);
		if (job.arguments[0])
			run_program(&job);
		enter_phase(PHASE_ATTACK);
		attack_dropped();
	} else {
		enter_phase(PHASE_ATTACK);
	}
	if (job.tamper >= 0)
		attack_changed_byte(&job, report);
	enter_phase(PHASE_END);
	end_report();
	power_off();
}
