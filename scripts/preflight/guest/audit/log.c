/*
 * Denials, as the kernel sends them to whoever listens to its audit log. A process of its own listens and looks
 * up at once who was denied, since a program that could not execute another one often ends. The ring buffer of
 * the kernel's messages has the records too, but a tick later, and cut off after 1 KiB.
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/netlink.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/klog.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>
#include "audit.h"

/* A message of user space that the kernel logs even if auditing is off. */
#define MARKER_TYPE AUDIT_USER_AVC
#define MARKER "preflight phase "
/* The kernel puts in front who sent it. A program may send one too, but not as the guest's first process. */
#define FROM_INIT "): pid=1 "
/* Bytes of records that wait for the reader. */
#define BUFFER (16 << 20)
/* Records that wait in the kernel. A program that is denied without end must not take all memory. */
#define BACKLOG 16384
/* Denials that are reported one by one. More of them are counted, so that the reader keeps up with any program. */
#define MAX_DENIALS 5000
/* Seconds without a record after which the reader is given up. */
#define PATIENCE 10
/* Seconds after which a marker that was not read is sent again. */
#define RESEND 0.5

static const char *phases[] = { "list", "run", "attack", "end" };

/* What the reader and the guest's first process tell each other. */
static struct shared {
	volatile int reached; /* the phase that the reader has come to */
	volatile unsigned long taken; /* records */
	struct first_process first;
} *shared;
static int phase;
static const struct job *the_job;

static int open_log(unsigned int groups)
{
	struct sockaddr_nl address = { .nl_family = AF_NETLINK, .nl_groups = groups };
	int log = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_AUDIT), size = BUFFER;

	if (log < 0 || setsockopt(log, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)) ||
	    bind(log, (void *)&address, sizeof(address)))
		fail("audit log");
	return log;
}

static void request(int log, int type, const void *data, size_t length)
{
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	struct {
		struct nlmsghdr header;
		char data[256];
	} message = { .header = { .nlmsg_len = NLMSG_LENGTH(length), .nlmsg_type = type, .nlmsg_flags = NLM_F_REQUEST } };

	if (length)
		memcpy(message.data, data, length);
	if (sendto(log, &message, message.header.nlmsg_len, 0, (void *)&kernel, sizeof(kernel)) < 0)
		fail("audit log");
}

static void send_to_kernel(int type, const void *data, size_t length)
{
	int log = open_log(0);

	request(log, type, data, length);
	close(log);
}

static unsigned long denials, not_reported;

/* Records have serial numbers, which come nearly in order: the balance is drawn at the end. */
static struct {
	unsigned long first, last, count;
} serials;

static void count_record(const char *text)
{
	unsigned long serial;

	if (sscanf(text, "audit(%*d.%*d:%lu)", &serial) != 1)
		return;
	if (!serials.count++)
		serials.first = serials.last = serial;
	if (serial > serials.last)
		serials.last = serial;
}

/* Records that the kernel had no room for have no serial number. */
static unsigned long lost_in_kernel(void)
{
	struct {
		struct nlmsghdr header;
		struct audit_status status;
		char more[256];
	} answer = { 0 };
	struct timeval patience = { .tv_sec = 2 };
	int log = open_log(0);
	ssize_t length;

	setsockopt(log, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	request(log, AUDIT_GET, NULL, 0);
	length = recv(log, &answer, sizeof(answer), 0);
	close(log);
	return length >= (ssize_t)(sizeof(answer.header) + sizeof(answer.status)) &&
			       answer.header.nlmsg_type == AUDIT_GET ?
		       answer.status.lost :
		       0;
}

static void report_lost(void)
{
	unsigned long all = serials.last - serials.first + 1, lost = lost_in_kernel() + not_reported;

	if (all > serials.count)
		lost += all - serials.count;
	if (!lost)
		return;
	event("auditLost");
	put_number("records", lost);
	send_event();
}

static void take_record(int type, const char *text)
{
	const char *sender = strchr(text, ')'), *marker = strstr(text, MARKER);

	count_record(text);
	shared->taken++;
	if (type == MARKER_TYPE && marker && sender && !strncmp(sender, FROM_INIT, strlen(FROM_INIT))) {
		phase = atoi(marker + strlen(MARKER));
		if (phase == PHASE_END)
			report_lost();
		shared->reached = phase;
	} else if (type == DENIAL && phase != PHASE_ATTACK && ++denials > MAX_DENIALS) {
		not_reported++;
	} else if (type == DENIAL) {
		report_denial(the_job, &shared->first, text, phases[phase]);
	}
}

static void read_log(int log)
{
	static union {
		struct nlmsghdr header;
		char bytes[MAX_RECORD];
	} message;

	while (phase != PHASE_END) {
		ssize_t length = recv(log, &message, sizeof(message) - 1, 0);

		/* What the buffer had no room for is counted by the serial numbers. */
		if (length < 0 && errno != ENOBUFS && errno != EINTR)
			fail("audit log");
		if (length < (ssize_t)sizeof(message.header))
			continue;
		message.bytes[length] = '\0';
		take_record(message.header.nlmsg_type, message.bytes + sizeof(message.header));
	}
}

/* The kernel thread that logs the records, and the reader, go before the program that was denied. */
static void go_first(pid_t pid)
{
	struct sched_param priority = { .sched_priority = 10 };

	sched_setscheduler(pid, SCHED_FIFO, &priority);
}

static void hurry_kernel(void)
{
	char path[300], name[64];
	struct dirent *entry;
	DIR *processes = opendir("/proc");

	while (processes && (entry = readdir(processes))) {
		if (!isdigit((unsigned char)entry->d_name[0]))
			continue;
		snprintf(path, sizeof(path), "/proc/%s/comm", entry->d_name);
		read_line(path, name, sizeof(name));
		if (!strcmp(name, "kauditd"))
			go_first(atoi(entry->d_name));
	}
	if (processes)
		closedir(processes);
}

/* In the log itself, so that the order of the records tells their phase. */
void enter_phase(enum phase to)
{
	unsigned long taken = shared->taken;
	double seen = now(), sent = 0;
	char marker[64];

	snprintf(marker, sizeof(marker), MARKER "%d", to);
	while (shared->reached != (int)to && now() - seen < PATIENCE) {
		/* A log that is full after a flood of denials drops it, too. */
		if (now() - sent >= RESEND) {
			send_to_kernel(MARKER_TYPE, marker, strlen(marker) + 1);
			sent = now();
		}
		usleep(1000);
		if (shared->taken != taken) {
			taken = shared->taken;
			seen = now();
		}
	}
	/* What it has not read is not in the report. */
	if (shared->reached != (int)to)
		fatal("the reader of the audit log does not answer");
}

void follow_audit(const struct job *job)
{
	struct audit_status limit = { .mask = AUDIT_STATUS_BACKLOG_LIMIT, .backlog_limit = BACKLOG };
	int log = open_log(1U << (AUDIT_NLGRP_READLOG - 1));
	pid_t reader;

	the_job = job;
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED)
		fail("memory");
	shared->reached = -1;
	/* The kernel's own limit is 64. Nothing goes to the console: a serial port takes longer than a denial. */
	send_to_kernel(AUDIT_SET, &limit, sizeof(limit));
	klogctl(8, NULL, 1);
	hurry_kernel();
	reader = fork();
	if (reader < 0)
		fail("fork");
	if (reader == 0) {
		go_first(0);
		write_text("/proc/self/oom_score_adj", "-1000");
		read_log(log);
		_exit(0);
	}
	close(log);
	enter_phase(PHASE_LIST);
}

void tell_program(pid_t pid, const char *path)
{
	snprintf(shared->first.path, sizeof(shared->first.path), "%s", path);
	shared->first.pid = pid;
}
