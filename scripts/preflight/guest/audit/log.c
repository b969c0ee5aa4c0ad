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
/* What the kernel writes between the serial number and the message: only the guest's first process is this one. */
#define FROM_INIT "): pid=1 "
/* Bytes of records that wait for the reader. */
#define BUFFER (64 << 20)
/* Seconds in which the reader must get on. */
#define PATIENCE 10

static const char *phases[] = { "list", "run", "attack", "end" };

/* How far the reader has come. */
static volatile struct {
	int phase;
	unsigned long records;
} *reached;
static int phase;
static const struct job *the_job;

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

static void report_lost(void)
{
	unsigned long all = serials.last - serials.first + 1;

	if (all <= serials.count)
		return;
	event("auditLost");
	put_number("records", all - serials.count);
	send_event();
}

/* A program may send messages, too, and choose their text: the first such place is the kernel's. */
static int is_from_init(const char *text)
{
	const char *sender = strstr(text, "): ");

	return sender && !strncmp(sender, FROM_INIT, strlen(FROM_INIT));
}

static void take_record(int type, const char *text)
{
	const char *marker = strstr(text, MARKER);

	count_record(text);
	reached->records++;
	if (type == MARKER_TYPE && marker && is_from_init(text)) {
		phase = atoi(marker + strlen(MARKER));
		if (phase == PHASE_END)
			report_lost();
		reached->phase = phase;
	} else if (type == DENIAL) {
		report_denial(the_job, text, phases[phase]);
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

static int open_log(unsigned int groups)
{
	struct sockaddr_nl address = { .nl_family = AF_NETLINK, .nl_groups = groups };
	int log = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_AUDIT), size = BUFFER;

	if (log < 0 || setsockopt(log, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)) ||
	    bind(log, (void *)&address, sizeof(address)))
		fail("audit log");
	return log;
}

static void send_to_kernel(int type, const void *data, size_t length)
{
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	struct {
		struct nlmsghdr header;
		char data[256];
	} request = { .header = { .nlmsg_len = NLMSG_LENGTH(length), .nlmsg_type = type, .nlmsg_flags = NLM_F_REQUEST } };
	int log = open_log(0);

	memcpy(request.data, data, length);
	if (sendto(log, &request, request.header.nlmsg_len, 0, (void *)&kernel, sizeof(kernel)) < 0)
		fail("audit log");
	close(log);
}

/* In the log itself, so that the order of the records tells their phase. */
void enter_phase(enum phase to)
{
	char marker[64];
	unsigned long records = reached->records;
	double start = now();

	snprintf(marker, sizeof(marker), MARKER "%d", to);
	send_to_kernel(MARKER_TYPE, marker, strlen(marker) + 1);
	/* A program that is denied again and again leaves it much to read. */
	while (reached->phase != (int)to && now() - start < PATIENCE) {
		usleep(1000);
		if (reached->records != records) {
			records = reached->records;
			start = now();
		}
	}
	/* What it has not read is not in the report. */
	if (reached->phase != (int)to)
		fatal("the reader of the audit log does not answer");
}

void follow_audit(const struct job *job)
{
	struct audit_status no_limit = { .mask = AUDIT_STATUS_BACKLOG_LIMIT, .backlog_limit = 0 };
	int log = open_log(1U << (AUDIT_NLGRP_READLOG - 1));
	pid_t reader;

	the_job = job;
	reached = mmap(NULL, sizeof(*reached), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (reached == MAP_FAILED)
		fail("memory");
	reached->phase = -1;
	/* None is to be dropped on the way, nor written to the console: a serial port takes longer than a denial. */
	send_to_kernel(AUDIT_SET, &no_limit, sizeof(no_limit));
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
